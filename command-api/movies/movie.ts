import { aggregate, type Made, reject } from '@event-sourced/kernel/aggregate';
import canonicalize from 'canonicalize';
import { z } from 'zod';
import type { MoviesEvent } from '#schemas/generated/events.ts';
import { MovieId } from '#schemas/ids.ts';
import { ImportedDetails, MovieDetails } from '#schemas/movies/movie-details.ts';
import { movieDiffers, movieRetired, movieUnknown } from '#schemas/movies/problems.ts';
import { roles } from '#schemas/roles.ts';

type Movie =
  | { status: 'unknown' }
  | { status: 'listed'; details: MovieDetails }
  | { status: 'retired'; details: MovieDetails };

function evolve(movie: Movie, event: MoviesEvent): Movie {
  switch (event.type) {
    case 'MovieAdded': {
      const { movieId, addedAt, ...details } = event.data;
      return { status: 'listed', details };
    }
    case 'MovieDetailsChanged': {
      const { movieId, changedAt, ...details } = event.data;
      return { status: 'listed', details };
    }
    case 'MovieRetired':
      return movie.status === 'listed' ? { ...movie, status: 'retired' } : movie;
  }
}

export const movie = aggregate<Movie, MoviesEvent>({
  topic: 'movies',
  stateVersion: 2,
  initial: { status: 'unknown' },
  evolve,
});

const byMovieId = ({ movieId }: { movieId: MovieId }) => ({ key: movieId, id: movieId });

const added = ({ movieId }: { movieId: MovieId }, { types }: Made) =>
  types.includes('MovieAdded') ? { path: `/v1/movies/${movieId}` } : null;

type Put = { movieId: MovieId; details: MovieDetails };

function put({ movieId, details: given }: Put, movie: Movie, now: number) {
  const details = { imdbId: null, tmdbId: null, ...given };
  switch (movie.status) {
    case 'unknown':
      return [{ type: 'MovieAdded' as const, data: { movieId, ...details, addedAt: now } }];
    case 'retired':
      return reject(movieRetired, `${movieId} is retired; a new movie needs another id.`);
    case 'listed':
      return canonicalize(movie.details) === canonicalize(details)
        ? [] // The catalogue has the same details already.
        : [{ type: 'MovieDetailsChanged' as const, data: { movieId, ...details, changedAt: now } }];
  }
}

/** The movie of the examples in the API document. */
export const casablanca = {
  movieId: 'casablanca',
  title: 'Casablanca',
  genres: ['Drama', 'Romance'],
  description: 'The owner of a café in Casablanca meets an old love again, and has to choose.',
  director: 'Michael Curtiz',
  actors: ['Humphrey Bogart', 'Ingrid Bergman'],
  year: 1942,
  runtimeMinutes: 102,
  rating: 8.5,
  ratingVotes: 600_000,
  metascore: 100,
  imdbId: 'tt0034583',
  tmdbId: 289,
};

export const putMovie = movie.command({
  name: 'put-movie',
  route: 'PUT /v1/movies/:movieId',
  summary: 'Add a movie, or change its details',
  role: roles.catalogue,
  input: MovieDetails.extend({ movieId: MovieId }),
  example: casablanca,
  stream: byMovieId,
  decide: ({ movieId, ...details }, movie, { now }) => put({ movieId, details }, movie, now),
  created: added,
  problems: [movieRetired],
});

/** One line of an import. Without `replace` it doesn't turn a movie into another one. */
export const importMovie = movie.command({
  name: 'import-movie',
  route: null,
  role: roles.catalogue,
  input: ImportedDetails.extend({
    movieId: MovieId,
    replace: z.boolean().default(false),
    keepDescription: z.literal(true).optional(),
  }),
  stream: byMovieId,
  decide: ({ movieId, replace, keepDescription, ...given }, movie, { now }) => {
    const known = movie.status === 'listed' && !replace ? movie.details : null;
    if (known && isAnother(known, given)) {
      const { title, year } = known;
      reject(movieDiffers, `${movieId} is "${title}" (${year}); import with replace to change it.`);
    }
    const { revenueMillions = null, metascore = null } = known ?? {};
    const { imdbId = null, tmdbId = null } = known ?? {};
    const details = { revenueMillions, metascore, imdbId, tmdbId, ...given };
    if (known && keepDescription) details.description = known.description;
    return put({ movieId, details }, movie, now);
  },
  created: added,
  problems: [movieRetired, movieDiffers],
});

const isAnother = (known: MovieDetails, given: ImportedDetails) =>
  known.title !== given.title || known.year !== given.year;

export const retireMovie = movie.command({
  name: 'retire-movie',
  route: 'DELETE /v1/movies/:movieId',
  summary: 'Retire a movie: lists hide it, its page stays',
  role: roles.catalogue,
  input: z.strictObject({ movieId: MovieId }),
  example: { movieId: casablanca.movieId },
  stream: byMovieId,
  exists: ({ status }, { movieId }) => {
    if (status === 'unknown') reject(movieUnknown, `There is no movie ${movieId} to retire.`);
  },
  decide: ({ movieId }, { status }, { now }) =>
    status === 'retired'
      ? [] // The movie is retired already.
      : [{ type: 'MovieRetired', data: { movieId, retiredAt: now } }],
  problems: [movieUnknown],
});
