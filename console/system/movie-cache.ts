import type { Schemas } from '#client/client.ts';
import { answers } from './api.ts';

export type ListedMovie = Omit<Schemas['ListedMovie'], 'imdbId' | 'tmdbId' | 'retired'>;
export type Me = NonNullable<ListedMovie['me']>;

/**
 * Changes a movie in every answer that is kept, so that all of the screen shows the change at once.
 * @returns how to take that back.
 */
export function changeMovie(
  movieId: string,
  change: <M extends ListedMovie>(movie: M) => M,
): () => void {
  const before = answers.getQueriesData({});
  for (const [key, data] of before) {
    const changed = changedIn(data, movieId, change);
    if (changed !== data) answers.setQueryData(key, changed);
  }
  return () => {
    for (const [key, data] of before) answers.setQueryData(key, data);
  };
}

/** Answers are movies, lists of movies, or pages of such lists. */
function changedIn(
  data: unknown,
  movieId: string,
  change: (movie: ListedMovie) => ListedMovie,
): unknown {
  if (Array.isArray(data)) {
    const changed = data.map((one) => changedIn(one, movieId, change));
    return changed.some((one, index) => one !== data[index]) ? changed : data;
  }
  if (typeof data !== 'object' || data === null) return data;
  if ('movieId' in data && 'likes' in data) {
    return data.movieId === movieId ? change(data as ListedMovie) : data;
  }
  for (const field of ['items', 'pages'] as const) {
    if (!(field in data)) continue;
    const inside = (data as Record<string, unknown>)[field];
    const changed = changedIn(inside, movieId, change);
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
