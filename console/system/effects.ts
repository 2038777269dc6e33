import type { Schemas } from '#client/client.ts';
import { Store } from './store.ts';

/**
 * What acts on their way do to movies. Answers are kept as they were read; what is shown is an
 * answer with these effects, so no read can take one off the screen.
 */

export type ListedMovie = Omit<Schemas['ListedMovie'], 'imdbId' | 'tmdbId' | 'retired'>;
export type Me = NonNullable<ListedMovie['me']>;

export type Effect = {
  movieId: string;
  /** Changes nothing of a movie that has the effect already: a read may be ahead of its act. */
  change: <M extends ListedMovie>(movie: M) => M;
};

type ActsEffect = Effect & { id: string; user: string | null };

/** Of an act that shows in no movie; that it was read still ends the acts before it. */
export const none: Effect = { movieId: '', change: (movie) => movie };

/** In the order in which the acts were given. */
export const effects = new Store<readonly ActsEffect[]>([]);

/** @param id of the act. @param user whose act it is. */
export const begin = (id: string, user: string | null, effect: Effect): void =>
  effects.update((before) => [...before, { ...effect, id, user }]);

/** Of a refused act. */
export const takeBack = (id: string): void =>
  effects.update((before) => before.filter((one) => one.id !== id));

/** Of an act that all answers show now, and with it those of the same user's acts before it. */
export function end(id: string): void {
  effects.update((before) => {
    const at = before.findIndex((one) => one.id === id);
    const user = before[at]?.user;
    return before.filter((one, place) => place > at || one.user !== user);
  });
}

/** A movie with what its viewer does to it at the moment. */
export function withEffects<M extends ListedMovie>(
  movie: M,
  user: string | null,
  all: readonly ActsEffect[],
): M {
  const theirs = all.filter((one) => one.movieId === movie.movieId && one.user === user);
  return theirs.reduce((shown, { change }) => change(shown), movie);
}

const nothingYet: Me = { vote: null, version: null, reminder: null, plays: 0 };

export const withMine =
  (mine: Partial<Me>) =>
  <M extends ListedMovie>(movie: M): M => ({
    ...movie,
    me: { ...(movie.me ?? nothingYet), ...mine },
  });

/** @param plays how often it was watched then. */
export const withPlays =
  (plays: number) =>
  <M extends ListedMovie>(movie: M): M =>
    withMine({ plays: Math.max(plays, movie.me?.plays ?? 0), reminder: null })(movie);

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
