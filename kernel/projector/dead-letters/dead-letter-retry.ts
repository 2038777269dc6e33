import {
  BSON,
  type ClientSession,
  type Collection,
  type Db,
  type MongoClient,
  MongoError,
  MongoErrorLabel,
} from 'mongodb';
import { Backoff } from '../../backoff.ts';
import type { Codec } from '../../codec/codec.ts';
import type { LogRecord } from '../../log/log.ts';
import { ensureCollection } from '../../mongo/ensure-collection.ts';
import { transact } from '../../mongo/transact.ts';
import type { AnyProjection } from '../../projection.ts';
import { changedIn, changesOf, recordChanges } from '../changes.ts';
import { checkpointId, checkpointsOf, HeldError, isFree } from '../checkpoint.ts';
import { type Document, Fold, type Slot } from '../fold.ts';
import { type DeadLetter, deadLettersOf, type Place, park, recordOf } from './dead-letters.ts';

/** The dead letters of one view, topic and key: all wait for the first of them. */
export type ParkedKey = Place & { topic: string; key: string };

export type RetryOptions = {
  projection: AnyProjection;
  client: MongoClient;
  db: Db;
  codec: Codec;
  /** Stands before the topics' names in the log. */
  prefix: string;
  /** Fold in memory, and store nothing. */
  dryRun?: boolean;
} & Trying;

type Trying = {
  /**
   * The session for the transactions, such as that of a lease: its next owner ends a transaction
   * that a killed process left open. Without it, MongoDB does so, after a minute.
   */
  session?: ClientSession | undefined;
  /** Ends the work between two transactions. */
  stop?: AbortSignal | undefined;
};

export type Retried = {
  /** Events that were folded, and are dead letters no more. */
  folded: number;
  /** Events still parked: the first that can't be folded, and all after it. */
  left: number;
  /** Why the first of those can't be folded. */
  error: string | null;
};

const atOnce = { letters: 2_000, bytes: 16 * 2 ** 20 };
const patienceMs = 30_000;
const pauses = { firstMs: 5, factor: 2, maxMs: 200, jitter: [0, 1] } as const;

/**
 * Decodes and folds the dead letters of a key with today's code, in order, up to the first that
 * still can't be folded. A live owner of the lane may work on: each step is one transaction that
 * raises `turn` in the lane's checkpoint. So either the step or the owner's transaction is
 * refused, and the owner drops its cache of the lane.
 * @throws MongoError if the owner's transactions got in first for half a minute, or MongoDB is
 *   away; the reason of `stop`, after which what was folded stays folded.
 */
export async function retryKey(options: RetryOptions, parked: ParkedKey): Promise<Retried> {
  const { client, dryRun = false } = options;
  return inSession(client, options, async (session) => {
    let folded = 0;
    for (;;) {
      const step = await patiently(session, () => foldStep(options, parked, session), options.stop);
      folded += step.folded;
      if (dryRun || step.error !== null || step.left === 0) return { ...step, folded };
    }
  });
}

const nothing: Retried = { folded: 0, left: 0, error: null };

async function foldStep(
  { projection, db, codec, prefix, dryRun = false }: RetryOptions,
  { view, generation, lane, topic, key }: ParkedKey,
  session: ClientSession,
): Promise<Retried> {
  // First, so that nobody else moves the lane from here on. The generation may be gone by now.
  if (!dryRun && !(await invalidateOwnersCache(db, { generation, lane }, session))) return nothing;
  const letters = deadLettersOf(db);
  const these = { generation, lane, topic, key };
  const all = await letters.countDocuments(these, { session });
  const waiting = letters.find(these, { session }).sort({ offset: 1 });
  const found = dryRun ? await waiting.toArray() : await firstOf(waiting.limit(atOnce.letters));
  const records = found.map((letter) => recordOf(letter, prefix));
  await codec.learn(records);
  const place = { view, generation, lane };
  const fold = new Fold({ projection, codec, place, prefix, parked: new Set(), careful: true });
  const documents = db.collection<Document>(generation);
  const slots = await foldAll(fold, records, documents, session);
  const stay = new Map(fold.letters.map((letter) => [letter._id, letter]));
  const first = found.find(({ _id }) => stay.has(_id));
  if (!dryRun) {
    await store(fold, slots, documents, session);
    await recordRetry(db, { ...projection, generation, lane }, slots, session);
    const gone = found.filter(({ _id }) => !stay.has(_id)).map(({ _id }) => _id);
    await letters.deleteMany({ _id: { $in: gone } }, { session });
    // The first letter left may have another error now; it keeps the time when it was parked.
    if (first) {
      const { parkedAt, attempts = 0 } = first;
      const tried = { parkedAt, attempts: attempts + 1, triedAt: new Date() };
      await park(letters, [{ ...stay.get(first._id)!, ...tried }], session);
    }
  }
  const left = all - found.length + stay.size;
  return { folded: all - left, left, error: first ? stay.get(first._id)!.error : null };
}

async function firstOf(letters: AsyncIterable<DeadLetter>): Promise<DeadLetter[]> {
  const found: DeadLetter[] = [];
  let bytes = 0;
  for await (const letter of letters) {
    found.push(letter);
    bytes += BSON.calculateObjectSize(letter);
    if (bytes >= atOnce.bytes) break;
  }
  return found;
}

/** @returns the documents of these records, before and after folding. */
async function foldAll(
  fold: Fold,
  records: readonly LogRecord[],
  documents: Collection<Document>,
  session: ClientSession,
): Promise<Map<string, Slot>> {
  const events = records.flatMap((record) => fold.prepare(record) ?? []);
  const slots = new Map<string, Slot>(
    events.map(({ id }) => [id, { before: null, document: null }]),
  );
  const ids = { _id: { $in: [...slots.keys()] } };
  for await (const document of documents.find(ids, { session })) {
    slots.set(document._id, { before: document, document });
  }
  for (const event of events) fold.apply(event, slots.get(event.id)!);
  return slots;
}

async function store(
  fold: Fold,
  slots: ReadonlyMap<string, Slot>,
  documents: Collection<Document>,
  session: ClientSession,
): Promise<void> {
  for (const [_id, { before, document }] of slots) {
    if (document === before) continue;
    const filter = { _id };
    if (!document) await documents.deleteOne(filter, { session });
    else {
      await documents.replaceOne(filter, fold.derived(document), { upsert: true, session });
    }
  }
}

/** Tells copies of the view in memory which documents were changed. */
async function recordRetry(
  db: Db,
  { generation, lane, view }: Pick<Place, 'generation' | 'lane'> & Pick<AnyProjection, 'view'>,
  slots: ReadonlyMap<string, Slot>,
  session: ClientSession,
): Promise<void> {
  const checkpoint = checkpointId(generation, lane);
  const changed = [...slots].filter(([, { before, document }]) => document !== before);
  const told = changedIn(view, changed);
  if (told.ids.length === 0) return;
  const row = await checkpointsOf(db).findOneAndUpdate(
    { _id: checkpoint },
    { $inc: { changes: 1 } },
    { session, returnDocument: 'after' },
  );
  const change = { checkpoint, number: row!.changes, ...told };
  await recordChanges(changesOf(db), [change], session);
}

export type DiscardedLetter = DeadLetter & { reason: string; discardedAt: Date };

export const discardedLettersOf = (db: Db): Collection<DiscardedLetter> =>
  db.collection<DiscardedLetter>('discarded_letters');

/** Events of a lane discarded for a view version, in any generation, as `<topic>/<offset>`. */
export async function discardedIn(db: Db, view: string, lane: number): Promise<Set<string>> {
  const letters = discardedLettersOf(db).find({ view, lane });
  const discarded = new Set<string>();
  for await (const { topic, offset } of letters) discarded.add(`${topic}/${offset}`);
  return discarded;
}

/**
 * Skips an event for good, for this view version and all its later builds. The letter is kept
 * with the reason, and the letters behind it may be retried.
 * @returns false if there is no such letter any more.
 */
export async function discardLetter(
  client: MongoClient,
  db: Db,
  id: string,
  reason: string,
  trying: Trying = {},
): Promise<boolean> {
  // Create the collection beforehand: inside the transaction that would block.
  await ensureCollection(db, 'discarded_letters');
  return inSession(client, trying, (session) => {
    const discard = async () => {
      const letter = await deadLettersOf(db).findOne({ _id: id }, { session });
      // An earlier try of this call may have committed, and its answer been lost.
      if (!letter) return (await discardedLettersOf(db).countDocuments({ _id: id, reason })) > 0;
      // A reactor's letter belongs to no lane of a view.
      if (letter.generation !== letter.view) await invalidateOwnersCache(db, letter, session);
      const discarded = { ...letter, reason, discardedAt: new Date() };
      await discardedLettersOf(db).replaceOne({ _id: id }, discarded, { upsert: true, session });
      await deadLettersOf(db).deleteOne({ _id: id }, { session });
      return true;
    };
    return patiently(session, discard, trying.stop);
  });
}

const inSession = <T>(
  client: MongoClient,
  { session }: Trying,
  work: (session: ClientSession) => Promise<T>,
): Promise<T> => (session ? work(session) : client.withSession(work));

/**
 * Raises the lane's `turn`, so that its owner's next transaction is refused, and the owner reads
 * checkpoint, documents and parked keys again.
 * @returns false if the generation is gone.
 * @throws HeldError while nobody may move the lane.
 */
async function invalidateOwnersCache(
  db: Db,
  { generation, lane }: Pick<Place, 'generation' | 'lane'>,
  session: ClientSession,
): Promise<boolean> {
  const _id = checkpointId(generation, lane);
  const { matchedCount } = await checkpointsOf(db).updateOne(
    { _id, $expr: isFree },
    { $inc: { turn: 1 } },
    { session },
  );
  if (matchedCount === 1) return true;
  if (await checkpointsOf(db).findOne({ _id }, { session })) throw new HeldError(`${_id} is held`);
  return false;
}

/** Repeats a transaction while the lane's owner gets in between, or the lane is held. */
async function patiently<T>(
  session: ClientSession,
  work: () => Promise<T>,
  stop?: AbortSignal,
): Promise<T> {
  const deadline = performance.now() + patienceMs;
  const backoff = new Backoff(pauses);
  for (;;) {
    stop?.throwIfAborted();
    try {
      let result: T;
      await transact(session, async () => {
        result = await work();
      });
      return result!;
    } catch (error) {
      if (!isPassing(error) || !(await backoff.pause(deadline, stop))) throw error;
    }
  }
}

/** Repeating is safe: if a commit whose answer was lost took place, its letters are gone. */
const isPassing = (error: unknown): boolean =>
  error instanceof HeldError || (error instanceof MongoError && isTransient(error));
const isTransient = (error: MongoError): boolean =>
  error.hasErrorLabel(MongoErrorLabel.TransientTransactionError) ||
  error.hasErrorLabel(MongoErrorLabel.UnknownTransactionCommitResult);
