import { Paged, page, pageOf } from '@event-sourced/kernel/page';
import { query } from '@event-sourced/kernel/query';
import type { Filter } from 'mongodb';
import { z } from 'zod';
import type { MovieDocument } from '#schemas/movies/movies-view.ts';
import { folded } from '#schemas/movies/text-keys.ts';
import { views } from '#schemas/views.ts';
import { Genres, ofGenres } from '../genre-filter.ts';
import { ListedMovie, listing } from '../listed-movie.ts';
import { myViews } from '../me.ts';
import { foundMovies } from './found-movies.ts';
import type { MovieFacts } from './hits.ts';
import { inOrder, MovieSort } from './movie-sort.ts';
import { RangeText, within } from './range.ts';
import { SearchText } from './search.ts';
import { searchIndex } from './search-index.ts';

const Name = z
  .string()
  .max(300)
  .refine((text) => folded(text) !== '', 'must not be empty');

const named = (what: string) => `${what}, whole or in part, whatever its case and accents.`;

const Filters = z.object({
  genre: Genres,
  year: RangeText.optional().meta({ examples: ['2010-2016'] }),
  rating: RangeText.optional().meta({ examples: ['7.5-'] }),
  runtime: RangeText.optional().meta({ description: 'Minutes.', examples: ['-90'] }),
  director: Name.optional().meta({ description: named('The director') }),
  actor: Name.optional().meta({ description: named('An actor') }),
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
  views: [views.movies, views.rankings, ...myViews],
  copies: [searchIndex],
  input: Filters.extend({ sort: MovieSort, ...Paged }),
  example: { genre: 'Sci-Fi', year: '2010-2016', sort: '-rating', limit: '2' },
  output: pageOf(ListedMovie),
  answer: ({ sort, limit, cursor, q, ...filters }, reading) => {
    const list = { list: ['movies', sort, { ...filters, q }], limit, cursor, ...inOrder(sort) };
    const shown = async (found: readonly MovieFacts[]) => found.map(await listing(found, reading));
    if (q === undefined) {
      const filter = matching(filters);
      return page(reading.read(views.movies), { ...list, filter, items: (found) => shown(found) });
    }
    const found = foundMovies(reading.copy(searchIndex).find(q), filters, sort);
    return page(found, { ...list, items: shown });
  },
});

function matching(filters: Omit<z.output<typeof Filters>, 'q'>): Filter<MovieDocument> {
  const { genre, year, rating, runtime, director, actor } = filters;
  const conditions: Filter<MovieDocument>[] = [
    ...ofGenres(genre),
    ...(year ? [{ year: within(year) }] : []),
    ...(rating ? [{ rating: within(rating) }] : []),
    ...(runtime ? [{ runtimeMinutes: within(runtime) }] : []),
    ...(director ? [{ directorKey: containing(folded(director)) }] : []),
    ...(actor ? [{ actorKeys: containing(folded(actor)) }] : []),
  ];
  return { retired: false, ...(conditions.length > 0 && { $and: conditions }) };
}

const containing = (text: string) => ({ $regex: literal(text) });

const literal = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
