import { afterAll, beforeAll, describe, inject } from 'vitest';
import type { Stack } from '#local-stack/stack.ts';
import { startOwnStack } from '#tests/own-stack.ts';
import { appendingPromises } from './contract/appending.promises.spec.ts';
import { clusterPromises } from './contract/cluster.promises.spec.ts';
import { readingPromises } from './contract/reading.promises.spec.ts';
import { topicPromises } from './contract/topics.promises.spec.ts';

/** What the system relies on. Any other Kafka client may replace this one if it keeps all of it. */
describe('on one broker', () => {
  const cluster = () => ({ brokers: inject('stack').kafka.split(','), size: 1 as const });
  readingPromises(cluster);
  appendingPromises(cluster);
  topicPromises(cluster);
});

describe('on three brokers', () => {
  let stack: Stack;
  beforeAll(async () => {
    const { schemaRegistry, mongo } = inject('stack');
    stack = await startOwnStack({ brokers: 3, elsewhere: { schemaRegistry, mongo } });
  });
  afterAll(() => stack?.stop());

  const cluster = () => ({ brokers: stack.endpoints.kafka.split(','), size: 3 as const });
  readingPromises(cluster);
  appendingPromises(cluster);
  topicPromises(cluster);
  clusterPromises(cluster, () => stack.brokers);
});
