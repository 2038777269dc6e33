import { hash } from 'node:crypto';
import type { Caller } from '../auth/tokens.ts';
import { before } from '../before.ts';
import { type ConsistencyToken, hasSeen, mergeTokens } from '../consistency-token.ts';
import type { LogPlaces } from '../log/log-places.ts';
import type { Operations } from '../operations/operations.ts';
import type { KeyRing } from '../personal/key-ring.ts';
import { KeyUnknownError } from '../personal-text.ts';
import { Problem } from '../problems.ts';
import type { Query, Reading } from '../query.ts';
import type { Asked } from './asked.ts';
import { endingReads } from './ending-reads.ts';
import type { PinnedViews, Source } from './pinned-views.ts';
import { QueryReading } from './query-reading.ts';
import { overloaded } from './read-limiter.ts';
import type { SharedLimits, Turns } from './read-limits.ts';
import type { ReadModels } from './read-models.ts';
import { type Make, type Sendable, SharedAnswer } from './shared-answer.ts';

/** A request, as far as its answer depends on it. */
export type Question = {
  asked: Asked;
  caller: Caller | null;
  /** Where a request without a caller comes from. */
  address: string;
  /** Read the views as they stood under this name; null for now. */
  asOf: string | null;
  /** The answer has to have seen everything that this token has seen. */
  wanted: ConsistencyToken | null;
  /** How long the views may take to catch up with the token. */
  waitMs: number;
  /** Aborted when the client has closed its request. */
  gone(): AbortSignal;
};

type CaughtUp = Omit<Question, 'asked'> & { wanted: ConsistencyToken };

/** An answer, and a lower bound of what it has seen of the log. */
export type Answer = Sendable & { seen: ConsistencyToken };

export type AnsweringOptions = {
  readModels: ReadModels;
  /** The id of the log that the read models are made from. */
  log: string;
  places: Pick<LogPlaces, 'check'>;
  limits: SharedLimits;
  /** Only a service that has queries for operators. */
  operations?: Operations | undefined;
  /** The keys of text of people, and the topic that tells whose are destroyed. */
  keys?: { ring: Pick<KeyRing, 'settle' | 'erasedUpTo'>; topic: string } | null;
};

/**
 * Answers a query from one generation of each of its views, once they have seen the wanted token.
 * @throws Problem `read-model-behind`, `read-model-building`, `as-of-unknown`, `part-away`,
 * `overloaded`, and any error of the query itself.
 */
export function answering(
  definition: Query,
  options: AnsweringOptions,
): (question: Question) => Answer | Promise<Answer> {
  const { readModels, log, limits } = options;
  const { views, copies = [], for: who = 'anybody' } = definition;
  const sources: readonly Source[] = [...views, ...copies];

  return (question) => {
    if (question.wanted || question.asOf !== null) return computed(question);
    const pinned = readModels.pin(sources);
    const { state, seen } = pinned;
    const kept = limits.answers.kept({ key: keyOf(question), state });
    return kept ? { ...kept, seen } : computed(question);
  };

  async function computed(question: Question): Promise<Answer> {
    const { asked, asOf, wanted } = question;
    const gone = question.gone();
    // With `asOf` there is always a caller, but a query for anybody answers as if there were none.
    const caller = asOf === null || who !== 'anybody' ? question.caller : null;
    const turns = limits.turnsOf(question.caller);
    if (wanted) {
      await caughtUp(sources, { ...question, wanted }, turns, options);
      await options.keys?.ring.erasedUpTo(wanted, options.keys.topic);
    }
    const pinned =
      asOf === null
        ? readModels.pin(sources)
        : await inTime(readModels.asOf(asOf, copies, gone), limits);
    const { state, seen } = pinned;
    const turn = <T>(read: () => Promise<T>) => turns.limiter.run(clientOf(question), gone, read);
    const make: Make = async (ending) => {
      let thereUntil = Number.POSITIVE_INFINITY;
      const read: Reading['read'] = (view) => {
        thereUntil = Math.min(thereUntil, pinned.thereUntil(view));
        return endingReads(pinned.collection(view), ending);
      };
      const position = { ...seen, epoch: pinned.epoch };
      const given = { read, copy: pinned.copy, position, caller };
      const reading = new QueryReading(given, options.operations);
      const answer = await withKeys(() => definition.answer(asked.input, reading), options.keys);
      if (performance.now() > thereUntil) throw mayBeDropped();
      const body = JSON.stringify(answer);
      const bytes = Buffer.byteLength(body);
      return { body, bytes, etag: etagOf(body, bytes) };
    };
    // With a token an answer is computed from views that have seen it. Without one it may be a
    // moment old, until the views are known to have moved.
    if (wanted) {
      const answer = await turn(() => new SharedAnswer(make, limits.answerWithinMs).wait(gone));
      // The text of what the views have seen is known already; that of a merged token isn't.
      const all = hasSeen(seen, wanted) ? seen : mergeTokens(log, wanted, seen);
      return { ...answer, seen: all };
    }
    const key = keyOf(question);
    return { ...(await limits.answers.get({ key, state, gone, turn, make })), seen };
  }
}

/** Copies of views as of a time may have to be loaded first. */
async function inTime(
  loading: Promise<PinnedViews>,
  { answerWithinMs }: SharedLimits,
): Promise<PinnedViews> {
  const views = await before(loading, performance.now() + answerWithinMs);
  if (views) return views;
  throw new Problem('read-model-building', 'The views of that time are still being loaded.');
}

/** This process slept, or was cut off. A collection that was dropped reads as an empty one. */
export const mayBeDropped = (): Problem =>
  new Problem('part-away', 'The views may have been switched meanwhile; try again.');

/** A text may be in a view before its key is known here: such an answer is made again. */
export async function withKeys<T>(
  make: () => Promise<T>,
  keys: AnsweringOptions['keys'],
): Promise<T> {
  for (;;) {
    try {
      return await make();
    } catch (error) {
      if (!(error instanceof KeyUnknownError) || !keys) throw error;
      await keys.ring.settle(error.keyId);
    }
  }
}

export const clientOf = ({ caller, address }: Pick<Question, 'caller' | 'address'>): string =>
  caller ? `user ${caller.userId}` : address;

const callerKeys = new WeakMap<Caller, string>();

/** The same for all requests that have the same answer while the views don't move. */
function keyOf({ asked, asOf, caller }: Question): string {
  if (!caller) return asked.key;
  let known = callerKeys.get(caller);
  if (known === undefined) {
    known = JSON.stringify([caller.userId, ...caller.roles]);
    callerKeys.set(caller, known);
  }
  return asOf === null ? `${known} ${asked.key}` : `${known} ${asOf} ${asked.key}`;
}

/** Weak, of length and SHA-1, as Express makes them. */
function etagOf(body: string, bytes: number): string {
  const digest = hash('sha1', body, 'base64').slice(0, 27);
  return `W/"${bytes.toString(16)}-${digest}"`;
}

/** Waits for what the token asks for. @throws Problem `read-model-behind`, `overloaded` */
export async function caughtUp(
  sources: readonly Source[],
  question: CaughtUp,
  { behind }: Turns,
  { readModels, places }: Pick<AnsweringOptions, 'readModels' | 'places'>,
): Promise<void> {
  const { wanted, waitMs, asOf, gone } = question;
  const client = clientOf(question);
  if (!behind.take(client)) throw overloaded();
  try {
    await places.check(wanted);
    // Views as of a time never move, so there is nothing to wait for.
    if (asOf !== null || (await readModels.waitFor(sources, wanted, waitMs, gone()))) return;
  } finally {
    behind.giveBack(client);
  }
  throw notVisibleYet();
}

export function notVisibleYet(): Problem {
  const detail = 'What the token asks for is not visible yet; ask again, or wait longer by Prefer.';
  return new Problem('read-model-behind', detail);
}
