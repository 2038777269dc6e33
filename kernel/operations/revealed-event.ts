import { topicName } from '../log/topic-names.ts';
import { Problem, problemType } from '../problems.ts';
import { entriesOf } from './log-entries.ts';
import type { Operations } from './operations.ts';
import { type ShownEvent, shownEvent } from './shown-event.ts';

/** Where an event stands in the log, without the prefix of its topic. */
export type EventPlace = { topic: string; lane: number; offset: number };

export const eventUnknown = problemType('event-unknown', 404, 'The log has no such event');

/**
 * An event with the text that people wrote, as far as it can still be opened. Who asks has to be
 * allowed to read that. @throws Problem `event-unknown`
 */
export async function revealedEvent(
  { log, reader, prefix, codec, schemas }: Operations,
  { topic: context, lane, offset }: EventPlace,
): Promise<ShownEvent> {
  const unknown = new Problem(eventUnknown, `The log has no event ${context}/${lane}/${offset}.`);
  if (!schemas.some((event) => event.context === context)) throw unknown;
  const topic = topicName(prefix, context);
  const [first, ends] = await Promise.all([log.firstOffsets(topic), log.stableOffsets(topic)]);
  if (!(offset >= first[lane]! && offset < ends[lane]!)) throw unknown;
  const only = { until: [{ topic, lane, next: offset + 1 }] };
  const subscription = reader.subscribe([{ topic, lane, next: offset }], only);
  try {
    // Where a transaction ends, an offset has no record.
    const records = (await subscription.take()).flatMap((chunk) => chunk.records);
    const record = records.find((one) => one.offset === offset);
    if (!record) throw unknown;
    const [entry] = await entriesOf([record], { codec: await codec(), prefix });
    return shownEvent(entry!, { revealed: true });
  } finally {
    await subscription.close();
  }
}
