import { Paged, page, pageOf } from '@event-sourced/kernel/page';
import { query } from '@event-sourced/kernel/query';
import { z } from 'zod';
import { MovieId } from '#schemas/ids.ts';
import { ImdbId, mostTmdbId, TmdbId } from '#schemas/movies/movie-details.ts';
import { CataloguedMovie, cataloguedMovie } from '../listed-movie.ts';
import { myCopies, myViews } from '../me.ts';
import { catalogue } from '../memory/catalogue.ts';
import { Genres } from '../memory/genre-filter.ts';
import { inOrder, MovieSort } from '../memory/movie-sort.ts';
import { RangeText } from '../memory/range.ts';
import { standings } from '../memory/standings.ts';
import { QueryText } from '../query-text.ts';
import { MovieIds, moviesById } from './movies-by-id.ts';
import { SearchText } from './search.ts';

const Name = QueryText(300);

const TmdbIdText = z
  .string()
  .regex(/^\d+$/, 'must be a whole number')
  .transform(Number)
  .pipe(TmdbId)
  .meta({ override: { type: 'integer', minimum: 1, maximum: mostTmdbId } });

const named = (what: string) => `${what}, whole or in part, whatever its case and accents.`;

const Filters = z.object({
  genre: Genres,
  year: RangeText.optional().meta({ examples: ['2010-2016'] }),
  rating: RangeText.optional().meta({ examples: ['7.5-'] }),
  runtime: RangeText.optional().meta({ description: 'Minutes.', examples: ['-90'] }),
  director: Name.optional().meta({ description: named('The director') }),
  actor: Name.optional().meta({ description: named('An actor') }),
  imdbId: ImdbId.optional().meta({ description: 'The id that IMDb has for the movie.' }),
  tmdbId: TmdbIdText.optional().meta({ description: 'The id that TMDB has for the movie.' }),
  q: SearchText.optional().meta({ description: 'What search finds, in the order of this list.' }),
});

/** The catalogue without retired movies: filtered, sorted, in pages. */
export const movies = query({
  name: 'movies',
  summary: 'Movies, filtered and sorted, in pages',
  route: 'GET /v1/movies',
  aliases: [
    { route: 'GET /movies', example: { q: 'dark knight' } },
    { route: 'GET /movies/gender/:genre', example: { genre: 'western', limit: '2' } },
  ],
  views: myViews,
  copies: [catalogue, standings, ...myCopies],
  input: Filters.extend({ ids: MovieIds, sort: MovieSort, ...Paged }),
  example: { genre: 'Sci-Fi', year: '2010-2016', sort: '-rating', limit: '2' },
  output: pageOf(CataloguedMovie).extend({
    missing: z.array(MovieId).optional().meta({
      description: 'With `ids`: those that the catalogue does not know.',
    }),
  }),
  answer: ({ ids, sort, limit, cursor, ...filters }, reading) => {
    if (ids) return moviesById(ids, { ...filters, cursor }, reading);
    return page(reading.copy(catalogue).list(filters, sort), {
      ...{ list: ['movies', sort, filters], limit, cursor, order: inOrder(sort) },
      items: async (found) => found.map(await cataloguedMovie(found, reading)),
    });
  },
});
