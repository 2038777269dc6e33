import { describe, inject } from 'vitest';
import { appendingPromises } from './contract/appending.promises.spec.ts';
import { readingPromises } from './contract/reading.promises.spec.ts';
import { topicPromises } from './contract/topics.promises.spec.ts';

/**
 * The promises that the system relies on. Another Kafka client may replace this one if it keeps
 * them all. `clusterPromises` are for three brokers, of which one is killed.
 */
describe('on one broker', () => {
  const cluster = () => ({ brokers: inject('stack').kafka.split(','), size: 1 as const });
  readingPromises(cluster);
  appendingPromises(cluster);
  topicPromises(cluster);
});
