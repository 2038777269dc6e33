import { z } from 'zod';
import { Cursor, cutPage, formatCursor, Limit, parseCursor } from '#kernel/cursor.ts';
import type { Reading } from '#kernel/query.ts';
import type { View } from '#kernel/view.ts';
import { MovieId } from '#schemas/ids.ts';
import type { MovieDocument } from '#schemas/movies/movies-view.ts';
import { views } from '#schemas/views.ts';
import { Genres, ofGenres } from './genre-filter.ts';

/** Lists of one user: a view's documents, with what the catalogue says of their movies today. */

/** Without title and year for the moment in which a new movie is not in the catalogue yet. */
export const MovieFacts = z.object({
  movieId: MovieId,
  title: z.string().nullable(),
  year: z.int().nullable(),
  genres: z.array(z.string()),
  retired: z.boolean().meta({ description: 'Whether the movie has left the catalogue.' }),
});

type Mine = { _id: string; movieId: string; userId: string };
type Joined = Pick<MovieDocument, 'title' | 'year' | 'genres' | 'retired'>;
type Listed<D> = D & { movie?: Joined; key: Place[0] };

const Place = z.tuple([z.union([z.string(), z.number(), z.null()]), z.string()]);
type Place = z.output<typeof Place>;

/** What each list may be sorted by besides its own fields. */
const joinedFields: Record<string, string> = { title: 'movie.titleKey', year: 'movie.year' };

/** The parameters of such a list; by the first of the names, newest first, if nothing is said. */
export const listInput = <Name extends string>(names: readonly [Name, ...Name[]]) =>
  z.object({
    genre: Genres,
    sort: z
      .enum(
        names.flatMap((name): string[] => [name, `-${name}`]),
        { error: `has to be one of ${names.join(', ')}, with a - before it for descending` },
      )
      .default(`-${names[0]}`),
    limit: Limit,
    cursor: Cursor,
  });
type ListInput = z.output<ReturnType<typeof listInput>>;

/** A page of the caller's documents, each with its movie. */
export async function myList<D extends Mine>(
  view: View<D>,
  { genre, sort, limit, cursor }: ListInput,
  reading: Reading,
): Promise<{ documents: readonly Listed<D>[]; next: string | null; count: number }> {
  const list = [view.name, sort, genre];
  const after = cursor === undefined ? null : parseCursor(list, cursor, Place);
  const { field, direction } = orderOf(sort);
  const isIndexed = view.indexes.some(({ key }) => field in key);
  const order = (isIndexed ? indexed : computed)(field, direction, after);
  const page = [...order, { $limit: limit + 1 }];
  const mine = { $match: { userId: reading.caller?.userId } };
  const ofGenre = [...withMovie(reading), ...inGenres(genre)];
  // Movies are looked up for a page, unless it takes them all to know which those are.
  const joinFirst = genre.length > 0 || field.startsWith('movie.');
  const paged = joinFirst
    ? [perMovie({ $push: '$$ROOT' }), ...ofGenre, ...eachAgain, ...page]
    : page;
  const all = reading.read<Mine>(view);
  const found = await all.aggregate<Listed<D>>([mine, ...paged]).toArray();
  const cut = cutPage(found, limit, ({ key, _id }) => formatCursor(list, [key, _id]));
  const counted = async (): Promise<number> => {
    // Most lists are short: then the first page has them whole.
    if (after === null && cut.next === null) return cut.documents.length;
    const each = genre.length > 0 ? [perMovie({ $sum: 1 }), ...ofGenre, sum] : [{ $count: 'all' }];
    const [count] = await all.aggregate<{ all: number }>([mine, ...each]).toArray();
    return count?.all ?? 0;
  };
  const [documents, count] = await Promise.all([
    joinFirst ? cut.documents : joined(cut.documents, reading),
    counted(),
  ]);
  return { ...cut, documents, count };
}

/** One query for the movies of a page: `$lookup` costs the database a query for each of them. */
async function joined<D extends Mine>(
  page: readonly Listed<D>[],
  { read }: Reading,
): Promise<Listed<D>[]> {
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

/** What such a list shows of a document's movie. */
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

/** A movie may be on a list many times, but is looked up once. */
const perMovie = (mine: object) => ({ $group: { _id: '$movieId', mine } });
const eachAgain = [
  { $unwind: '$mine' },
  { $replaceWith: { $mergeObjects: ['$mine', { movie: '$movie' }] } },
];
const sum = { $group: { _id: null, all: { $sum: '$mine' } } };

/** Large, and not shown in lists. */
const unlisted = { description: 0, actors: 0, actorKeys: 0 } as const;

/** A list names no more movies than its user may have documents, so all may be looked up. */
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

/** Documents after a place, by a field that all have. Ties go the other way, as in the index. */
function indexed(field: string, direction: 1 | -1, after: Place | null): object[] {
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

/** Documents after a place, by any field; those without it come last in either direction. */
function computed(field: string, direction: 1 | -1, after: Place | null): object[] {
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
