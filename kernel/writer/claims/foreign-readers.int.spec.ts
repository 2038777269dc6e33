import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { claimsTopic, topicName, transactionalId } from '../../log/topic-names.ts';
import { openWorld, type World } from '../../testing/log-world.ts';
import { until } from '../../testing/until.ts';
import { Committer } from '../committer.ts';

/** Stock clients don't sort the aborted transactions that Kafka names in its answers. */

let world: World;
beforeAll(() => {
  world = openWorld({ brokers: inject('stack').kafka.split(','), size: 1 });
});
afterAll(() => world.close());

it('a stock client sees what was committed, and none of the barriers of many takers', async () => {
  const prefix = `foreign-${randomUUID()}.`;
  const topic = topicName(prefix, 'parcels');
  const copies = { lanes: 3, replication: 1, minInSyncReplicas: 1 };
  await world.log.ensureTopics([topic], copies);
  await world.log.ensureTopics([claimsTopic(prefix)], { ...copies, compacted: true });
  const partitions = [0, 1, 2].map((lane) => ({ topic, lane }));
  const takers = Array.from({ length: 20 }, (_, n) => `taker ${n}`);
  const nodes: Committer[] = [];
  for (const taker of takers) {
    const name = transactionalId(prefix, randomUUID());
    const node = new Committer({ log: world.log, prefix, name, onWarning: () => undefined });
    nodes.push(node);
    const taking = partitions.map((one) => node.take(one.lane, [one]));
    const [first, ...others] = await Promise.all(taking);
    for (const { tidy } of [first!, ...others]) await tidy();
    const record = { key: 'k', value: Buffer.from(taker), timestamp: 1 };
    const form = () => partitions.map((one) => ({ ...one, ...record }));
    await node.commit(first!.tenure, partitions, { form, late: () => [] });
  }

  const consumer = world.foreign.consumer({ groupId: prefix, readUncommitted: false });
  await consumer.connect();
  await consumer.subscribe({ topics: [topic], fromBeginning: true });
  const found: string[][] = partitions.map(() => []);
  const eachMessage = async (of: { partition: number; message: { value: Buffer | null } }) => {
    found[of.partition]?.push(String(of.message.value));
  };
  await consumer.run({ eachMessage });
  await until(() => found.every((lane) => lane.includes(takers.at(-1)!)), { limitMs: 40_000 });
  await consumer.disconnect();
  expect(found).toEqual(partitions.map(() => takers));
  await Promise.all(nodes.map((node) => node.close()));
});
