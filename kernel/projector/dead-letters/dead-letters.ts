import { Binary, type ClientSession, type Collection, type Db } from 'mongodb';
import type { LogRecord } from '../../log/log.ts';
import { topicName } from '../../log/topic-names.ts';
import { messageOf } from '../../message-of.ts';

/**
 * An event that a view couldn't fold, or a later one of the same topic and key. Parked in order,
 * in the transaction that passed it, until it is retried or discarded by hand.
 */
export type DeadLetter = {
  /** `<generation>/<topic>/<lane>/<offset>`. */
  _id: string;
  /** `parcels@1`. */
  view: string;
  generation: string;
  topic: string;
  lane: number;
  offset: number;
  key: string;
  /** The record's value, as in the log. */
  value: Binary | null;
  headers: Record<string, Binary>;
  timestamp: number;
  error: string;
  stack: string | null;
  parkedAt: Date;
  /** How often it was retried in vain, and when last; unset before the first retry. */
  attempts?: number;
  triedAt?: Date;
};

/** Where events are folded: the view and its version, the generation, and the lane. */
export type Place = { view: string; generation: string; lane: number };

export const deadLettersOf = (db: Db): Collection<DeadLetter> =>
  db.collection<DeadLetter>('dead_letters');

/** The order of the log, in each lane of a generation. */
export const inLogOrder = { generation: 1, lane: 1, topic: 1, offset: 1 } as const;

/** The indexes that have this order: of all letters, and of those with one key. */
export const letterIndexes = {
  all: inLogOrder,
  ofKey: { generation: 1, lane: 1, topic: 1, key: 1, offset: 1 },
} as const;

const countedLetters = 10_000;

/** How many letters generations have, of each 10,000 at most; without those that have none. */
export async function countLetters(
  db: Db,
  generations: readonly string[],
): Promise<Map<string, number>> {
  const [first, ...others] = generations;
  if (first === undefined) return new Map();
  const count = (generation: string) => [
    { $match: { generation } },
    { $limit: countedLetters },
    { $group: { _id: generation, letters: { $sum: 1 } } },
  ];
  const unions = others.map((one) => ({
    $unionWith: { coll: 'dead_letters', pipeline: count(one) },
  }));
  const counts = deadLettersOf(db).aggregate<{ _id: string; letters: number }>([
    ...count(first),
    ...unions,
  ]);
  return new Map((await counts.toArray()).map(({ _id, letters }) => [_id, letters]));
}

/** The Kafka key as text. Two keys that look alike as text are parked together, which is safe. */
export const keyOf = ({ key }: LogRecord): string => key?.toString('utf8') ?? '';

/** Events with the same parking key are parked together. */
export const parkingKey = (topic: string, key: string): string => `${topic} ${key}`;

export function deadLetter(
  place: Place,
  topic: string,
  record: LogRecord,
  error: unknown,
): DeadLetter {
  const { lane, offset, value, timestamp } = record;
  const headers = Object.entries(record.headers).flatMap(([name, bytes]) =>
    bytes ? [[name, new Binary(bytes)] as const] : [],
  );
  return {
    _id: `${place.generation}/${topic}/${lane}/${offset}`,
    ...place,
    topic,
    offset,
    key: keyOf(record),
    value: value && new Binary(value),
    headers: Object.fromEntries(headers),
    timestamp,
    error: messageOf(error),
    stack: error instanceof Error ? (error.stack ?? null) : null,
    parkedAt: new Date(),
  };
}

/** The record as it was read. @param prefix stands before the topic's name in the log. */
export const recordOf = (letter: DeadLetter, prefix: string): LogRecord => ({
  ...{ topic: topicName(prefix, letter.topic), lane: letter.lane, offset: letter.offset },
  key: Buffer.from(letter.key, 'utf8'),
  value: letter.value && bytesOf(letter.value),
  timestamp: letter.timestamp,
  headers: Object.fromEntries(
    Object.entries(letter.headers).map(([name, bytes]) => [name, bytesOf(bytes)]),
  ),
});

/** Depending on its options the driver returns a Buffer or a Binary. */
const bytesOf = (bytes: Uint8Array | { buffer: Uint8Array }): Buffer =>
  Buffer.from(bytes instanceof Uint8Array ? bytes : bytes.buffer);

/** The parking keys of a lane that have dead letters: their later events are parked as well. */
export async function parkedKeys(
  letters: Collection<DeadLetter>,
  { generation, lane }: Place,
): Promise<Set<string>> {
  const rows = letters.aggregate<{ _id: Pick<DeadLetter, 'topic' | 'key'> }>(
    [{ $match: { generation, lane } }, { $group: { _id: { topic: '$topic', key: '$key' } } }],
    { readConcern: { level: 'majority' } },
  );
  const parked = new Set<string>();
  for await (const { _id } of rows) parked.add(parkingKey(_id.topic, _id.key));
  return parked;
}

export async function park(
  collection: Collection<DeadLetter>,
  letters: readonly DeadLetter[],
  session?: ClientSession,
): Promise<void> {
  if (letters.length === 0) return;
  const operations = letters.map((letter) => ({
    replaceOne: { filter: { _id: letter._id }, replacement: letter, upsert: true },
  }));
  await collection.bulkWrite(operations, { ordered: false, ...(session && { session }) });
}
