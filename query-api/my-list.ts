import { type Page, Paged, type PageSource, type Position, page } from '@event-sourced/kernel/page';
import type { Reading } from '@event-sourced/kernel/query';
import type { View } from '@event-sourced/kernel/view';
import { z } from 'zod';
import { MovieId } from '#schemas/ids.ts';
import type { MovieDocument } from '#schemas/movies/movies-view.ts';
import { views } from '#schemas/views.ts';
import { Genres, ofGenres } from './genre-filter.ts';

/** Lists of one user: a view's documents, each with its movie as the catalogue has it now. */

/** Title and year are null for a moment, until a new movie is in the catalogue. */
export const MovieFacts = z.object({
  movieId: MovieId,
  title: z.string().nullable(),
  year: z.int().nullable(),
  genres: z.array(z.string()),
  retired: z.boolean().meta({ description: 'Whether the movie has left the catalogue.' }),
});

type Mine = { _id: string; movieId: string; userId: string };
type Joined = Pick<MovieDocument, 'title' | 'year' | 'genres' | 'retired'>;
/** `key` is the value that the list is sorted by. */
type Listed<D> = D & { movie?: Joined; key: Position[number] };

/** The sorts by a field of the movie rather than of the document. */
const joinedFields: Record<string, string> = { title: 'movie.titleKey', year: 'movie.year' };

/** The input of such a list. By default it is sorted by the first of the names, newest first. */
export const listInput = <Name extends string>(names: readonly [Name, ...Name[]]) =>
  z.object({
    genre: Genres,
    sort: z
      .enum(
        names.flatMap((name): string[] => [name, `-${name}`]),
        { error: `has to be one of ${names.join(', ')}, with a - before it for descending` },
      )
      .default(`-${names[0]}`),
    ...Paged,
  });
type ListInput = z.output<ReturnType<typeof listInput>>;

/** A page of the caller's documents, each shown with its movie. */
export function myList<D extends Mine, Item>(
  view: View<D>,
  { genre, sort, ...paged }: ListInput,
  reading: Reading,
  shown: (mine: Listed<D>) => Item,
): Promise<Page<Item>> {
  const { field, direction } = orderOf(sort);
  const isIndexed = view.indexes.some(({ key }) => field in key);
  const inOrder = isIndexed ? indexed : computed;
  const all = reading.read<Mine>(view);
  const mine = { $match: { userId: reading.caller?.userId } };
  const ofGenre = [...withMovie(reading), ...inGenres(genre)];
  // Movies are looked up for a page, unless the genre or the order depends on them.
  const joinFirst = genre.length > 0 || field.startsWith('movie.');
  const source: PageSource<Listed<D>> = {
    read(after, limit) {
      const sorted = [...inOrder(field, direction, after), { $limit: limit }];
      const movies = [perMovie({ $push: '$$ROOT' }), ...ofGenre, ...eachAgain];
      return all.aggregate<Listed<D>>([mine, ...(joinFirst ? movies : []), ...sorted]).toArray();
    },
    async count() {
      const filtered = [perMovie({ $sum: 1 }), ...ofGenre, sum];
      const counted = genre.length > 0 ? filtered : [{ $count: 'all' }];
      const [count] = await all.aggregate<{ all: number }>([mine, ...counted]).toArray();
      return count?.all ?? 0;
    },
  };
  return page(source, {
    ...{ list: [view.name, sort, genre], ...paged },
    order: { key: direction, _id: direction === 1 ? -1 : 1 },
    items: async (found) => (joinFirst ? found : await joined(found, reading)).map(shown),
  });
}

/** One query for the movies of a page: `$lookup` costs the database a query for each of them. */
async function joined<D extends Mine>(
  page: readonly Listed<D>[],
  { read }: Reading,
): Promise<readonly Listed<D>[]> {
  const ids = [...new Set(page.map(({ movieId }) => movieId))];
  const movies = await read(views.movies)
    .find({ _id: { $in: ids } }, { projection: unlisted })
    .toArray();
  const movieOf = new Map(movies.map((movie) => [movie._id, movie]));
  return page.map((mine) => {
    const movie = movieOf.get(mine.movieId);
    return movie ? { ...mine, movie } : mine;
  });
}

/** The fields of its movie that a list shows with each document. */
export const movieFacts = ({ movieId, movie }: { movieId: string; movie?: Joined }) => ({
  movieId,
  title: movie?.title ?? null,
  year: movie?.year ?? null,
  genres: movie?.genres ?? [],
  retired: movie?.retired ?? false,
});

function orderOf(sort: string): { field: string; direction: 1 | -1 } {
  const name = sort.replace(/^-/, '');
  return { field: joinedFields[name] ?? name, direction: sort === name ? 1 : -1 };
}

/** Looks a movie up once, even if it is on the list many times. */
const perMovie = (mine: object) => ({ $group: { _id: '$movieId', mine } });
const eachAgain = [
  { $unwind: '$mine' },
  { $replaceWith: { $mergeObjects: ['$mine', { movie: '$movie' }] } },
];
const sum = { $group: { _id: null, all: { $sum: '$mine' } } };

/** Large fields, which lists don't show. */
const unlisted = { description: 0, actors: 0, actorKeys: 0 } as const;

/** Looks up every movie of the list: the number of a user's documents is limited. */
const withMovie = ({ read }: Reading) => [
  {
    $lookup: {
      from: read(views.movies).collectionName,
      ...{ localField: '_id', foreignField: '_id', as: 'movie' },
      pipeline: [{ $project: unlisted }],
    },
  },
  { $set: { movie: { $first: '$movie' } } },
];

const inGenres = (genres: Genres) =>
  ofGenres(genres).map(({ genreKeys }) => ({ $match: { 'movie.genreKeys': genreKeys } }));

/** Documents after a position, by a field that all have. Ties go the other way, as in the index. */
function indexed(field: string, direction: 1 | -1, after: Position | null): object[] {
  const [beyond, tied] = direction === 1 ? ['$gt', '$lt'] : ['$lt', '$gt'];
  const [value, id] = after ?? [];
  const rest = {
    [field]: { [`${beyond}e`]: value },
    $or: [{ [field]: { [beyond]: value } }, { _id: { [tied]: id } }],
  };
  return [
    ...(after ? [{ $match: rest }] : []),
    { $sort: { [field]: direction, _id: -direction } },
    { $set: { key: `$${field}` } },
  ];
}

/** Documents after a position, by any field; those without it come last in both directions. */
function computed(field: string, direction: 1 | -1, after: Position | null): object[] {
  const [beyond, tied] = direction === 1 ? ['$gt', '$lt'] : ['$lt', '$gt'];
  const [value, id] = (after ?? []).map(($literal) => ({ $literal }));
  const wasMissing = after?.[0] === null;
  const isTied = { $and: [{ $eq: ['$key', value] }, { [tied]: ['$_id', id] }] };
  const behind = { $or: [{ [beyond]: ['$key', value] }, isTied] };
  const isLast = wasMissing ? [] : ['$isMissing'];
  const rest = { $or: [...isLast, { $and: [{ $eq: ['$isMissing', wasMissing] }, behind] }] };
  return [
    { $set: { key: { $ifNull: [`$${field}`, null] } } },
    { $set: { isMissing: { $eq: ['$key', null] } } },
    ...(after ? [{ $match: { $expr: rest } }] : []),
    { $sort: { isMissing: 1, key: direction, _id: -direction } },
  ];
}
