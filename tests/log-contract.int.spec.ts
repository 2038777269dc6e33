import { afterAll, beforeAll, describe, inject } from 'vitest';
import { appendingPromises } from '#kernel/log/contract/appending.promises.spec.ts';
import { clusterPromises } from '#kernel/log/contract/cluster.promises.spec.ts';
import { readingPromises } from '#kernel/log/contract/reading.promises.spec.ts';
import { topicPromises } from '#kernel/log/contract/topics.promises.spec.ts';
import type { Stack } from '#local-stack/parts/stack.ts';
import { startOwnStack } from './own-stack.ts';

/** Three brokers of a test's own. */
function ownCluster(kafkaFeatures: string[] = []) {
  let stack: Stack;
  beforeAll(async () => {
    const { schemaRegistry, mongo } = inject('stack');
    stack = await startOwnStack({
      brokers: 3,
      kafkaFeatures,
      elsewhere: { schemaRegistry, mongo },
    });
  });
  afterAll(() => stack?.stop());
  const cluster = () => ({ brokers: stack.endpoints.kafka.split(','), size: 3 as const });
  return { cluster, brokers: () => stack.brokers };
}

/** The same contract as in `kernel/log/contract.int.spec.ts`, which runs it on one broker. */
describe('the log on three brokers', () => {
  const { cluster, brokers } = ownCluster();
  readingPromises(cluster);
  appendingPromises(cluster);
  topicPromises(cluster);
  clusterPromises(cluster, brokers);
});

/** New clusters have the second protocol of transactions, on which all other tests run. */
describe('appending in Kafka’s first protocol of transactions', () => {
  const { cluster, brokers } = ownCluster(['transaction.version=1']);
  appendingPromises(cluster);
  clusterPromises(cluster, brokers);
});
