import { type Query, QueryClient, type QueryFilters } from '@tanstack/react-query';
import { ProblemError, UnreachableError } from '#client/client.ts';

/** The answers of the APIs that are kept for the screen, as they were read. */
export const answers = new QueryClient({
  defaultOptions: {
    // The client repeats requests by itself.
    queries: { retry: false, staleTime: 2_000, refetchOnWindowFocus: true },
    mutations: { retry: false },
  },
});

const waiting = new WeakMap<Query, Promise<unknown>>();

/** Whether an API is away, or lags behind: the same request may succeed later. */
export const isForNow = (error: unknown): boolean =>
  error instanceof UnreachableError || (error instanceof ProblemError && error.status === 503);

/**
 * Reads those of these answers again that are on the screen, and the others when they are there
 * next; resolves once the screen has them, or says why it can't. A read that is on its way is
 * awaited first: it may be older than what is to be seen, and to end it would lose a further page
 * that somebody has asked for.
 * @returns whether none of them failed for now.
 */
export async function readAgain(filters: QueryFilters = {}): Promise<boolean> {
  const active = answers.getQueryCache().findAll({ ...filters, type: 'active' });
  const unseen = answers.invalidateQueries({ ...filters, type: 'inactive', refetchType: 'none' });
  await Promise.all([unseen, ...active.map(readNext)]);
  // A page that was opened meanwhile reads by itself.
  const opened = answers.getQueryCache().findAll({ ...filters, type: 'active' });
  await Promise.all(opened.filter(isFetching).map(ended));
  // The screen is told in a turn of its own.
  await nextTurn();
  const shown = answers.getQueryCache().findAll({ ...filters, type: 'active' });
  return !shown.some(({ state }) => isForNow(state.error));
}

const isFetching = ({ state }: Query): boolean => state.fetchStatus === 'fetching';

/** A read that gets no answer holds up others for so long. */
const longestMs = 10_000;

const ended = (query: Query): Promise<unknown> =>
  Promise.race([
    query.promise?.catch(() => {}),
    new Promise((done) => setTimeout(done, longestMs)),
  ]);

const nextTurn = () => new Promise((done) => setTimeout(done));

/** Whoever asks while one waits gets the same. */
function readNext(query: Query): Promise<unknown> {
  const next =
    waiting.get(query) ??
    afterOthers(query).then(() => {
      waiting.delete(query);
      // If it has left the screen meanwhile, it is read when it is there next.
      void answers.invalidateQueries({ queryKey: query.queryKey, exact: true });
      return ended(query);
    });
  waiting.set(query, next);
  return next;
}

async function afterOthers(query: Query): Promise<void> {
  const until = performance.now() + longestMs;
  while (isFetching(query) && performance.now() < until) {
    await ended(query);
    await nextTurn();
  }
}
