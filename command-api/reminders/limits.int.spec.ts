import { randomUUID } from 'node:crypto';
import { MongoClient } from 'mongodb';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { ask, type Done, doneOf, problemOf, up } from '#tests/answers.ts';
import { fillLists, fillReminders } from '#tests/filled-lists.ts';
import { type Service, type System, startSystem } from '#tests/system.ts';

/** Users with full lists, which a node reads from the log when it starts. */

let system: System;
let api: Service;
const key = () => ({ 'idempotency-key': randomUUID() });
const dayMs = 86_400_000;

beforeAll(async () => {
  system = await startSystem('limits');
  await fillReminders(system, 'reader', 1_000);
  await fillLists(system, 'watcher', 20_000, (at) => {
    const play = { userId: 'watcher', movieId: `m${at % 800}`, playId: randomUUID() };
    return {
      type: 'MovieWatched',
      data: { ...play, watchedAt: at * dayMs, recordedAt: at, batch: null },
    };
  });
  api = await system.start('command-api');
  const headers = await system.as('carol', 'catalogue');
  for (const movieId of ['m7', 'another']) {
    doneOf(await ask(api.url, `PUT /v1/movies/${movieId}`, { body: up, headers }));
  }
});
afterAll(() => system?.stop());

const sendAs = async (user: string, route: string, body?: object) => {
  const headers = { ...(await system.as(user, 'viewer')), ...key() };
  return ask<Done & { playId: string }>(api.url, route, { body, headers });
};

describe('a list of a thousand reminders', () => {
  it('takes no more, but accepts changes, and new ones after removals', async () => {
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
  it('takes no more, recognises those it has, and accepts new ones after removals', async () => {
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

  it('is never stored or read as a whole', async () => {
    await api.end();
    await using client = new MongoClient(inject('stack').mongo);
    const streams = client.db(system.settings.MONGO_DATABASE).collection('write_state');
    const ofWatcher = { $match: { _id: { $regex: 'watcher' } } };
    const sizes = { $group: { _id: null, largest: { $max: { $bsonSize: '$$ROOT' } } } };
    const [found] = await streams.aggregate<{ largest: number }>([ofWatcher, sizes]).toArray();
    expect(found?.largest).toBeLessThan(40_000);
  });
});
