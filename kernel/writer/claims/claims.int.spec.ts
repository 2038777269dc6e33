import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { claimsTopic } from '../../log/topic-names.ts';
import { openWorld, type World } from '../../testing/log-world.ts';
import { until } from '../../testing/until.ts';
import { Claims } from './claims.ts';
import { namesToFence } from './protocol.ts';

let world: World;
const prefix = `claims-${randomUUID()}.`;
const topic = claimsTopic(prefix);
const lane = 0;

beforeAll(async () => {
  world = openWorld({ brokers: inject('stack').kafka.split(','), size: 1 });
  const options = { lanes: 1, replication: 1, minInSyncReplicas: 1, compacted: true };
  await world.log.ensureTopics([topic], options);
  await world.log.checkTopics([topic], { lanes: 1, compacted: true });
});
afterAll(() => world.close());

/** Kafka compacts the topic as soon as it can. */
async function compactSoon(): Promise<void> {
  const admin = world.foreign.admin();
  await admin.connect();
  const settings = {
    ...{ 'cleanup.policy': 'compact', 'retention.ms': '-1', 'retention.bytes': '-1' },
    ...{ 'segment.ms': '50', 'min.cleanable.dirty.ratio': '0.001', 'delete.retention.ms': '0' },
  };
  const configEntries = Object.entries(settings).map(([name, value]) => ({ name, value }));
  const resources = [{ type: 2, name: topic, configEntries }];
  await admin.alterConfigs({ validateOnly: false, resources });
  await admin.disconnect();
}

it('names that may write a lane are the same after Kafka has compacted their claims', async () => {
  const claims = new Claims(world.log, prefix);
  await claims.claim(lane, 'stays');
  for (let n = 0; n < 20; n += 1) {
    await claims.claim(lane, `passes ${n}`);
    await claims.end(lane, `passes ${n}`);
  }
  await claims.end(lane, 'older', { forGood: true });
  await claims.claim(lane, 'comes back');
  await claims.end(lane, 'comes back');
  await claims.claim(lane, 'comes back');
  const live = async () => {
    const offset = await claims.claim(lane, 'taker');
    const before = await claims.before(lane, offset);
    const found = { before, own: new Set(['taker']), unclaimed: 'older' };
    const passed = before.filter(({ name }) => name.startsWith('passes')).length;
    return { passed, names: namesToFence(found) };
  };
  const whole = await live();
  expect(whole.names).toEqual(['stays', 'comes back']);
  await compactSoon();
  let compacted = whole;
  const isCompacted = async () => {
    compacted = await live();
    return compacted.passed < 20;
  };
  await until(isCompacted, { limitMs: 50_000 });
  expect(compacted.names).toEqual(['stays', 'comes back']);
  await claims.close();
}, 60_000);
