import { reject } from '@event-sourced/kernel/aggregate';
import type { MoviesEvent } from '#schemas/generated/events.ts';
import type { MovieId } from '#schemas/ids.ts';
import { movieRetired, movieUnknown } from '#schemas/movies/problems.ts';
import { movie } from './movies/movie.ts';

/** The rules about movies that other contexts may use. */

type About = { movieId?: MovieId | undefined };
type Known = { status: 'unknown' | 'listed' | 'retired' };

const byMovieId = ({ movieId }: About) =>
  movieId === undefined ? null : { key: movieId, id: movieId };

const after = ({ type }: MoviesEvent): Known => ({
  status: type === 'MovieRetired' ? 'retired' : 'listed',
});

const mustExist = ({ status }: Known, { movieId }: About) => {
  if (status === 'unknown') reject(movieUnknown, `There is no movie ${movieId}.`);
};

/** The movie exists, listed or retired. */
export const knownMovie = movie.requirement({
  name: 'known-movie',
  stream: byMovieId,
  after,
  check: mustExist,
  problems: [movieUnknown],
});

/** The movie exists and isn't retired. */
export const listedMovie = movie.requirement({
  name: 'listed-movie',
  stream: byMovieId,
  after,
  check: (known: Known, about: About) => {
    mustExist(known, about);
    if (known.status === 'retired') {
      reject(movieRetired, `${about.movieId} is retired; nothing new can be said of it.`);
    }
  },
  problems: [movieUnknown, movieRetired],
});
