import { useEffect } from 'react';
import { type LiveMessage, type MoviesClient, ProblemError } from '#client/client.ts';
import { readAgain } from './answers.ts';
import { api } from './api.ts';
import { session } from './session.ts';

/** Tells which documents of the views have changed, by one stream for the whole page. */

/** The views that the API tells of; of the last ones only to who they are about. */
const shared = ['movies', 'rankings'];
const own = ['votes', 'reminders', 'watched', 'tickets'];

/** Between two reads of the same list: people see no more, and the API has less to do. */
const restMs = 250;
/** How often lists are read again where the API doesn't tell of changes. */
const pollMs = 1_000;

type Follower = {
  views: readonly string[];
  /** @param ids null if it is not known which documents have changed. */
  changed(ids: readonly string[] | null): void;
};

const followers = new Set<Follower>();
let stream: AbortController | null = null;

function follow(follower: Follower): () => void {
  followers.add(follower);
  if (!stream) void run();
  return () => {
    followers.delete(follower);
    // The next page may follow at once: the stream ends when it hasn't.
    setTimeout(() => {
      if (followers.size === 0) stream?.abort();
    }, 1_000);
  };
}

session.subscribe(() => {
  if (!stream) return;
  stream.abort();
  if (followers.size > 0) void run();
});

async function run(): Promise<void> {
  const mine = new AbortController();
  stream = mine;
  const { signal } = mine;
  try {
    const views = viewsOf().join(',');
    const client = api();
    for await (const message of client.live({ views }, { signal })) told(message, client);
  } catch (error) {
    if (signal.aborted) return;
    if (!(error instanceof ProblemError)) throw error;
    // This API has no stream, or no seat for another one.
    while (!signal.aborted) {
      await new Promise((resolve) => setTimeout(resolve, pollMs));
      for (const { changed } of [...followers]) changed(null);
    }
  } finally {
    if (stream === mine) stream = null;
  }
}

const viewsOf = () => (session.get() ? [...shared, ...own] : shared);

type Told = { view?: string; views?: string[]; ids?: string[]; token?: string; resumed?: boolean };

function told({ event, data }: LiveMessage, client: MoviesClient): void {
  const { view, views = view ? [view] : [], ids = null, token, resumed } = data as Told;
  // The reads that follow show what the message tells of.
  if (token) client.saw(token);
  if (event === 'ready' && resumed) return;
  for (const { views: followed, changed } of [...followers]) {
    if (views.some((one) => followed.includes(one))) changed(event === 'changed' ? ids : null);
  }
}

/**
 * Keeps the answers with this key up to date while a component is on the screen.
 * @param views what the answers are made of. @param id the only document that matters.
 */
export function useLive(key: readonly unknown[], views: readonly string[], id?: string): void {
  const text = JSON.stringify([key, views]);
  useEffect(() => {
    const [queryKey, followed] = JSON.parse(text) as [unknown[], string[]];
    let isBusy = false;
    let isStale = false;
    const again = async () => {
      if (isBusy || document.visibilityState === 'hidden') {
        isStale = true;
        return;
      }
      isBusy = true;
      isStale = false;
      await readAgain({ queryKey });
      await new Promise((resolve) => setTimeout(resolve, restMs));
      isBusy = false;
      if (isStale) void again();
    };
    const changed = (ids: readonly string[] | null) => {
      if (ids === null || id === undefined || ids.includes(id)) void again();
    };
    const onVisible = () => {
      if (isStale) void again();
    };
    const leave = follow({ views: followed, changed });
    document.addEventListener('visibilitychange', onVisible);
    return () => {
      leave();
      document.removeEventListener('visibilitychange', onVisible);
    };
  }, [text, id]);
}

/**
 * Keeps the stream open while a component is on the screen: on pages that follow no list, too, it
 * tells at once when the API is away.
 */
export function useStream(): void {
  useEffect(() => follow({ views: [], changed: () => {} }), []);
}
