import { hash } from 'node:crypto';

export { Moment, momentOf } from './moment.ts';
export { openedText, type PersonalText, personalText, sameText } from './personal-text.ts';

/** Milliseconds since 1970, UTC. */
export type Millis = number;

/** The first field of every event; `schemas/meta.avsc` in this package explains each part. */
export type Meta = {
  id: string;
  source: string;
  subject: string;
  time: Millis;
  sequence: number;
  correlationid: string;
  causationid: string | null;
  actor: string;
  commandid: string;
  requesthash: string;
};

/**
 * An event as folds see it. `meta` of a decoded event is read when it is first looked at.
 *
 * @example
 * ```ts
 * import { type Event, type Millis, personalText } from '@event-sourced/kernel/event';
 * import type { PersonalText } from '@event-sourced/kernel/event';
 *
 * export type BookRecommended = { isbn: string; why: PersonalText; recommendedAt: Millis };
 * export type BooksEvent = Event<'BookRecommended', BookRecommended>;
 *
 * export const recommended: BookRecommended = {
 *   isbn: '9780140449136',
 *   why: personalText('Read it twice.'),
 *   recommendedAt: Date.parse('2026-03-01T09:00:00.000Z'),
 * };
 * ```
 */
export type Event<Type extends string = string, Data = unknown> = {
  readonly type: Type;
  readonly data: Data;
  readonly meta: Meta;
};

/** An event as it is in the log. */
export type LoggedEvent<E extends Event = Event> = E & {
  /** `meta.sequence`, without reading the rest of `meta`: that takes many times as long. */
  readonly sequence: number;
  /** Where it is in its topic. */
  readonly place: { readonly lane: number; readonly offset: number };
};

/** An event that a command has decided on, and that is not in the log yet. */
export type NewEvent<E extends Event = Event> = E extends unknown
  ? Pick<E, 'type' | 'data'>
  : never;

const eventNamespace = Buffer.from('c7b8e4ff3c0f5d0a9f0e0a8a3f8f7a11', 'hex');

/** RFC 9562, version 5. Each command needs two; one call of `hash` takes a quarter of the time. */
function uuid5(name: string): string {
  const bytes = Buffer.concat([eventNamespace, Buffer.from(name)]);
  const hex = hash('sha1', bytes, 'hex');
  const variant = (8 | (Number.parseInt(hex[16] as string, 16) & 3)).toString(16);
  const parts = [hex.slice(0, 8), hex.slice(8, 12), `5${hex.slice(13, 16)}`];
  return [...parts, variant + hex.slice(17, 20), hex.slice(20, 32)].join('-');
}

/** The id of the event with this sequence number in this stream. */
export const eventId = (stream: string, sequence: number): string => uuid5(`${stream}#${sequence}`);

/** A command's identity: the same for every repeat of the same request. */
export const commandId = (actor: string, command: string, stream: string, key: string): string =>
  uuid5(JSON.stringify([actor, command, stream, key]));
