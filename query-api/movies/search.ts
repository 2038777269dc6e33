import { Paged, page, pageOf } from '@event-sourced/kernel/page';
import { query } from '@event-sourced/kernel/query';
import { z } from 'zod';
import { ListedMovie, listing } from '../listed-movie.ts';
import { myCopies, myViews } from '../me.ts';
import { catalogue } from '../memory/catalogue.ts';
import { HitPosition, hitOrder } from '../memory/search/hits.ts';
import { placeOf, places } from '../memory/search/search-rank.ts';
import { wordsOf } from '../memory/search/search-words.ts';
import { standings } from '../memory/standings.ts';
import { QueryText } from '../query-text.ts';

/** Each word of a search costs time; titles have fewer. */
const mostWords = 20;
const wordCount = (text: string) => wordsOf(text).flatMap(({ parts }) => parts).length;

/** The text to search for; case, accents and punctuation don't matter. */
export const SearchText = QueryText(200).refine(
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
  views: myViews,
  copies: [catalogue, standings, ...myCopies],
  input: z.object({
    q: SearchText.meta({ description: 'Up to 20 words.', examples: ['wall-e'] }),
    ...Paged,
  }),
  example: { q: 'wall-e', limit: '2' },
  output: pageOf(FoundMovie),
  answer: ({ q, ...paged }, reading) =>
    page(reading.copy(catalogue).search.find(q), {
      ...{ list: ['search', q], order: hitOrder, position: HitPosition, ...paged },
      async items(hits) {
        const movies = hits.map(({ movie }) => movie);
        const listed = await listing(movies, reading);
        return hits.map(({ movie, rank }) => ({ ...listed(movie), matched: placeOf(rank) }));
      },
    }),
});
