import { RegistryAwayError } from '#kernel/codec/registry-requests.ts';
import { messageOf } from '#kernel/message-of.ts';
import { isMongoAway } from '#kernel/mongo/mongo-away.ts';
import { type LetterFilter, lettersMeant } from '#kernel/operations/letter-filter.ts';
import {
  discardLetter,
  type ParkedKey,
  retryKey,
} from '#kernel/projector/dead-letters/dead-letter-retry.ts';
import { type DeadLetter, deadLettersOf } from '#kernel/projector/dead-letters/dead-letters.ts';
import type { JobProgress } from '#schemas/operations/job-progress.ts';
import { projectionOf } from '../dead-letters/letters.ts';
import { ToolError } from '../tool/exit.ts';
import type { JobWork } from './job-work.ts';

type Result = JobProgress['results'][number];

/** More than this would make a document that is too large. */
const mostLetters = 10_000;
const keepEveryMs = 500;

/** Folds the letters that the filter finds, with the others of their keys: key after key. */
export async function retryLetters(filter: LetterFilter, work: JobWork): Promise<string> {
  const { db } = work.tool;
  const ids = await lettersOf(filter, work);
  const keys = new Map<string, ParkedKey>();
  const letters = deadLettersOf(db).find({ _id: { $in: ids } });
  const sorted = letters.sort({ generation: 1, lane: 1, topic: 1, offset: 1 });
  for await (const letter of sorted.project<DeadLetter>({ value: 0, headers: 0, stack: 0 })) {
    const { generation, lane, topic, key } = letter;
    keys.set(`${generation}/${topic}/${lane}, key ${key}`, letter);
  }
  await eachResult([...keys.keys()], work, (place) => retryOne(keys.get(place)!, work));
  const left = await deadLettersOf(db).countDocuments({ _id: { $in: ids } });
  return `${ids.length} letters found; ${ids.length - left} folded, ${left} left`;
}

async function retryOne(
  parked: ParkedKey,
  { tool, session }: JobWork,
): Promise<Omit<Result, 'what'>> {
  const projection = projectionOf(parked);
  if (!projection) {
    const why = `${parked.view} retries its letters itself, or is not a view of this code`;
    return { ok: false, detail: why };
  }
  const { folded, left, error } = await retryKey({ ...tool, session, projection }, parked);
  const detail = error === null ? `${folded} folded` : `${folded} folded, ${left} left: ${error}`;
  return { ok: left === 0, detail };
}

export async function discardLetters(
  { filter, reason }: { filter: LetterFilter; reason: string },
  work: JobWork,
): Promise<string> {
  const { session, tool } = work;
  const { client, db, stop } = tool;
  const results = await eachResult(await lettersOf(filter, work), work, async (id) => {
    const ok = await discardLetter(client, db, id, reason, { session, stop });
    return { ok, detail: ok ? 'discarded' : 'it is no dead letter any more' };
  });
  const discarded = results.filter(({ ok }) => ok).length;
  return `${discarded} of ${results.length} letters are discarded`;
}

/** The letters that the filter finds first, for whichever workers do the job. */
async function lettersOf(filter: LetterFilter, { tool, known, keep }: JobWork): Promise<string[]> {
  if (known.letters) return known.letters;
  const found = await deadLettersOf(tool.db)
    .find(await lettersMeant(tool.db, filter))
    .sort({ generation: 1, lane: 1, topic: 1, key: 1, offset: 1 })
    .limit(mostLetters + 1)
    .project<{ _id: string }>({ _id: 1 })
    .toArray();
  if (found.length > mostLetters) {
    throw new ToolError(`The filter finds more than ${mostLetters} letters: narrow it.`);
  }
  const letters = found.map(({ _id }) => _id);
  await keep({ letters });
  return letters;
}

/**
 * Does something with each, and keeps what came of it. One that fails doesn't stop the rest, and
 * what an earlier worker has kept is not done again.
 */
async function eachResult(
  all: readonly string[],
  { tool, known, keep }: JobWork,
  work: (what: string) => Promise<Omit<Result, 'what'>>,
): Promise<Result[]> {
  const results = [...known.results];
  const done = new Set(results.map(({ what }) => what));
  let keptAt = performance.now();
  const failed = (error: unknown) => failure(error, tool.stop);
  try {
    for (const what of all) {
      if (done.has(what)) continue;
      tool.stop.throwIfAborted();
      results.push({ what, ...(await work(what).catch(failed)) });
      if (performance.now() - keptAt < keepEveryMs) continue;
      await keep({ results });
      keptAt = performance.now();
    }
  } finally {
    // Also when the job is cancelled: what is done is shown.
    await keep({ results });
  }
  return results;
}

/** @throws the error if it would meet all others too: the job ends, or is tried again later. */
function failure(error: unknown, stop: AbortSignal): Omit<Result, 'what'> {
  if (stop.aborted || isMongoAway(error) || error instanceof RegistryAwayError) throw error;
  return { ok: false, detail: messageOf(error) };
}
