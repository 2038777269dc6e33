import type { ClientSession, MongoClient } from 'mongodb';
import { type ConsistencyToken, mergeTokens } from '../consistency-token.ts';
import type { LogPlaces } from '../log/log-places.ts';
import type { KeyRing } from '../personal/key-ring.ts';
import { KeyUnknownError } from '../personal-text.ts';
import type { LineQuery, Reading } from '../query.ts';
import { caughtUp, clientOf, mayBeDropped, notVisibleYet, type Question } from './answering.ts';
import { endingReads } from './ending-reads.ts';
import { type PinnedViews, placesOf, type Source } from './pinned-views.ts';
import { progressOf, seenByAll } from './progress.ts';
import { QueryReading } from './query-reading.ts';
import { ReadLimiter } from './read-limiter.ts';
import type { SharedLimits } from './read-limits.ts';
import type { ReadModels } from './read-models.ts';

export type LinesOptions = {
  client: MongoClient;
  database: string;
  readModels: ReadModels;
  log: string;
  places: Pick<LogPlaces, 'check'>;
  limits: SharedLimits;
  /** The keys of text of people; null if none is encrypted. */
  keys?: { ring: Pick<KeyRing, 'caughtUp' | 'settle'> } | null;
};

/** Writes the lines out; resolves once they are on their way. */
export type WriteLines = (lines: AsyncIterable<unknown>, seen: ConsistencyToken) => Promise<void>;

/** Each holds some hundred documents, and a cursor in the database. */
const atOnce = 16;
const queue = 32;
/** For what the database does; how long the client takes to read is bounded elsewhere. */
const readWithinMs = 60_000;

/** Lets only so many answers in lines be under way at once in this process. */
export const linesLimiter = () => new ReadLimiter({ atOnce, queue });

/**
 * Answers a query in lines, from one generation of each of its views, read at one moment.
 * @throws Problem as an answer in one piece.
 */
export function answeringLines(definition: LineQuery, limiter: ReadLimiter, options: LinesOptions) {
  const { client, database, readModels, log, limits } = options;
  const { views, copies = [], lines, for: who = 'anybody' } = definition;
  const sources: readonly Source[] = [...views, ...copies];

  return async (question: LineQuestion, write: WriteLines): Promise<void> => {
    const { caller, wanted, input } = question;
    const signal = question.gone();
    const waiting = { ...question, asOf: null };
    if (wanted) {
      await caughtUp(sources, { ...waiting, wanted }, limits.turnsOf(caller), options);
    }
    await limiter.run(clientOf(question), signal, async () => {
      const snapshot = client.startSession({ snapshot: true });
      try {
        const pinned = readModels.pin(sources);
        const seen = await seenIn(snapshot, pinned);
        const ending = { signal, at: performance.now() + readWithinMs, snapshot };
        const position = { log, epoch: pinned.epoch, seen };
        const read: Reading['read'] = (view) => endingReads(pinned.collection(view), ending);
        const reading = new QueryReading({ read, copy: pinned.copy, position, caller });
        const all = { log, seen };
        // A primary that was just elected may not know yet what the last one had committed.
        if (wanted && isLacking(sources, wanted, all)) throw notVisibleYet();
        // Each text in the snapshot has a key that was there before it; no text is for anybody.
        if (who !== 'anybody') await options.keys?.ring.caughtUp();
        const whole = readToTheEnd(lines(input, reading), pinned);
        await write(whole, wanted ? mergeTokens(log, wanted, all) : all);
      } catch (error) {
        // A key that is lost: the next answer says so in the text's place.
        if (error instanceof KeyUnknownError) await options.keys?.ring.settle(error.keyId);
        throw error;
      } finally {
        await snapshot.endSession();
      }
    });
  };

  /** A collection that is dropped meanwhile reads as an empty one, also to a snapshot. */
  async function* readToTheEnd(all: AsyncIterable<unknown>, pinned: PinnedViews) {
    yield* all;
    await progressIn(generationsOf(pinned));
  }

  function generationsOf(pinned: PinnedViews): string[] {
    return views.map((view) => pinned.collection(view).collectionName);
  }

  /** @throws Problem `part-away` if one of them was dropped: its checkpoints go first. */
  async function progressIn(generations: readonly string[], snapshot?: ClientSession) {
    // Outside of a snapshot, a secondary would tell of a drop too late.
    const db = client.db(database, snapshot ? {} : { readPreference: 'primary' });
    const read = new Map(await progressOf(db, generations, snapshot));
    if ([...read.values()].some(({ next }) => next.size === 0)) throw mayBeDropped();
    return read;
  }

  /** What views have seen at the moment of the snapshot, and copies a moment before it. */
  async function seenIn(snapshot: ClientSession, pinned: PinnedViews) {
    const generations = generationsOf(pinned);
    const read = await progressIn(generations, snapshot);
    const fed = views.map((view, at) => ({ ...view, progress: read.get(generations[at]!)! }));
    const copied = new Set(copies.flatMap(({ view }) => view.topics));
    const ofCopies = Object.entries(pinned.seen.seen).filter(([at]) =>
      copied.has(at.slice(0, at.lastIndexOf(':'))),
    );
    const seen: ConsistencyToken['seen'] = { ...seenByAll(fed), ...Object.fromEntries(ofCopies) };
    return seen;
  }
}

/** Whether something is missing of what the token asks for, as far as it feeds these sources. */
const isLacking = (
  sources: readonly Source[],
  wanted: ConsistencyToken,
  { seen }: ConsistencyToken,
): boolean =>
  sources
    .flatMap((source) => placesOf(source, wanted))
    .some(({ at, offset }) => (seen[at as `${string}:${number}`] ?? -1) < offset);

export type LineQuestion = Omit<Question, 'asked' | 'asOf'> & { input: Record<string, unknown> };
