import { type Query, QueryClient, type QueryFilters } from '@tanstack/react-query';

/** The answers of the APIs that are kept for the screen, as they were read. */
export const answers = new QueryClient({
  defaultOptions: {
    // The client repeats requests by itself.
    queries: { retry: false, staleTime: 2_000, refetchOnWindowFocus: true },
    mutations: { retry: false },
  },
});

const waiting = new WeakMap<Query, Promise<void>>();

/**
 * Reads those of these answers again that are on the screen, and the others when they are there
 * next; resolves once the screen has them, or says why it can't. A read that is on its way is
 * awaited first: it may be older than what is to be seen, and to end it would lose a further page
 * that somebody has asked for.
 */
export async function readAgain(filters: QueryFilters = {}): Promise<void> {
  const active = answers.getQueryCache().findAll({ ...filters, type: 'active' });
  const unseen = answers.invalidateQueries({ ...filters, type: 'inactive', refetchType: 'none' });
  await Promise.all([unseen, ...active.map(readNext)]);
  // The screen is told in a turn of its own.
  await nextTurn();
}

const nextTurn = () => new Promise((done) => setTimeout(done));

/** Whoever asks while one waits gets the same. */
function readNext(query: Query): Promise<void> {
  const next =
    waiting.get(query) ??
    afterOthers(query).then(() => {
      waiting.delete(query);
      return answers.refetchQueries({ queryKey: query.queryKey, exact: true, type: 'active' });
    });
  waiting.set(query, next);
  return next;
}

async function afterOthers(query: Query): Promise<void> {
  while (query.state.fetchStatus === 'fetching') {
    await query.promise?.catch(() => {});
    await nextTurn();
  }
}
