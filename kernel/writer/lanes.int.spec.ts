import { randomUUID } from 'node:crypto';
import { MongoClient } from 'mongodb';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { z } from 'zod';
import { deploySchemas, deployTopics } from '#schemas/deploy.ts';
import { examples } from '#schemas/examples.ts';
import { eventSchemas } from '#schemas/load.ts';
import { aggregate, type Command } from '../aggregate.ts';
import { openCodec } from '../codec/codec.ts';
import type { Event } from '../event.ts';
import { newMember } from '../leases/leases.ts';
import { openLog } from '../log/kafka-log.ts';
import { until } from '../testing/until.ts';
import { defaultWriterLimits, type Lanes, openLanes } from './lanes.ts';
import { request } from './request.ts';

const { kafka, schemaRegistry: registryUrl, mongo } = inject('stack');
const database = `lanes-${randomUUID().slice(0, 8)}`;
const prefix = `${database}.`;
const client = new MongoClient(mongo);
const log = openLog({ brokers: kafka.split(','), clientId: database });
let lanes: Lanes;

const counter = aggregate<number, Event>({
  topic: 'ranking',
  stateVersion: 1,
  initial: 0,
  evolve: (count) => count + 1,
});
const count = counter.command({
  name: 'count',
  route: null,
  role: 'viewer',
  input: z.unknown(),
  stream: () => ({ key: 'k', id: 's' }),
  decide: () => [{ type: 'VoteCast', data: examples.VoteCast.data }],
}) as Command;

const asked = () =>
  request(
    count,
    {},
    { userId: 'alice', roles: new Set() },
    {
      idempotencyKey: randomUUID(),
      expectedVersion: null,
      trace: { correlationid: 'c', causationid: null, traceparent: '' },
    },
  );

beforeAll(async () => {
  const topic = { lanes: 1, replication: 1, minInSyncReplicas: 1, topicPrefix: prefix };
  await deployTopics(log, topic);
  await deploySchemas({ registryUrl, topicPrefix: prefix });
  const codec = await openCodec({ registryUrl, topicPrefix: prefix, schemas: eventSchemas });
  lanes = await openLanes({
    limits: defaultWriterLimits,
    ...{ client, database, log, codec, prefix, aggregates: [counter], lanes: 1 },
    ...{ member: newMember('http://here'), leaseTtlMs: 3_000, onTrouble: () => undefined },
  });
  await until(() => lanes.ready());
});

afterAll(async () => {
  await lanes.close();
  await client.db(database).dropDatabase();
  await client.close();
  await log.close();
});

it('what was forwarded to the owner of another term is not done', async () => {
  const leases = client.db(database).collection<{ _id: string; term: number }>('leases');
  const term = (await leases.findOne({ _id: 'writer/0' }))?.term ?? 0;
  expect((await lanes.decide(asked(), term)).version).toBe(1);
  for (const other of [term - 1, term + 1]) {
    const late = lanes.decide(asked(), other);
    await expect(late).rejects.toMatchObject({ code: 'lane-unavailable' });
  }
  expect((await lanes.decide(asked(), term)).version).toBe(2);
});
