import type { AnyBulkWriteOperation, Collection, Db } from 'mongodb';
import type { Codec } from '../../codec/codec.ts';
import type { Millis } from '../../event.ts';
import type { Log, LogReader } from '../../log/log.ts';
import { isMongoAway } from '../../mongo/mongo-away.ts';
import type { AnyProjection } from '../../projection.ts';
import { isTooLarge } from '../batch-size.ts';
import { checkpointId, checkpointsOf } from '../checkpoint.ts';
import { discardedIn } from '../dead-letters/dead-letter-retry.ts';
import { deadLettersOf, park } from '../dead-letters/dead-letters.ts';
import type { Document, Slot } from '../fold.ts';
import { Generations, viewId } from '../generations/generations.ts';
import { type BuildProgress, type LaneBoard, offsetsOf } from './lane-board.ts';
import { LaneFold } from './lane-fold.ts';

export type LanesOptions = {
  projection: AnyProjection;
  db: Db;
  log: Log;
  codec: Codec;
  /** An empty collection, or one from an unfinished build: its complete lanes stay as they are. */
  generation: string;
  /** Stands before the topics' names in the log. */
  prefix: string;
  stop?: AbortSignal | undefined;
  /** An earlier build of this generation was cut short: documents may exist already. */
  resumed?: boolean | undefined;
  /** Events that happened later are left out. */
  asOf?: Millis | undefined;
  /** Begin a lane while the one before is stored; no gain where other threads build too. */
  ahead?: boolean;
  /** No more events than this are folded between two calls of `onProgress`. */
  atOnce?: number | undefined;
  /** Called with the progress of the whole build; reading goes on once it resolves. */
  onProgress?(progress: BuildProgress): unknown;
};

/** Up to this many documents, indexes are cheapest if created before loading; else afterwards. */
const fewDocuments = 10_000;
const insertedAtOnce = 5_000;
const insertsInFlight = 2;
/** With `w: 1` a server's death could lose documents whose checkpoint, stored later, survives. */
const lasting = { ordered: false, writeConcern: { w: 'majority' as const } };

/**
 * Builds lanes of a board, one after the other. With `ahead`, the next lane is folded while the
 * documents of one are inserted, and the reader begins with the lane after that. So memory holds
 * two lanes and a little.
 * @param places indexes into the board's lanes; each is drawn when its lane can be begun.
 */
export async function buildLanes(
  options: LanesOptions,
  board: LaneBoard,
  places: Iterator<number, unknown>,
): Promise<void> {
  const { projection, db, log, generation, stop, ahead = true } = options;
  const { lanes } = board.shared;
  const reader = log.reader();
  const openNext = () => {
    const { done, value: at } = places.next();
    const opening = done ? undefined : openLane(options, { board, reader, at });
    // The error surfaces when this lane is awaited; don't report it twice.
    opening?.catch(() => {});
    return opening;
  };
  let loading: Promise<void> = Promise.resolve();
  let opening: Promise<OpenLane | undefined> | undefined = openNext();
  try {
    for (let lane = await opening; lane; lane = await opening) {
      if (ahead) opening = openNext();
      const { at, fold } = lane;
      await fold.readTo(lanes[at]![1]);
      const documents = await fold.documents();
      stop?.throwIfAborted();
      if (at === 0 && documents.length * lanes.length <= fewDocuments) {
        loading = new Generations(db, projection.view).createIndexes(generation);
      }
      await loading;
      loading = loadLane(options, board, { at, fold, documents });
      // The error surfaces when this load is awaited, before the next; don't report it twice.
      loading.catch(() => {});
      if (!ahead) opening = loading.then(openNext);
    }
    await loading;
  } finally {
    // Whoever builds on, after a stop, finds no write of this build under way.
    await loading.catch(() => {});
    await reader.close();
  }
}

type LaneToOpen = { board: LaneBoard; reader: LogReader; at: number };
type OpenLane = { at: number; fold: LaneFold };
type FoldedLane = OpenLane & { documents: Document[] };

/** Opens a lane and starts to fetch its first events. */
async function openLane(
  { projection, db, codec, generation, prefix, stop, asOf, atOnce, onProgress }: LanesOptions,
  { board, reader, at }: LaneToOpen,
): Promise<OpenLane> {
  const [lane, end] = board.shared.lanes[at]!;
  const onEvents = () => {
    board.read(at, { events: fold.events, passed: offsetsOf(fold.progress.next) });
    return onProgress?.(board.progress);
  };
  const discarded = await discardedIn(db, viewId(projection.view), lane);
  const fold: LaneFold = new LaneFold(
    { projection, codec, generation, lane, prefix, stop, asOf, discarded, atOnce, onEvents },
    reader,
  );
  fold.readAhead(end);
  return { at, fold };
}

/** Stores a lane's documents, and its checkpoint last: only then the lane counts as built. */
async function loadLane(
  { db, generation, stop, resumed }: LanesOptions,
  board: LaneBoard,
  { at, fold, documents }: FoldedLane,
): Promise<void> {
  const collection = db.collection<Document>(generation);
  try {
    if (resumed) await replaceAll(collection, documents, fold.slots, stop);
    else await insertAll(collection, documents, stop);
  } catch (error) {
    // What was inserted before MongoDB went away is not known: all of the lane is stored again.
    if (!isTooLarge(error) && !isMongoAway(error)) throw error;
    const again = isTooLarge(error) ? await fold.foldCarefully() : documents;
    await replaceAll(collection, again, fold.slots, stop);
  }
  await park(deadLettersOf(db), fold.letters);
  const { lane, progress, events, letters } = fold;
  await checkpointsOf(db).replaceOne(
    { _id: checkpointId(generation, lane) },
    { generation, lane, ...progress, updatedAt: new Date() },
    { upsert: true, writeConcern: { w: 'majority' } },
  );
  board.built(at, { events, documents: documents.length, parked: letters.length });
}

const insertAll = (
  collection: Collection<Document>,
  documents: readonly Document[],
  stop: AbortSignal | undefined,
): Promise<void> => inSlices(documents, stop, (slice) => collection.insertMany(slice, lasting));

/** Replaces the documents of an earlier try, and deletes those that have been removed since. */
async function replaceAll(
  collection: Collection<Document>,
  documents: readonly Document[],
  slots: ReadonlyMap<string, Slot>,
  stop: AbortSignal | undefined,
): Promise<void> {
  const removed = [...slots].flatMap(([id, { document }]) => (document ? [] : [id]));
  const writes = [
    ...documents.map((replacement): AnyBulkWriteOperation<Document> => {
      return { replaceOne: { filter: { _id: replacement._id }, replacement, upsert: true } };
    }),
    ...removed.map((_id): AnyBulkWriteOperation<Document> => ({ deleteOne: { filter: { _id } } })),
  ];
  await inSlices(writes, stop, (slice) => collection.bulkWrite(slice, lasting));
}

/** All writes have ended when this does, also when one has failed. */
async function inSlices<T>(
  all: readonly T[],
  stop: AbortSignal | undefined,
  write: (slice: T[]) => Promise<unknown>,
): Promise<void> {
  let from = 0;
  const next = async () => {
    while (from < all.length) {
      stop?.throwIfAborted();
      const slice = all.slice(from, from + insertedAtOnce);
      from += slice.length;
      await write(slice);
    }
  };
  const writing = Array.from({ length: insertsInFlight }, async () => {
    try {
      await next();
    } catch (error) {
      from = all.length;
      throw error;
    }
  });
  await Promise.allSettled(writing);
  await Promise.all(writing);
}
