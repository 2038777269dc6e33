import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openWorld, type Running, type World } from '../../testing/log-world.ts';
import { openLog } from '../kafka-log.ts';
import { TopicError } from '../log.ts';

const run = promisify(execFile);

export const topicPromises = (cluster: Running): void => {
  describe('topics', () => {
    let world: World;
    beforeAll(() => {
      world = openWorld(cluster());
    });
    afterAll(() => world.close());

    const options = () => {
      const { size } = cluster();
      return { lanes: 4, replication: size, minInSyncReplicas: size === 1 ? 1 : 2 };
    };

    const stockTopic = async (topic: string, numPartitions: number): Promise<void> => {
      const admin = world.foreign.admin();
      await admin.connect();
      await admin.createTopics({
        waitForLeaders: false,
        topics: [
          { topic, numPartitions, configEntries: [{ name: 'retention.ms', value: '1000' }] },
        ],
      });
      await admin.disconnect();
    };

    test('are created once, however many processes create them at the same time', async () => {
      const topics = ['parcels', 'depots'].map((name) => `${name}-${randomUUID()}`);
      const { brokers } = cluster();
      const logs = [1, 2, 3].map((index) => openLog({ brokers, clientId: `process ${index}` }));
      await Promise.all(logs.map((log) => log.ensureTopics(topics, options())));
      await logs[0]?.checkTopics(topics, { lanes: 4 });
      expect(await logs[1]?.stableOffsets(topics[0] as string)).toEqual([0, 0, 0, 0]);
      const all = await logs[2]?.topics();
      expect(topics.map((topic) => all?.get(topic))).toEqual([4, 4]);
      expect(all?.get('nowhere')).toBeUndefined();
      await Promise.all(logs.map((log) => log.close()));
    });

    test('that could lose events are refused, with each setting and its cure', async () => {
      const topic = `stock-${randomUUID()}`;
      await stockTopic(topic, 3);
      const refused = await world.log
        .checkTopics([topic], { lanes: 4 })
        .catch((error: unknown) => error);
      expect(refused).toBeInstanceOf(TopicError);
      const { message } = refused as TopicError;
      expect(message).toContain(`${topic}: has 3 partitions, LANES is 4`);
      expect(message).toContain(`${topic}: retention.ms is 1000, not -1`);
      expect(message).toContain('message.timestamp.after.max.ms=9223372036854775807');
      await expect(world.log.ensureTopics([topic], options())).rejects.toBeInstanceOf(TopicError);
    });

    // It takes some seconds to be sure of that, so the others are tried meanwhile.
    test.concurrent('that are missing are named', async () => {
      const topic = `missing-${randomUUID()}`;
      await expect(world.log.checkTopics([topic], { lanes: 4 })).rejects.toThrow(topic);
    });

    test.concurrent('the log has an id that all its clients agree on', async () => {
      const { brokers } = cluster();
      const other = openLog({ brokers, clientId: 'other' });
      expect(await other.id()).toBe(await world.log.id());
      expect(await other.id()).not.toBe('');
      await other.close();
    });

    test.concurrent('a process ends by itself once its log is closed', async () => {
      const topic = await world.topic(1);
      const script = `
        import { openLog } from '${new URL('../kafka-log.ts', import.meta.url)}';
        const log = openLog({ brokers: ${JSON.stringify(cluster().brokers)}, clientId: 'ends' });
        const producer = await log.producer('ends-${topic}');
        const at = { topic: '${topic}', lane: 0 };
        const record = { ...at, key: 'k', value: Buffer.from('v'), timestamp: 1 };
        await producer.append([record]);
        const reader = log.reader();
        const following = reader.subscribe([{ ...at, next: 0 }]);
        const end = 2; // the record and its transaction's marker
        const chunks = [];
        while (chunks.at(-1)?.next !== end) chunks.push(...(await following.take()));
        const records = chunks.flatMap((chunk) => chunk.records);
        const waiting = following.take();
        const given = openLog({ brokers: ['127.0.0.1:1'], clientId: 'away' });
        const asked = given.id().catch((error) => error.message);
        await given.close();
        await log.close();
        console.log(records.length, (await waiting).length, await asked);
      `;
      const { stdout } = await run(process.execPath, ['--input-type=module', '-e', script], {
        timeout: 20_000,
      });
      expect(stdout.trim()).toBe('1 0 the log is closed');
    });
  });
};
