import { topicName } from '../log/topic-names.ts';
import type { Wrapped } from './master-keys.ts';

/**
 * The compacted topic of persons' wrapped keys. A key is a record under its id; whoever destroys it
 * puts a record first that says so, under another Kafka key, and which stays for good, and then
 * null under the id. So a key that comes back, by a copy or a late write, is known to be destroyed.
 * It also has the random ids that stand for the `sub` of tokens, if they do.
 */

export const personKeysTopic = (prefix: string): string => topicName(prefix, 'person-keys');

const hourMs = 3_600_000;

/** After how long Kafka ends a segment, and so may compact it. */
export type KeyTimes = { segmentMs: number };

export const keyTimes: KeyTimes = { segmentMs: 6 * hourMs };

/**
 * Kafka compacts no segment that is still written to, so segments end early; and each that has
 * anything to compact is compacted, even if it is little.
 */
export const keyTopicSettings = ({ segmentMs }: KeyTimes) => ({
  'segment.ms': `${segmentMs}`,
  'segment.bytes': `${64 * 2 ** 20}`,
  'max.compaction.lag.ms': `${segmentMs}`,
  'min.compaction.lag.ms': '0',
  'min.cleanable.dirty.ratio': '0.001',
  'delete.retention.ms': `${segmentMs}`,
});

/** A record that says nothing; it only makes Kafka end the segment before it. */
export const rollKey = 'roll';

/**
 * When a segment has to end after a key was destroyed, or an id taken: first the one that has the
 * end, so that Kafka drops what was before it. Then Kafka keeps the record of the end, which has
 * the `sub` of a taken id in its key, for `delete.retention.ms`, and drops it only when another
 * segment ends. Half a segment's time is left to who ends segments, and to Kafka's cleaner.
 */
export const rollTimes = (endedAt: number, segmentMs: number): number[] =>
  endedAt === 0 ? [] : [endedAt + segmentMs, endedAt + 3.5 * segmentMs];

const erasedPrefix = 'erased:';

/** The Kafka key of the record that says that a key is destroyed. */
export const erasedKeyOf = (keyId: string): string => erasedPrefix + keyId;

export const empty = Buffer.from('{}');

const subjectPrefix = 'subject:';

/**
 * The Kafka key of the record that says by which id a token's `sub` is known. Both are in it, so
 * that Kafka keeps the records of two nodes apart that gave the same `sub` an id at once.
 */
export const subjectKeyOf = ({ sub, userId }: Subject): string =>
  subjectPrefix + JSON.stringify([userId, sub]);

/** The `sub` of a token, and the id that stands for it in the log. */
export type Subject = { sub: string; userId: string };

/** What a record of the topic says. */
export type KeyRecord =
  | { kind: 'key'; keyId: string; wrapped: Wrapped }
  | { kind: 'no-key'; keyId: string }
  | { kind: 'erased'; keyId: string }
  | { kind: 'subject'; subject: Subject; stands: boolean }
  | { kind: 'roll' };

/** Stored as JSON, so that tools can read which master key wraps a key. */
export const encodeKey = ({ master, bytes }: Wrapped): Buffer =>
  Buffer.from(JSON.stringify({ master, wrapped: bytes.toString('base64') }));

/** @throws Error if it is no record of this topic. */
export function decodeRecord(key: string, value: Buffer | null): KeyRecord {
  if (key === rollKey) return { kind: 'roll' };
  if (key.startsWith(erasedPrefix))
    return { kind: 'erased', keyId: key.slice(erasedPrefix.length) };
  if (key.startsWith(subjectPrefix)) {
    const [userId, sub] = JSON.parse(key.slice(subjectPrefix.length)) as [string, string];
    return { kind: 'subject', subject: { sub, userId }, stands: value !== null };
  }
  if (value === null) return { kind: 'no-key', keyId: key };
  const { master, wrapped } = JSON.parse(value.toString()) as Record<string, unknown>;
  if (typeof master !== 'string' || typeof wrapped !== 'string') throw new Error('not a key');
  return { kind: 'key', keyId: key, wrapped: { master, bytes: Buffer.from(wrapped, 'base64') } };
}
