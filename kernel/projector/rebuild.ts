import type { Collection, Db } from 'mongodb';
import type { Codec } from '../codec.ts';
import type { Log, LogReader, LogRecord, Position } from '../log/log.ts';
import type { AnyProjection } from '../projection.ts';
import { checkpointId, checkpointsOf, lastOf, newStanding, type Standing } from './checkpoint.ts';
import { deadLettersOf, type Place, park } from './dead-letters.ts';
import { type Document, Fold, type Slot, UnderivableError } from './fold.ts';
import { viewId } from './generations.ts';
import { LogChangedError } from './same-log.ts';

export type RebuildOptions = {
  projection: AnyProjection;
  db: Db;
  log: Log;
  codec: Codec;
  /** An empty collection. */
  generation: string;
  lanes: number;
  /** Stands before the topics' names in the log. */
  prefix: string;
  stop?: AbortSignal;
  /** Called with the number of events read so far. */
  onProgress?(events: number): void;
};

export type Rebuilt = { events: number; documents: number; parked: number };

const insertedAtOnce = 5_000;
const insertsInFlight = 2;

/**
 * Builds a generation from the first event up to the end of the log as it is now. Lane by lane:
 * while the documents of one are inserted, the next is folded, so memory holds two lanes at most.
 * The secondary indexes are the caller's to create, afterwards.
 * @throws LogChangedError when the log does not begin at its first event.
 */
export async function rebuild(options: RebuildOptions): Promise<Rebuilt> {
  const { log, lanes, stop } = options;
  const ends = await endsOf(options);
  const total: Rebuilt = { events: 0, documents: 0, parked: 0 };
  const reader = log.reader();
  let loading: Promise<void> = Promise.resolve();
  try {
    for (let lane = 0; lane < lanes; lane += 1) {
      const until = ends.filter((end) => end.lane === lane);
      const folded = await foldLane(options, reader, until, (events) =>
        options.onProgress?.(total.events + events),
      );
      stop?.throwIfAborted();
      await loading;
      loading = loadLane(options, folded);
      // It is awaited before the next; until then nobody would hear of its failure.
      loading.catch(() => {});
      total.events += folded.events;
      total.documents += folded.documents.length;
      total.parked += folded.fold.letters.length;
    }
    await loading;
  } finally {
    await reader.close();
  }
  return total;
}

/** Where each lane of each topic ends now. */
async function endsOf({ projection, log, lanes, prefix }: RebuildOptions): Promise<Position[]> {
  const ends: Position[] = [];
  for (const topic of projection.view.topics.map((name) => prefix + name)) {
    const [first, stable] = await Promise.all([log.firstOffsets(topic), log.stableOffsets(topic)]);
    for (let lane = 0; lane < lanes; lane += 1) {
      const next = stable[lane];
      if (next === undefined) throw new LogChangedError(`${topic} has no lane ${lane}.`);
      if (first[lane] !== 0) {
        const cut = `${topic}/${lane} begins at ${first[lane]}: its first events are gone.`;
        throw new LogChangedError(`${cut} Restore the topic.`);
      }
      ends.push({ topic, lane, next });
    }
  }
  return ends;
}

type FoldedLane = {
  lane: number;
  fold: Fold;
  documents: Document[];
  standing: Standing;
  events: number;
};

async function foldLane(
  options: RebuildOptions,
  reader: LogReader,
  until: Position[],
  onProgress: (events: number) => void,
): Promise<FoldedLane> {
  try {
    return await foldOnce(options, reader, until, onProgress, false);
  } catch (error) {
    if (!(error instanceof UnderivableError)) throw error;
    return foldOnce(options, reader, until, onProgress, true);
  }
}

async function foldOnce(
  { projection, codec, generation, prefix, stop }: RebuildOptions,
  reader: LogReader,
  until: Position[],
  onProgress: (events: number) => void,
  careful: boolean,
): Promise<FoldedLane> {
  const lane = until[0]!.lane;
  const place: Place = { view: viewId(projection.view), generation, lane };
  const fold = new Fold({ projection, codec, place, prefix, parked: new Set(), careful });
  const slots = new Map<string, Slot>();
  const standing = newStanding(projection.view.topics);
  const newest = new Map<string, LogRecord>();
  let events = 0;
  const subscription = reader.subscribe(
    until.map((end) => ({ ...end, next: 0 })),
    { until },
  );
  try {
    for (let chunks = await subscription.take(); chunks.length > 0; ) {
      for (const { topic, records, next } of chunks) {
        stop?.throwIfAborted();
        await codec.learn(records);
        for (const record of records) {
          const fed = fold.feed(record);
          if (!fed) continue;
          let slot = slots.get(fed.id);
          if (!slot) {
            slot = { before: null, document: null };
            slots.set(fed.id, slot);
          }
          fold.apply(fed, slot);
        }
        events += records.length;
        standing.next[fold.topicOf({ topic })] = next;
        const last = records.at(-1);
        if (last) newest.set(fold.topicOf(last), last);
      }
      onProgress(events);
      chunks = await subscription.take();
    }
  } finally {
    await subscription.close();
  }
  for (const [topic, record] of newest) standing.last[topic] = lastOf(record);
  standing.lastTime = Math.max(0, ...[...newest.values()].map(({ timestamp }) => timestamp));
  const documents: Document[] = [];
  for (const { document } of slots.values()) if (document) documents.push(fold.derived(document));
  return { lane, fold, documents, standing, events };
}

/** The checkpoint last: only then the lane counts as built. */
async function loadLane(
  { db, generation, stop }: RebuildOptions,
  { lane, fold, documents, standing }: FoldedLane,
): Promise<void> {
  await insertAll(db.collection<Document>(generation), documents, stop);
  await park(deadLettersOf(db), fold.letters);
  const _id = checkpointId(generation, lane);
  await checkpointsOf(db).replaceOne(
    { _id },
    { generation, lane, ...standing, updatedAt: new Date() },
    { upsert: true, writeConcern: { w: 'majority' } },
  );
}

async function insertAll(
  collection: Collection<Document>,
  documents: readonly Document[],
  stop: AbortSignal | undefined,
): Promise<void> {
  let from = 0;
  const insert = async () => {
    while (from < documents.length) {
      stop?.throwIfAborted();
      const slice = documents.slice(from, from + insertedAtOnce);
      from += slice.length;
      await collection.insertMany(slice, { ordered: false, writeConcern: { w: 1 } });
    }
  };
  await Promise.all(Array.from({ length: insertsInFlight }, insert));
}
