import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { aggregate, type Command } from '../aggregate.ts';
import { operator } from '../auth/roles.ts';
import type { Event } from '../event.ts';
import { newMember } from '../leases/leases.ts';
import { parcelExamples, parcelSchemas } from '../testing/parcels.ts';
import { openTestLog, type TestLog } from '../testing/test-log.ts';
import { until } from '../testing/until.ts';
import { defaultWriterLimits, type Lanes, openLanes } from './lanes.ts';
import { request } from './request.ts';

let world: TestLog;
let lanes: Lanes;

const counter = aggregate<number, Event>({
  topic: 'parcels',
  stateVersion: 1,
  initial: 0,
  evolve: (count) => count + 1,
});
const count = counter.command({
  name: 'count',
  route: null,
  role: operator,
  input: z.unknown(),
  stream: () => ({ key: 'k', id: 's' }),
  decide: () => [{ type: 'ParcelScanned', data: parcelExamples.ParcelScanned.data }],
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
  world = await openTestLog({ label: 'lanes', lanes: 1, schemas: parcelSchemas });
  const { client, database, log, codec, prefix } = world;
  lanes = await openLanes({
    limits: defaultWriterLimits,
    ...{ client, database, log, codec, prefix, aggregates: [counter], lanes: 1 },
    ...{
      member: newMember('http://here'),
      source: '/parcels',
      leaseTtlMs: 3_000,
      onWarning: () => undefined,
    },
  });
  await until(() => lanes.ready());
});

afterAll(async () => {
  await lanes.close();
  await world.close();
});

it('a command forwarded to the owner of another term is not done', async () => {
  const leases = world.db.collection<{ _id: string; term: number }>('leases');
  const term = (await leases.findOne({ _id: 'node-writer/0' }))?.term ?? 0;
  expect((await lanes.decide(asked(), term)).version).toBe(1);
  for (const other of [term - 1, term + 1]) {
    const late = lanes.decide(asked(), other);
    await expect(late).rejects.toMatchObject({ code: 'lane-unavailable' });
  }
  expect((await lanes.decide(asked(), term)).version).toBe(2);
});
