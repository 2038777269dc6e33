import type { Collection, Db } from 'mongodb';
import type { Millis } from '../event.ts';
import type { LastRecord } from '../following/last-record.ts';
import type { Offset } from '../log/log.ts';
import { ensureCollection } from '../mongo/ensure-collection.ts';
import type { Filters } from '../operations/event-limits.ts';
import { fingerprintOf } from './event-ids.ts';

/** The ids of the events at so many offsets of a topic's lane, from a multiple of that on. */
export type Block = {
  /** Place and number, so that the blocks of a place sort by their number. */
  _id: string;
  /** `topic/lane`, without the prefix of the topic. */
  place: string;
  /** It begins at so many times `blockOffsets`. */
  number: number;
  /**
   * Its place, and the number of its segment. It stands first in the index of the ids: hashes lie
   * anywhere, and without it each new block would change pages all over the index.
   */
  segment: string;
  /** A hash for each id that an event of the block has. */
  ids: number[];
  /** The least and the greatest time of its records. */
  first: Millis;
  last: Millis;
  /** The last record up to here: shows whether the log is still the same one. */
  lastRecord: LastRecord | null;
};

/** Small enough that a search reads little besides what it looks for. */
export const blockOffsets = 256;

/** So many blocks of a place have their ids in one part of the index. */
export const segmentBlocks = 128;

export const segmentNumber = (block: number): number => Math.floor(block / segmentBlocks);
export const segmentId = (place: string, segment: number): string =>
  `${place}/${String(segment).padStart(9, '0')}`;
/** The numbers of the first and the last block of a segment. */
export const segmentBounds = (segment: number): [number, number] => [
  segment * segmentBlocks,
  (segment + 1) * segmentBlocks - 1,
];

export const blockNumber = (offset: Offset): number => Math.floor(offset / blockOffsets);
export const offsetOf = (number: number): Offset => number * blockOffsets;
export const placeOf = (context: string, lane: number): string => `${context}/${lane}`;
export const blockId = (place: string, number: number): string =>
  `${place}/${String(number).padStart(12, '0')}`;

const namePrefix = 'event_index.';

/** The collection is named after the ids in it, so that code with other ids has its own. */
export const blocksOf = (db: Db, filters: Filters): Collection<Block> =>
  db.collection<Block>(`${namePrefix}${fingerprintOf(filters)}`);

/** Makes the collection and its indexes, and drops what code with other ids has left. */
export async function prepareBlocks(db: Db, filters: Filters): Promise<void> {
  const { collectionName } = blocksOf(db, filters);
  // Those that it has rights to: the list of all would need a right of its own.
  const own = { nameOnly: true, authorizedCollections: true } as const;
  const all = await db.listCollections({}, own).toArray();
  for (const { name } of all) {
    if (name.startsWith(namePrefix) && name !== collectionName) await db.dropCollection(name);
  }
  await ensureBlocks(db, filters);
}

export async function ensureBlocks(db: Db, filters: Filters): Promise<void> {
  const blocks = blocksOf(db, filters);
  await ensureCollection(db, blocks.collectionName);
  await blocks.createIndexes([
    { key: { segment: 1, ids: 1, number: 1 } },
    { key: { place: 1, number: 1 } },
    { key: { place: 1, last: 1, number: 1 } },
  ]);
}

/** Up to where a place is indexed. */
export type Indexed = { next: Offset; last: Millis };

/** By place: a block is stored after all those before it, so the last one tells. */
export async function indexedPlaces(blocks: Collection<Block>): Promise<Map<string, Indexed>> {
  // MongoDB answers this by looking at one key of each place.
  const last = await blocks
    .aggregate<Pick<Block, 'place' | 'number' | 'last'>>([
      { $sort: { place: -1, number: -1 } },
      { $group: { _id: '$place', number: { $first: '$number' }, last: { $first: '$last' } } },
      { $project: { _id: 0, place: '$_id', number: 1, last: 1 } },
    ])
    .toArray();
  return new Map(
    last.map(({ place, number, last }) => [place, { next: offsetOf(number + 1), last }]),
  );
}

/**
 * The number of the block in which a place reaches this time; null if it ends before it. Time
 * never runs back within a place.
 */
export async function blockAt(
  blocks: Collection<Block>,
  place: string,
  time: Millis,
): Promise<number | null> {
  const options = { sort: { last: 1, number: 1 }, projection: { _id: 0, number: 1 } } as const;
  const found = await blocks.findOne({ place, last: { $gte: time } }, options);
  return found?.number ?? null;
}

export const lastBlock = (blocks: Collection<Block>, place: string): Promise<Block | null> =>
  blocks.findOne({ place }, { sort: { number: -1 }, projection: { ids: 0 } });
