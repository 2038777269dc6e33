import { folded, given, type TestEvent } from '@event-sourced/kernel/testing';
import { describe, expect, it } from 'vitest';
import type { MovieAdded, MovieDetailsChanged, MoviesEvent } from '#schemas/generated/events.ts';
import { movies } from './movies.ts';

const facts = {
  movieId: 'm1',
  title: 'The Amélie',
  genres: ['Comedy', 'Sci-Fi'],
  description: 'A waitress helps.',
  director: 'Jean-Pierre Jeunet',
  actors: ['Audrey Tautou', 'Mathieu Kassovitz'],
  year: 2001,
  runtimeMinutes: 122,
  rating: 8.3,
  ratingVotes: 800_000,
  revenueMillions: 33.2,
  metascore: 69,
  imdbId: 'tt0211915',
  tmdbId: 194,
};
const added = (more: Partial<MovieAdded> = {}): TestEvent<MoviesEvent> => ({
  type: 'MovieAdded',
  data: { ...facts, addedAt: 1_000, ...more },
});
const changed = (more: Partial<MovieDetailsChanged> = {}): TestEvent<MoviesEvent> => ({
  type: 'MovieDetailsChanged',
  data: { ...facts, changedAt: 2_000, ...more },
});
const retired: TestEvent<MoviesEvent> = {
  type: 'MovieRetired',
  data: { movieId: 'm1', retiredAt: 3_000 },
};

describe('movies', () => {
  it('holds an added movie, with keys to sort and match by', () => {
    const { movieId: _, ...stored } = facts;
    expect(folded(movies, [added()])).toEqual({
      _id: 'm1',
      version: 1,
      retired: false,
      ...stored,
      titleKey: 'amelie',
      genreKeys: ['comedy', 'sci-fi'],
      directorKey: 'jean-pierre jeunet',
      actorKeys: ['audrey tautou', 'mathieu kassovitz'],
      addedAt: 1_000,
    });
  });

  it('takes over new details, and keeps the time the movie was added', () => {
    const event = changed({ title: 'A Title', genres: ['Drama'], metascore: null });
    const genreKeys = ['drama'];
    given(movies, [added()])
      .when(event)
      .then({ version: 2, titleKey: 'title', genreKeys, metascore: null, addedAt: 1_000 });
  });

  it('flags a retired movie', () => {
    given(movies, [added()]).when(retired).then({ version: 2, retired: true, title: 'The Amélie' });
  });

  it('refuses changes of a movie that was never added', () => {
    given(movies).when(changed()).thenRefused('m1 was never added');
    given(movies).when(retired).thenRefused('m1 was never added');
  });
});
