import type { Aggregate } from '../aggregate.ts';
import type { Event } from '../event.ts';
import { idOf, topicOf } from './stream-names.ts';

/**
 * The parts of large states. A part is kept, loaded and stored beside the streams, under a name of
 * its own; the stream itself has the rest of the state.
 */

/** Stands after the topic in the names of parts. No topic has it in its name. */
const partMark = '*';

/** @param stream its full name. */
export const partName = (stream: string, key: string): string =>
  `${topicOf(stream)}${partMark}/${JSON.stringify([idOf(stream), key])}`;

/** The name of the part that an event is about; null if the state has no parts. */
export const partOf = ({ parts }: Aggregate, event: Event): string | null =>
  parts ? partName(event.meta.subject, parts.of(event)) : null;

/** The topic of a stream, or of a part. */
export const topicOfAny = (name: string): string => {
  const topic = topicOf(name);
  return topic.endsWith(partMark) ? topic.slice(0, -partMark.length) : topic;
};

/** The state that decisions and `evolve` see: the stream's own, with one of its parts. */
export const withPart = ({ parts }: Aggregate, state: unknown, part: unknown): unknown =>
  parts ? { ...(state as object), [parts.field]: part } : state;

/** The stream's own state, and the part in it. */
export function splitState({ parts }: Aggregate, state: unknown): { own: unknown; part: unknown } {
  if (!parts) return { own: state, part: null };
  const { [parts.field]: part, ...own } = state as Record<string, unknown>;
  return { own, part };
}

/** The state of a stream without events, or of a part that nothing changed yet. */
export function initialOf(aggregate: Aggregate, name: string): unknown {
  const { own, part } = splitState(aggregate, aggregate.initial);
  return topicOf(name).endsWith(partMark) ? part : own;
}
