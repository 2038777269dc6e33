import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { openLog } from './kafka-log.ts';
import type { Log } from './log.ts';

const topic = `closing-${randomUUID().slice(0, 8)}`;
const from = { topic, lane: 0, next: 0 };
let log: Log;

beforeAll(async () => {
  log = openLog({ brokers: inject('stack').kafka.split(','), clientId: 'closing' });
  const options = { lanes: 1, replication: 1, minInSyncReplicas: 1, compacted: true };
  await log.ensureTopics([topic], options);
  await log.put({ ...from, key: 'k', value: Buffer.from('v'), timestamp: Date.now() });
});
afterAll(() => log.close());

it('a reader is closed at any moment, also while a request is about to be sent', async () => {
  const closed: number[] = [];
  for (let turns = 0; turns < 40; turns += 1) {
    const reader = log.reader();
    const subscription = reader.subscribe([from], { compacted: true });
    await subscription.take();
    for (let turn = 0; turn < turns; turn += 1) await null;
    await reader.close();
    closed.push(turns);
  }
  expect(closed).toHaveLength(40);
}, 20_000);
