import { randomUUID } from 'node:crypto';
import type { ReactorParts } from '@event-sourced/kernel/reactor';
import { type Db, MongoClient } from 'mongodb';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { deliveriesOf } from '#schemas/webhooks/deliveries.ts';
import type { WebhookDocument } from '#schemas/webhooks/webhooks-view.ts';
import { webhookReactors } from './fan-out.ts';

const dayMs = 86_400_000;
let client: MongoClient;
let db: Db;

beforeAll(async () => {
  client = await new MongoClient(inject('stack').mongo).connect();
  db = client.db(`fan-out-${randomUUID().slice(0, 8)}`);
  await db.collection<WebhookDocument>('webhooks').insertOne({
    ...{ _id: 'w1', userId: 'alice', url: 'https://alice.example/', events: [], enabled: true },
    ...{ disabledBecause: null, secretVersion: 1, rotatedAt: null, addedAt: 0, enabledAt: 0 },
  });
});
afterAll(async () => {
  await db?.dropDatabase();
  await client?.close();
});

it('a log that is read anew notes no event that is older than deliveries are kept', async () => {
  const parts = {
    ...{ db, read: async () => db.collection('webhooks'), upToDate: async () => 'now' },
  } as unknown as ReactorParts;
  const votes = webhookReactors.find(({ name }) => name === 'webhooks-votes');
  const sends = votes!.sends!(parts);
  const { signal } = new AbortController();
  for (const days of [400, 31, 29, 0]) {
    const at = Date.now() - days * dayMs;
    const body = { type: 'vote.cast', at, data: { days }, owner: { userId: 'alice' } };
    const key = `${days} days ago`;
    const outcome = await sends.send({ path: '', body, key } as never, signal);
    expect(outcome.kind).toBe('done');
  }

  const noted = await deliveriesOf(db).find().sort({ notedAt: 1 }).toArray();
  expect(noted.map(({ body }) => (JSON.parse(body) as { data: object }).data)).toEqual([
    { days: 29 },
    { days: 0 },
  ]);
});
