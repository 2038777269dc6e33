import type { QueryKey } from '@tanstack/react-query';
import type { Schemas } from '#client/client.ts';
import { answers } from './answers.ts';

export type ListedMovie = Omit<Schemas['ListedMovie'], 'imdbId' | 'tmdbId' | 'retired'>;
export type Me = NonNullable<ListedMovie['me']>;

type Effect = { movieId: string; change: <M extends ListedMovie>(movie: M) => M };

/** What an answer with effects was read as, and those that it shows, the oldest first. */
type Made = { read: unknown; effects: readonly Effect[] };

/** An answer that was read since is no key here: it holds as it is. */
const made = new WeakMap<object, Made>();

/**
 * Changes a movie in every answer that is kept, so that all of the screen shows the change at once.
 * @returns how to take that back, and nothing else, wherever it still shows.
 */
export function changeMovie(movieId: string, change: Effect['change']): () => void {
  const effect = { movieId, change };
  for (const [key, data] of answers.getQueriesData({})) {
    if (changedIn(data, effect) === data) continue;
    const { read, effects } = made.get(data as object) ?? { read: data, effects: [] };
    show(key, { read, effects: [...effects, effect] });
  }
  return () => {
    for (const [key, data] of answers.getQueriesData({})) {
      const { read, effects } = made.get(Object(data)) ?? { read: data, effects: [] };
      if (!effects.includes(effect)) continue;
      show(key, { read, effects: effects.filter((one) => one !== effect) });
    }
  };
}

function show(key: QueryKey, { read, effects }: Made): void {
  answers.setQueryData(key, effects.reduce(changedIn, read));
  // The answer that is kept shares what is equal with the one before it, so it may be another one.
  const kept = answers.getQueryData<object>(key);
  if (kept) made.set(kept, { read, effects });
}

/** Answers are movies, lists of movies, or pages of such lists. */
function changedIn(data: unknown, effect: Effect): unknown {
  const { movieId, change } = effect;
  if (Array.isArray(data)) {
    const changed = data.map((one) => changedIn(one, effect));
    return changed.some((one, index) => one !== data[index]) ? changed : data;
  }
  if (typeof data !== 'object' || data === null) return data;
  if ('movieId' in data && 'likes' in data) {
    return data.movieId === movieId ? change(data as ListedMovie) : data;
  }
  for (const field of ['items', 'pages'] as const) {
    if (!(field in data)) continue;
    const inside = (data as Record<string, unknown>)[field];
    const changed = changedIn(inside, effect);
    return changed === inside ? data : { ...data, [field]: changed };
  }
  return data;
}

const nothingYet: Me = { vote: null, version: null, reminder: null, plays: 0 };

export const withMine =
  (mine: Partial<Me>) =>
  <M extends ListedMovie>(movie: M): M => ({
    ...movie,
    me: { ...(movie.me ?? nothingYet), ...mine },
  });

export const withVote =
  (vote: Me['vote']) =>
  <M extends ListedMovie>(movie: M): M => {
    const before = movie.me?.vote ?? null;
    const counted = (kind: 'like' | 'dislike') => Number(vote === kind) - Number(before === kind);
    return {
      ...withMine({ vote })(movie),
      likes: movie.likes + counted('like'),
      dislikes: movie.dislikes + counted('dislike'),
    };
  };
