import type { Filter } from 'mongodb';
import { z } from 'zod';
import { Cursor, cutPage, formatCursor, Limit, pageOf, parseCursor } from '#kernel/cursor.ts';
import { query, type Reading } from '#kernel/query.ts';
import type { MovieDocument } from '#schemas/movies/movies-view.ts';
import { folded } from '#schemas/movies/text-keys.ts';
import { views } from '#schemas/views.ts';
import { Genres, ofGenres } from '../genre-filter.ts';
import { ListedMovie, listedMovie } from '../listed-movie.ts';
import { aboutMe, myViews } from '../me.ts';
import { MoviePosition, MovieSort, positionOf, sortedMovies } from './movie-sort.ts';
import { RangeText, within } from './range.ts';
import { SearchText } from './search.ts';
import { type Hit, searchIndex } from './search-index.ts';

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
  aliases: ['GET /movies', 'GET /movies/gender/:genre'],
  views: [views.movies, views.rankings, ...myViews],
  copies: [searchIndex],
  input: Filters.extend({ sort: MovieSort, limit: Limit, cursor: Cursor }),
  output: pageOf(ListedMovie),
  async answer({ sort, limit, cursor, ...filters }, reading) {
    const { read } = reading;
    const list = ['movies', sort, filters];
    const filter = matching(filters, reading);
    const after = cursor === undefined ? null : parseCursor(list, cursor, MoviePosition);
    const [found, count] = await Promise.all([
      sortedMovies(read(views.movies), filter, sort, after, limit + 1),
      read(views.movies).countDocuments(filter),
    ]);
    const { documents, next } = cutPage(found, limit, (movie) =>
      formatCursor(list, positionOf(sort, movie)),
    );
    const ids = documents.map(({ _id }) => _id);
    const [rankings, me] = await Promise.all([
      read(views.rankings)
        .find({ _id: { $in: ids } })
        .toArray(),
      aboutMe(ids, reading),
    ]);
    const votes = new Map(rankings.map((ranking) => [ranking._id, ranking]));
    const items = documents.map((movie) => listedMovie(movie._id, movie, votes.get(movie._id), me));
    return { items, next, count };
  },
});

function matching(filters: z.output<typeof Filters>, { copy }: Reading): Filter<MovieDocument> {
  const { genre, year, rating, runtime, director, actor, q } = filters;
  const conditions: Filter<MovieDocument>[] = [
    ...ofGenres(genre),
    ...(year ? [{ year: within(year) }] : []),
    ...(rating ? [{ rating: within(rating) }] : []),
    ...(runtime ? [{ runtimeMinutes: within(runtime) }] : []),
    ...(director ? [{ directorKey: containing(folded(director)) }] : []),
    ...(actor ? [{ actorKeys: containing(folded(actor)) }] : []),
    ...(q ? [found(copy(searchIndex).find(q))] : []),
  ];
  return { retired: false, ...(conditions.length > 0 && { $and: conditions }) };
}

const found = (hits: readonly Hit[]) => ({ _id: { $in: hits.map(({ movie }) => movie._id) } });

const containing = (text: string) => ({ $regex: literal(text) });

const literal = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
