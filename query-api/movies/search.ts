import { Paged, page, pageOf } from '@event-sourced/kernel/page';
import { query } from '@event-sourced/kernel/query';
import { z } from 'zod';
import { folded } from '#schemas/movies/text-keys.ts';
import { views } from '#schemas/views.ts';
import { ListedMovie, listing } from '../listed-movie.ts';
import { myViews } from '../me.ts';
import { HitPosition, hitOrder } from './hits.ts';
import { searchIndex } from './search-index.ts';
import { placeOf, places } from './search-rank.ts';
import { wordsOf } from './search-words.ts';

/** Each word of a search costs time; titles have fewer. */
const mostWords = 20;
const wordCount = (text: string) => wordsOf(text).flatMap(({ parts }) => parts).length;

/** The text to search for; case, accents and punctuation don't matter. */
export const SearchText = z
  .string()
  .max(200, 'must have at most 200 characters')
  .refine((text) => folded(text) !== '', 'must not be empty')
  .refine(
    (text) => wordCount(text) <= mostWords,
    `must have at most ${mostWords} words, where wall-e counts as two`,
  );

export const FoundMovie = ListedMovie.extend({
  matched: z.enum(places).meta({ description: 'Where the words were found.' }),
}).meta({ id: 'FoundMovie' });

/** Movies by their title, their people or their description, best first. */
export const search = query({
  name: 'search',
  summary: 'Movies by title, people or description, best first',
  route: 'GET /v1/search',
  views: [views.movies, views.rankings, ...myViews],
  copies: [searchIndex],
  input: z.object({
    q: SearchText.meta({ description: 'Up to 20 words.', examples: ['wall-e'] }),
    ...Paged,
  }),
  example: { q: 'wall-e', limit: '2' },
  output: pageOf(FoundMovie),
  answer: ({ q, ...paged }, reading) =>
    page(reading.copy(searchIndex).find(q), {
      ...{ list: ['search', q], order: hitOrder, position: HitPosition, ...paged },
      async items(hits) {
        const movies = hits.map(({ movie }) => movie);
        const listed = await listing(movies, reading);
        return hits.map(({ movie, rank }) => ({ ...listed(movie), matched: placeOf(rank) }));
      },
    }),
});
