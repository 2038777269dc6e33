import type { AnyBulkWriteOperation, Collection, Db } from 'mongodb';
import type { Codec } from '../codec.ts';
import type { Millis } from '../event.ts';
import type { Log, LogReader, Offset } from '../log/log.ts';
import type { AnyProjection } from '../projection.ts';
import { checkpointId, checkpointsOf } from './checkpoint.ts';
import { discardedIn } from './dead-letter-retry.ts';
import { deadLettersOf, park } from './dead-letters.ts';
import type { Document, Slot } from './fold.ts';
import { Generations, viewId } from './generations.ts';
import { endsOf, LaneFold } from './lane-fold.ts';

export type RebuildOptions = {
  projection: AnyProjection;
  db: Db;
  log: Log;
  codec: Codec;
  /** An empty collection, or one that was being built: its complete lanes stay as they are. */
  generation: string;
  lanes: number;
  /** Stands before the topics' names in the log. */
  prefix: string;
  stop?: AbortSignal;
  /** Somebody was stopped in the middle of this, so documents may be there already. */
  resumed?: boolean;
  /** What happened later is left out. */
  asOf?: Millis;
  /** Reading goes on once it resolves. */
  onProgress?(progress: BuildProgress): unknown;
};

export type BuildProgress = {
  /** Read so far. */
  events: number;
  /** Offsets that were passed, markers included, and all that there are to pass. */
  passed: Offset;
  of: Offset;
};

export type Rebuilt = { events: number; documents: number; parked: number };

/** Their indexes cost least while there are no documents; those of more, afterwards. */
const fewDocuments = 10_000;
const insertedAtOnce = 5_000;
const insertsInFlight = 2;
/** Less could be lost with a server that dies, while the checkpoint that follows it is kept. */
const lasting = { ordered: false, writeConcern: { w: 'majority' as const } };

/**
 * Builds a generation from the first event up to the end of the log as it is now. Lane by lane:
 * while the documents of one are inserted, the next is folded and the one after that begins to be
 * read, so memory holds two lanes and a little.
 * The secondary indexes are the caller's to create, afterwards; those of a small view are there.
 * @throws LogChangedError when the log does not begin at its first event.
 */
export async function rebuild(options: RebuildOptions): Promise<Rebuilt> {
  const { projection, db, log, generation, stop } = options;
  const ends = await endsOf(log, options);
  const rows = await checkpointsOf(db)
    .find({ generation }, { projection: { lane: 1 } })
    .toArray();
  const complete = new Set(rows.map(({ lane }) => lane));
  const todo = [...ends.entries()].filter(([lane]) => !complete.has(lane));
  const progress = { events: 0, passed: 0, of: sum(todo.map(([, end]) => sumOf(end))) };
  const total: Rebuilt = { events: 0, documents: 0, parked: 0 };
  const reader = log.reader();
  let loading: Promise<void> = Promise.resolve();
  const open = ([lane, end]: Lane) => openLane({ ...options, reader, lane, end }, progress);
  let opening = todo[0] && open(todo[0]);
  try {
    for (const [at, [, end]] of todo.entries()) {
      const fold = await opening!;
      const next = todo[at + 1];
      opening = next && open(next);
      // Heard of when it is that lane's turn.
      opening?.catch(() => {});
      await fold.readTo(end);
      const folded = { fold, documents: await fold.documents() };
      stop?.throwIfAborted();
      if (at === 0 && folded.documents.length * todo.length <= fewDocuments) {
        loading = new Generations(db, projection.view).createIndexes(generation);
      }
      await loading;
      loading = loadLane(options, folded);
      // It is awaited before the next; until then nobody would hear of its failure.
      loading.catch(() => {});
      progress.passed += sumOf(end);
      progress.events = total.events += folded.fold.events;
      total.documents += folded.documents.length;
      total.parked += folded.fold.letters.length;
    }
    await loading;
  } finally {
    await reader.close();
  }
  return total;
}

const sum = (numbers: readonly number[]): number => numbers.reduce((all, one) => all + one, 0);
const sumOf = (next: Record<string, Offset>): Offset => sum(Object.values(next));

type Lane = [lane: number, end: Record<string, Offset>];
type FoldedLane = { fold: LaneFold; documents: Document[] };
type LaneToOpen = RebuildOptions & { reader: LogReader; lane: number; end: Record<string, Offset> };

/** A lane whose first events are on their way. */
async function openLane(options: LaneToOpen, before: BuildProgress): Promise<LaneFold> {
  const { projection, db, codec, generation, prefix, stop, asOf } = options;
  const { reader, lane, end, onProgress } = options;
  const onEvents = () =>
    onProgress?.({
      events: before.events + fold.events,
      passed: before.passed + sumOf(fold.standing.next),
      of: before.of,
    });
  const discarded = await discardedIn(db, viewId(projection.view), lane);
  const fold: LaneFold = new LaneFold(
    { projection, codec, generation, lane, prefix, stop, asOf, discarded, onEvents },
    reader,
  );
  fold.readAhead(end);
  return fold;
}

/** The checkpoint last: only then the lane counts as built. */
async function loadLane(
  { db, generation, stop, resumed }: RebuildOptions,
  { fold, documents }: FoldedLane,
): Promise<void> {
  const collection = db.collection<Document>(generation);
  if (resumed) await replaceAll(collection, documents, fold.slots, stop);
  else await insertAll(collection, documents, stop);
  await park(deadLettersOf(db), fold.letters);
  const { lane, standing } = fold;
  await checkpointsOf(db).replaceOne(
    { _id: checkpointId(generation, lane) },
    { generation, lane, ...standing, updatedAt: new Date() },
    { upsert: true, writeConcern: { w: 'majority' } },
  );
}

const insertAll = (
  collection: Collection<Document>,
  documents: readonly Document[],
  stop: AbortSignal | undefined,
): Promise<void> => inSlices(documents, stop, (slice) => collection.insertMany(slice, lasting));

/** Whatever an earlier try has left of this lane gives way, what is removed by now included. */
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
  await Promise.all(Array.from({ length: insertsInFlight }, next));
}
