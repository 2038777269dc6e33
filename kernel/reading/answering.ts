import { createHash } from 'node:crypto';
import type { Caller } from '../auth/tokens.ts';
import { type ConsistencyToken, mergeTokens } from '../consistency-token.ts';
import { isMongoAway } from '../mongo/mongo-away.ts';
import { Problem } from '../problems.ts';
import type { Query } from '../query.ts';
import { AnswerCache, type Sendable } from './answer-cache.ts';
import type { PinnedViews, Source } from './pinned-views.ts';
import type { ReadModels } from './read-models.ts';

/** A request, as far as its answer depends on it. */
export type Question = {
  /** Two questions with the same URL, by the same caller, may share an answer. */
  url: string;
  /** As the query's schema has parsed it. */
  input: Record<string, unknown>;
  caller: Caller | null;
  /** Read the views as they stood under this name; null for now. */
  asOf: string | null;
  /** The answer has to have seen everything that this token has seen. */
  wanted: ConsistencyToken | null;
  /** How long the views may take to catch up with the token. */
  waitMs: number;
};

/** An answer, and a lower bound of what it has seen of the log. */
export type Answer = Sendable & { seen: ConsistencyToken };

export type AnsweringOptions = {
  readModels: ReadModels;
  /** The id of the log that the read models are made from. */
  log: string;
};

/** A slower answer is given up: the database is away or overrun. */
const answerWithinMs = 5_000;

/**
 * Answers a query from one generation of each of its views, once they have seen the wanted token.
 * @throws Problem `read-model-behind`, `read-model-building`, `as-of-unknown`, `part-away`, and
 * any error of the query itself.
 */
export function answering(
  definition: Query,
  { readModels, log }: AnsweringOptions,
): (question: Question) => Promise<Answer> {
  const { views, copies = [], for: who = 'anybody' } = definition;
  const sources: readonly Source[] = [...views, ...copies];
  const cache = new AnswerCache();

  return async ({ url, input, asOf, wanted, waitMs, ...question }) => {
    // With `asOf` there is always a caller, but a query for anybody answers as if there were none.
    const caller = asOf === null || who !== 'anybody' ? question.caller : null;
    if (wanted && asOf === null) await caughtUp(readModels, sources, wanted, waitMs);
    // Read before the generations are pinned: a later generation has seen at least as much.
    const seen = asOf === null ? readModels.seen(sources) : { log, seen: {} };
    const pinned = asOf === null ? readModels.pin(sources) : await readModels.asOf(asOf, copies);
    const { collection: read, copy } = pinned;
    const make = async (): Promise<Sendable> => {
      const answer = await inTime(definition.answer(input, { read, copy, caller }));
      const body = Buffer.from(JSON.stringify(answer));
      return { body, etag: etagOf(body) };
    };
    // With a token the database itself is asked, so that answers never go back in time. Without
    // one an answer may be a moment old, until the views are known to have moved.
    if (wanted) return { ...(await make()), seen: mergeTokens(log, wanted, seen) };
    const key = JSON.stringify([url, caller && [caller.userId, ...caller.roles]]);
    return { ...(await cache.get(key, stateOf(pinned, seen), make)), seen };
  };
}

/** Weak, of length and SHA-1, as Express makes them. */
function etagOf(body: Buffer): string {
  const hash = createHash('sha1').update(body).digest('base64').slice(0, 27);
  return `W/"${body.length.toString(16)}-${hash}"`;
}

/** Changes whenever a view has moved or is served from another generation. */
const stateOf = ({ generations }: PinnedViews, { seen }: ConsistencyToken): string =>
  JSON.stringify([generations, seen]);

async function caughtUp(
  readModels: ReadModels,
  sources: readonly Source[],
  token: ConsistencyToken,
  timeoutMs: number,
): Promise<void> {
  if (await readModels.waitFor(sources, token, timeoutMs)) return;
  const detail = 'What the token asks for is not visible yet; ask again, or wait longer by Prefer.';
  throw new Problem('read-model-behind', detail);
}

async function inTime<T>(answer: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const away = new Problem('part-away', 'The database did not answer in time; try again.');
    timer = setTimeout(() => reject(away), answerWithinMs);
  });
  try {
    return await Promise.race([answer, late]);
  } catch (cause) {
    if (!isMongoAway(cause)) throw cause;
    throw new Problem('part-away', 'The database is out of reach; try again.', { cause });
  } finally {
    clearTimeout(timer);
  }
}
