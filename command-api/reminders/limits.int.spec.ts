import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { openCodec } from '#kernel/codec.ts';
import { type Event, eventId } from '#kernel/event.ts';
import { openLog } from '#kernel/log/kafka-log.ts';
import { laneOf } from '#kernel/log/lane-of.ts';
import type { RemindersEvent } from '#schemas/generated/events.ts';
import { eventSchemas } from '#schemas/load.ts';
import { ask, type Done, doneOf, problemOf, up } from '#tests/answers.ts';
import { type Service, type System, startSystem } from '#tests/system.ts';

/** Users whose lists are full, as a node finds them in the log when it starts. */

let system: System;
let api: Service;
const key = () => ({ 'idempotency-key': randomUUID() });
const dayMs = 86_400_000;

beforeAll(async () => {
  system = await startSystem('limits');
  await append('reader', 1_000, (at) => {
    const reminder = { userId: 'reader', movieId: `m${at}`, note: null, remindAt: null };
    return { type: 'ReminderSet', data: { ...reminder, setAt: at } };
  });
  await append('watcher', 20_000, (at) => {
    const play = { userId: 'watcher', movieId: `m${at % 800}`, playId: randomUUID() };
    return { type: 'MovieWatched', data: { ...play, watchedAt: at * dayMs, recordedAt: at } };
  });
  api = await system.start('command-api');
  const headers = await system.as('carol', 'catalogue');
  for (const movieId of ['m7', 'another']) {
    doneOf(await ask(api.url, `PUT /v1/movies/${movieId}`, { body: up, headers }));
  }
});
afterAll(() => system?.stop());

type New = Pick<RemindersEvent, 'type' | 'data'>;

/** Writes a user's history as the command API would have. */
async function append(userId: string, count: number, eventAt: (at: number) => New) {
  const { KAFKA_BROKERS = '', SCHEMA_REGISTRY_URL, TOPIC_PREFIX = '', LANES } = system.settings;
  const registryUrl = SCHEMA_REGISTRY_URL as string;
  const log = openLog({ brokers: KAFKA_BROKERS.split(','), clientId: 'test' });
  const codec = await openCodec({ registryUrl, topicPrefix: TOPIC_PREFIX, schemas: eventSchemas });
  const lane = laneOf(userId, Number(LANES));
  const producer = await log.producer(`${TOPIC_PREFIX}test`);
  const topic = `${TOPIC_PREFIX}reminders`;
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

const metaOf = (userId: string, sequence: number): Event['meta'] => ({
  id: eventId(`reminders/${userId}`, sequence),
  subject: `reminders/${userId}`,
  ...{ source: '/test', time: 0, sequence, correlationid: 'test', causationid: null },
  ...{ actor: userId, commandid: randomUUID(), requesthash: '' },
});

const sendAs = async (user: string, route: string, body?: object) => {
  const headers = { ...(await system.as(user, 'viewer')), ...key() };
  return ask<Done & { playId: string }>(api.url, route, { body, headers });
};

describe('a list of a thousand reminders', () => {
  it('takes no more, but changes, and has room for what was removed', async () => {
    const remind = (movieId: string, body?: object) =>
      sendAs('reader', `PUT /v1/me/reminders/${movieId}`, body);
    problemOf(await remind('another'), 'reminders-full');
    doneOf(await remind('m7', { note: 'Soon' }), { version: 1_001, events: ['ReminderSet'] });
    doneOf(await sendAs('reader', 'POST /v1/me/watched/m7'), { version: 1_003 });
    doneOf(await remind('another'), { version: 1_004, events: ['ReminderSet'] });
    problemOf(await remind('m7'), 'reminders-full');
  });
});

describe('a list of twenty thousand plays', () => {
  it('takes no more, knows those it has, and has room for what was removed', async () => {
    const watch = (movieId: string, watchedAt?: string) =>
      sendAs('watcher', `POST /v1/me/watched/${movieId}`, watchedAt ? { watchedAt } : {});
    problemOf(await watch('another'), 'watched-full');
    const known = doneOf(await watch('m7', new Date(7 * dayMs).toISOString()), { events: [] });
    const { playId } = known as unknown as { playId: string };
    const removed = await sendAs('watcher', `DELETE /v1/me/watched/m7/${playId}`);
    doneOf(removed, { version: 20_001, events: ['WatchRemoved'] });
    doneOf(await watch('another'), { version: 20_002, events: ['MovieWatched'] });
    problemOf(await watch('m7'), 'watched-full');
  });
});
