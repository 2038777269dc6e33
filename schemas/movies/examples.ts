import type { ExamplesOf } from '@event-sourced/kernel/schemas';
import { added, alicesFirst, later, metaOf } from '../example-meta.ts';
import type { MoviesEvent } from '../generated/events.ts';

const details = {
  movieId: 'm87',
  title: 'The Lantern Keeper',
  genres: ['Drama', 'Mystery'],
  description: 'A keeper of an old lighthouse – “the last one” – answers a light that isn’t hers.',
  director: 'Ida Håkansson',
  actors: ['Noé Berger', '小林 遥', 'Amara Okafor'],
  year: 2014,
  runtimeMinutes: 112,
  rating: 7.8,
  ratingVotes: 145_231,
  revenueMillions: 63.54,
  metascore: null,
  imdbId: null,
  tmdbId: null,
};

export const examples: ExamplesOf<MoviesEvent> = {
  MovieAdded: {
    type: 'MovieAdded',
    meta: metaOf('m87', 1, added, 'scraper'),
    data: { ...details, addedAt: added },
  },
  MovieDetailsChanged: {
    type: 'MovieDetailsChanged',
    meta: metaOf('m87', 2, alicesFirst, 'scraper'),
    data: {
      ...details,
      revenueMillions: null,
      metascore: 81,
      imdbId: 'tt7654321',
      tmdbId: 87,
      changedAt: alicesFirst,
    },
  },
  MovieRetired: {
    type: 'MovieRetired',
    meta: metaOf('m87', 3, later, 'scraper'),
    data: { movieId: 'm87', retiredAt: later },
  },
};
