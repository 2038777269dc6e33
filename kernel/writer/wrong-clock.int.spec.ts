import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { aggregate, type Command } from '../aggregate.ts';
import { operator } from '../auth/roles.ts';
import type { Event } from '../event.ts';
import { DatabaseClock } from '../leases/database-clock.ts';
import { newMember } from '../leases/leases.ts';
import { topicName } from '../log/topic-names.ts';
import { parcelExamples, parcelSchemas } from '../testing/parcels.ts';
import { openTestLog, type TestLog } from '../testing/test-log.ts';
import { until } from '../testing/until.ts';
import { defaultWriterLimits, type Lanes, openLanes } from './lanes.ts';
import { request } from './request.ts';

const counter = aggregate<number, Event>({
  ...{ topic: 'parcels', stateVersion: 1, initial: 0, evolve: (count: number) => count + 1 },
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

let world: TestLog;
const opened: Lanes[] = [];
beforeAll(async () => {
  world = await openTestLog({ label: 'wrong-clock', lanes: 1, schemas: parcelSchemas });
});
afterEach(async () => {
  await Promise.all(opened.splice(0).map((lanes) => lanes.close()));
});
afterAll(() => world.close());

async function node(url: string, now = Date.now) {
  const { client, database, log, codec, prefix } = world;
  const clock = new DatabaseClock({ now });
  const lanes = await openLanes({
    ...{ client, database, log, codec, prefix, clock, aggregates: [counter], lanes: 1 },
    ...{ limits: defaultWriterLimits, source: '/parcels', leaseTtlMs: 1_000 },
    ...{ member: newMember(url), onWarning: () => undefined },
  });
  opened.push(lanes);
  return Object.assign(lanes, { clock });
}

const isOpen = (lanes: Lanes) => lanes.status().some(({ open }) => open);

async function timesOfEvents(): Promise<number[]> {
  const { log, codec, prefix } = world;
  const topic = topicName(prefix, 'parcels');
  const [end = 0] = await log.stableOffsets(topic);
  const reader = log.reader();
  const until = [{ topic, lane: 0, next: end }];
  const subscription = reader.subscribe([{ topic, lane: 0, next: 0 }], { until });
  const times: number[] = [];
  for (;;) {
    const chunks = await subscription.take();
    if (chunks.length === 0) break;
    for (const { records } of chunks) {
      await codec.learn(records);
      times.push(...records.map((record) => codec.decode(record).meta.time));
    }
  }
  await reader.close();
  return times;
}

it('a node whose clock is off appends nothing until its clock is right again', async () => {
  let aheadMs = 0;
  const wrong = await node('http://wrong', () => Date.now() + aheadMs);
  await until(() => isOpen(wrong));
  const never = () => Promise.reject(new Error('There is no other owner.'));
  await wrong.submit(asked(), never);

  // The clock jumps to another century. The very next command must not be stamped with that.
  aheadMs = 73 * 365 * 86_400_000;
  const refused = expect(wrong.decide(asked(), 1)).rejects.toMatchObject({
    code: 'lane-unavailable',
  });
  await refused;
  await until(() => !isOpen(wrong));
  expect(wrong.clock.trouble()).toContain('ahead of the database');
  expect(wrong.ready()).toBe(false);
  const members = world.db.collection('members');
  await until(async () => (await members.countDocuments()) === 0);

  // Another node works the lane, and this one sends its commands there.
  const right = await node('http://right');
  await until(() => isOpen(right));
  const forward = (owner: { term: number }) => right.decide(asked(), owner.term);
  expect((await wrong.submit(asked(), forward)).version).toBe(2);
  expect(isOpen(wrong)).toBe(false);

  aheadMs = 0;
  await until(() => wrong.clock.trouble() === null);
  await right.close();
  await until(() => isOpen(wrong));
  expect((await wrong.submit(asked(), never)).version).toBe(3);

  // Kafka shows the last transaction some moments after it has answered.
  let times: number[] = [];
  await until(async () => {
    times = await timesOfEvents();
    return times.length >= 3;
  });
  expect(times).toHaveLength(3);
  expect(Math.max(...times)).toBeLessThanOrEqual(Date.now());
});
