import type { NewEvent } from '@event-sourced/kernel/event';
import { given } from '@event-sourced/kernel/testing';
import fc from 'fast-check';
import { describe, it } from 'vitest';
import type { MoviesEvent } from '#schemas/generated/events.ts';
import { movieDiffers, movieRetired, movieUnknown } from '#schemas/movies/problems.ts';
import { importMovie, movie, putMovie, retireMovie } from './movie.ts';

type New = NewEvent<MoviesEvent>;

const details = {
  title: 'Up',
  genres: ['Animation', 'Adventure'],
  description: 'An animated adventure.',
  director: 'Pete Docter',
  actors: ['Edward Asner'],
  year: 2009,
  runtimeMinutes: 96,
  rating: 8.3,
  ratingVotes: 722_203,
  revenueMillions: 292.98,
  metascore: 88,
  imdbId: 'tt1049413',
  tmdbId: 14160,
};
const movieId = 'm12';
const added: New = { type: 'MovieAdded', data: { movieId, ...details, addedAt: 10 } };
const better = { ...details, rating: 8.4 };
const changed: New = { type: 'MovieDetailsChanged', data: { movieId, ...better, changedAt: 20 } };
const retired: New = { type: 'MovieRetired', data: { movieId, retiredAt: 30 } };

describe('put-movie', () => {
  it('done: a new movie', () =>
    given(movie, [])
      .when(putMovie, { movieId, ...details }, { now: 10 })
      .then([added]));

  it('done: other details, all of them in the event', () =>
    given(movie, [added])
      .when(putMovie, { movieId, ...better }, { now: 20 })
      .then([changed]));

  it('unchanged: the catalogue has the same details already', () =>
    given(movie, [added, changed])
      .when(putMovie, { movieId, ...better })
      .then([]));

  it('raced: the command is compared with the newest details', () =>
    given(movie, [added, changed])
      .when(putMovie, { movieId, ...details }, { now: 40 })
      .then([{ type: 'MovieDetailsChanged', data: { movieId, ...details, changedAt: 40 } }]));

  it('rejected: a retired movie stays as it was', () =>
    given(movie, [added, retired])
      .when(putMovie, { movieId, ...details })
      .thenRejected(movieRetired));

  it('done: a movie without revenue, metascore and ids of others', () => {
    const { revenueMillions, metascore, imdbId, tmdbId, ...required } = details;
    const none = { revenueMillions: null, metascore: null, imdbId: null, tmdbId: null };
    const data = { movieId, ...required, ...none, addedAt: 10 };
    given(movie, [])
      .when(putMovie, { movieId, ...required }, { now: 10 })
      .then([{ type: 'MovieAdded', data }]);
  });
});

describe('import-movie', () => {
  const another = { movieId, ...details, title: 'Down' };

  it('done: a new movie', () =>
    given(movie, [])
      .when(importMovie, { movieId, ...details }, { now: 10 })
      .then([added]));

  it('done: other details of the same title and year', () =>
    given(movie, [added])
      .when(importMovie, { movieId, ...better }, { now: 20 })
      .then([changed]));

  it('unchanged: the same movie again', () =>
    given(movie, [added])
      .when(importMovie, { movieId, ...details })
      .then([]));

  it('rejected: the id holds another title', () =>
    given(movie, [added]).when(importMovie, another).thenRejected(movieDiffers));

  it('rejected: the id holds another year', () =>
    given(movie, [added])
      .when(importMovie, { movieId, ...details, year: 2010 })
      .thenRejected(movieDiffers));

  it('done: another title, with `replace`', () => {
    const data = { movieId, ...details, title: 'Down', changedAt: 20 };
    given(movie, [added])
      .when(importMovie, { ...another, replace: true }, { now: 20 })
      .then([{ type: 'MovieDetailsChanged', data }]);
  });

  const { revenueMillions, metascore, ...rest } = details;
  const none = { revenueMillions: null, metascore: null };

  it('done: a new movie without revenue and metascore', () =>
    given(movie, [])
      .when(importMovie, { movieId, ...rest }, { now: 10 })
      .then([{ type: 'MovieAdded', data: { movieId, ...rest, ...none, addedAt: 10 } }]));

  it('unchanged: what the line leaves out is kept', () =>
    given(movie, [added])
      .when(importMovie, { movieId, ...rest })
      .then([]));

  it('done: what the line leaves out is kept in the event', () =>
    given(movie, [added])
      .when(importMovie, { movieId, ...rest, rating: 8.4 }, { now: 20 })
      .then([changed]));

  const cleared = { movieId, ...rest, ...none, changedAt: 20 };

  it('done: null clears what was there', () =>
    given(movie, [added])
      .when(importMovie, { movieId, ...rest, ...none }, { now: 20 })
      .then([{ type: 'MovieDetailsChanged', data: cleared }]));

  it('done: with `replace` nothing is kept', () =>
    given(movie, [added])
      .when(importMovie, { movieId, ...rest, replace: true }, { now: 20 })
      .then([{ type: 'MovieDetailsChanged', data: cleared }]));

  const made = { ...details, description: 'A film.' };

  it('unchanged: a listed movie keeps its description, if asked to', () =>
    given(movie, [added])
      .when(importMovie, { movieId, ...made, keepDescription: true })
      .then([]));

  it('done: a new movie takes the description, and with `replace` a listed one', () => {
    const command = { movieId, ...made, keepDescription: true } as const;
    given(movie, [])
      .when(importMovie, command, { now: 10 })
      .then([{ type: 'MovieAdded', data: { movieId, ...made, addedAt: 10 } }]);
    given(movie, [added])
      .when(importMovie, { ...command, replace: true }, { now: 20 })
      .then([{ type: 'MovieDetailsChanged', data: { movieId, ...made, changedAt: 20 } }]);
  });

  it('rejected: a retired movie, even with `replace`', () =>
    given(movie, [added, retired])
      .when(importMovie, { ...another, replace: true })
      .thenRejected(movieRetired));
});

describe('retire-movie', () => {
  it('done: the movie leaves the catalogue', () =>
    given(movie, [added]).when(retireMovie, { movieId }, { now: 30 }).then([retired]));

  it('unchanged, also when raced: the movie has left already', () =>
    given(movie, [added, retired]).when(retireMovie, { movieId }).then([]));

  it('rejected: there is no such movie', () =>
    given(movie, []).when(retireMovie, { movieId }).thenRejected(movieUnknown));
});

it('deciding twice changes nothing, in every state that accepts the command', () => {
  const history = fc.constantFrom([], [added], [added, changed]);
  const wish = fc.record({ rating: fc.integer({ min: 0, max: 100 }).map((n) => n / 10) });
  fc.assert(
    fc.property(history, wish, (events, { rating }) => {
      given(movie, events)
        .when(putMovie, { movieId, ...details, rating })
        .thenTwiceIsOnce();
    }),
  );
});
