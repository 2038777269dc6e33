import { topicName } from '../log/topic-names.ts';
import type { Wrapped } from './master-keys.ts';

/** The compacted topic of persons' wrapped keys: a record for each key, by its id. */

export const personKeysTopic = (prefix: string): string => topicName(prefix, 'person-keys');

const hourMs = 3_600_000;

/** After how long a destroyed key's record may still stand in its segment, when it is compacted. */
export type KeyTimes = { segmentMs: number; tombstoneMs: number };

export const keyTimes: KeyTimes = { segmentMs: 6 * hourMs, tombstoneMs: 24 * hourMs };

/**
 * Kafka compacts no segment that is still written to, so segments end early; and each that has
 * anything to compact is compacted, even if it is little.
 */
export const keyTopicSettings = ({ segmentMs, tombstoneMs }: KeyTimes) => ({
  'segment.ms': `${segmentMs}`,
  'max.compaction.lag.ms': `${segmentMs}`,
  'min.compaction.lag.ms': '0',
  'min.cleanable.dirty.ratio': '0.001',
  'delete.retention.ms': `${tombstoneMs}`,
  'file.delete.delay.ms': '1000',
});

/** The record that only makes Kafka end the segment before it. */
export const rollKey = 'roll';

/** Stored as JSON, so that tools can read which master key wraps a key. */
export const encodeKey = ({ master, bytes }: Wrapped): Buffer =>
  Buffer.from(JSON.stringify({ master, wrapped: bytes.toString('base64') }));

export function decodeKey(value: Buffer): Wrapped {
  const { master, wrapped } = JSON.parse(value.toString()) as { master: string; wrapped: string };
  return { master, bytes: Buffer.from(wrapped, 'base64') };
}
