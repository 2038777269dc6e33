import type { Collection, Filter } from 'mongodb';
import { z } from 'zod';
import type { MovieDocument } from '#schemas/movies/movies-view.ts';

/** What `sort` may name, and the field that it sorts by. */
const fields = {
  title: 'titleKey',
  year: 'year',
  rating: 'rating',
  ratingVotes: 'ratingVotes',
  runtime: 'runtimeMinutes',
  revenue: 'revenueMillions',
  metascore: 'metascore',
} as const;

type Name = keyof typeof fields;
const names = Object.keys(fields) as Name[];
const sorts = names.flatMap((name) => [name, `-${name}`] as const);

export const MovieSort = z
  .enum(sorts, { error: `has to be one of ${names.join(', ')}, with a - before it for descending` })
  .default('title');
export type MovieSort = z.output<typeof MovieSort>;

/** Where a page of movies ended. */
export const MoviePosition = z.tuple([z.union([z.string(), z.number(), z.null()]), z.string()]);
export type MoviePosition = z.output<typeof MoviePosition>;

const orderOf = (sort: MovieSort) => {
  const descending = sort.startsWith('-');
  const field = fields[(descending ? sort.slice(1) : sort) as Name];
  return { field, direction: descending ? (-1 as const) : (1 as const) };
};

export const positionOf = (sort: MovieSort, movie: MovieDocument): MoviePosition => [
  movie[orderOf(sort).field],
  movie._id,
];

/**
 * Up to `wanted` movies in order, after a position. A missing value comes last in either
 * direction, which a single sorted read can't give: so the movies without are read by themselves.
 */
export async function sortedMovies(
  movies: Collection<MovieDocument>,
  filter: Filter<MovieDocument>,
  sort: MovieSort,
  after: MoviePosition | null,
  wanted: number,
): Promise<MovieDocument[]> {
  const { field, direction } = orderOf(sort);
  const beyond = direction === 1 ? '$gt' : '$lt';
  const [value, id] = after ?? [];
  const afterId = { _id: { [beyond]: id } };
  const inOrder = { [field]: direction, _id: direction };
  const read = (conditions: object[], limit: number) =>
    movies
      .find({ $and: [filter, ...conditions] } as Filter<MovieDocument>)
      .sort(inOrder)
      .limit(limit)
      .toArray();

  const present = { [field]: { $ne: null } };
  const rest = { $or: [{ [field]: { [beyond]: value } }, { [field]: value, ...afterId }] };
  const found = value === null ? [] : await read(after ? [present, rest] : [present], wanted);
  const nullable = field === 'revenueMillions' || field === 'metascore';
  if (found.length === wanted || !nullable) return found;
  const missing = { [field]: null };
  const last = await read(value === null ? [missing, afterId] : [missing], wanted - found.length);
  return [...found, ...last];
}
