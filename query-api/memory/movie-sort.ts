import type { Position } from '@event-sourced/kernel/page';
import { z } from 'zod';
import type { MovieDocument } from '#schemas/movies/movies-view.ts';
import { SortedList } from './sorted-list.ts';

/** The values of `sort`, and the field that each sorts by. */
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
type Field = (typeof fields)[Name];
const names = Object.keys(fields) as Name[];
const sorts = names.flatMap((name) => [name, `-${name}`] as const);

export const MovieSort = z
  .enum(sorts, { error: `has to be one of ${names.join(', ')}, with a - before it for descending` })
  .default('title');
export type MovieSort = z.output<typeof MovieSort>;

type Value = string | number | null;
type Sorted = Pick<MovieDocument, '_id' | Field>;

const orderOf = (sort: MovieSort) =>
  ({
    field: fields[sort.replace(/^-/, '') as Name],
    direction: sort.startsWith('-') ? -1 : 1,
  }) as const;

/** The fields that a cursor has of a movie. */
export function inOrder(sort: MovieSort) {
  const { field, direction } = orderOf(sort);
  return { [field]: direction, _id: direction } as const;
}

/** Movies by one field, then by id: those that have a value, and those that have none. */
type Lists<Entry> = Record<'some' | 'none', SortedList<Entry>>;

/** Movies in the order of each sort. Movies without a value come last in both directions. */
export class MovieOrders<Entry extends { movie: Sorted }> {
  /** A list serves both directions. */
  readonly #orders: ReadonlyMap<Field, Lists<Entry>>;

  constructor(sorts: readonly Name[] = names) {
    this.#orders = new Map(
      sorts.map((name): [Field, Lists<Entry>] => {
        const field = fields[name];
        const isBefore = (one: Entry, { movie }: Entry) =>
          compared(field, one.movie, movie[field], movie._id) < 0;
        return [field, { some: new SortedList(isBefore), none: new SortedList(isBefore) }];
      }),
    );
  }

  add(entry: Entry): void {
    for (const [field, lists] of this.#orders) listOf(lists, field, entry).add(entry);
  }

  remove(entry: Entry): void {
    for (const [field, lists] of this.#orders) listOf(lists, field, entry).delete(entry);
  }

  /** The movies behind a position in this order, or all: one part of the order after the other. */
  after(sort: MovieSort, position: Position | null): Iterable<Entry>[] {
    const { field, direction } = orderOf(sort);
    const { some, none } = this.#orders.get(field)!;
    const behind = (list: SortedList<Entry>, position: Position | null) => {
      if (position === null) return direction === 1 ? list.from() : list.before();
      const [value = null, id] = position;
      const place = ({ movie }: Entry) => compared(field, movie, value, String(id));
      return direction === 1
        ? list.from((entry) => place(entry) <= 0)
        : list.before((entry) => place(entry) < 0);
    };
    if (position && position[0] === null) return [behind(none, position)];
    return [behind(some, position), behind(none, null)];
  }
}

/** A few movies in the order of `MovieOrders`. */
export const fewInOrder = <Movie extends Sorted>(
  sort: MovieSort,
  movies: readonly Movie[],
): Movie[] => {
  const { field } = orderOf(sort);
  return movies.toSorted((one, other) => inSort(sort, one, other[field], other._id));
};

/** Those of a few movies in order that come after a position. */
export function behind<Movie extends Sorted>(
  sort: MovieSort,
  position: Position | null,
  sorted: readonly Movie[],
): readonly Movie[] {
  if (!position) return sorted;
  const [value = null, id] = position;
  return sorted.filter((movie) => inSort(sort, movie, value, String(id)) > 0);
}

/** Movies without a value come last in both directions. */
function inSort(sort: MovieSort, movie: Sorted, value: Value, id: string): number {
  const { field, direction } = orderOf(sort);
  if ((movie[field] === null) !== (value === null)) return movie[field] === null ? 1 : -1;
  return direction * compared(field, movie, value, id);
}

const listOf = <Entry extends { movie: Sorted }>(
  { some, none }: Lists<Entry>,
  field: Field,
  { movie }: Entry,
): SortedList<Entry> => (movie[field] === null ? none : some);

/** Compares movies that all have a value, or all have none. */
function compared(field: Field, movie: Sorted, value: Value, id: string): number {
  const own: Value = movie[field];
  if (own === value) return movie._id === id ? 0 : movie._id < id ? -1 : 1;
  return own !== null && value !== null && own < value ? -1 : 1;
}
