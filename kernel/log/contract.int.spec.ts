import { describe, inject } from 'vitest';
import { appendingPromises } from './contract/appending.promises.spec.ts';
import { readingPromises } from './contract/reading.promises.spec.ts';
import { topicPromises } from './contract/topics.promises.spec.ts';

/**
 * What the system relies on. Any other Kafka client may replace this one if it keeps all of it.
 * On three brokers, of which one is killed, `clusterPromises` hold as well.
 */
describe('on one broker', () => {
  const cluster = () => ({ brokers: inject('stack').kafka.split(','), size: 1 as const });
  readingPromises(cluster);
  appendingPromises(cluster);
  topicPromises(cluster);
});
