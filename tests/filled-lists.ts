import { randomUUID } from 'node:crypto';
import { openCodec } from '#kernel/codec/codec.ts';
import { type Event, eventId } from '#kernel/event.ts';
import { openLog } from '#kernel/log/kafka-log.ts';
import { laneOf } from '#kernel/log/lane-of.ts';
import { topicName, transactionalId } from '#kernel/log/topic-names.ts';
import type { RemindersEvent } from '#schemas/generated/events.ts';
import { eventSchemas } from '#schemas/load.ts';
import type { System } from './system.ts';

type New = Pick<RemindersEvent, 'type' | 'data'>;

/** Writes the events of a user's lists as the command API would, before that starts. */
export async function fillLists(
  { settings }: System,
  userId: string,
  count: number,
  eventAt: (at: number) => New,
): Promise<void> {
  const { KAFKA_BROKERS = '', SCHEMA_REGISTRY_URL = '', TOPIC_PREFIX = '', LANES } = settings;
  const registryUrl = SCHEMA_REGISTRY_URL;
  const log = openLog({ brokers: KAFKA_BROKERS.split(','), clientId: 'test' });
  const codec = await openCodec({ registryUrl, topicPrefix: TOPIC_PREFIX, schemas: eventSchemas });
  const lane = laneOf(userId, Number(LANES));
  const producer = await log.producer(transactionalId(TOPIC_PREFIX, 'test'));
  const topic = topicName(TOPIC_PREFIX, 'reminders');
  const records = Array.from({ length: count }, (_, at) => {
    const event = { ...eventAt(at), meta: metaOf(userId, at + 1) } as Event;
    return { topic, lane, key: userId, timestamp: 0, value: codec.encode(topic, event) };
  });
  const perTransaction = 2_000;
  for (let at = 0; at < count; at += perTransaction) {
    await producer.append(records.slice(at, at + perTransaction));
  }
  await producer.close();
  await log.close();
}

/** Reminders of the movies `m0`, `m1`, … */
export const fillReminders = (system: System, userId: string, count: number) =>
  fillLists(system, userId, count, (at) => {
    const reminder = { userId, movieId: `m${at}`, note: null, remindAt: null };
    return { type: 'ReminderSet', data: { ...reminder, setAt: at, changedAt: null, batch: null } };
  });

const metaOf = (userId: string, sequence: number): Event['meta'] => ({
  id: eventId(`reminders/${userId}`, sequence),
  subject: `reminders/${userId}`,
  ...{ source: '/test', time: 0, sequence, correlationid: 'test', causationid: null },
  ...{ actor: userId, commandid: randomUUID(), requesthash: '' },
});
