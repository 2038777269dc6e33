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

/** Numbers of movies by one field, then by id: of those that have a value, and of all others. */
type Lists = Record<'some' | 'none', SortedList<number>>;

/** Movies in the order of each sort. Movies without a value come last in both directions. */
export class MovieOrders {
  readonly #movieOf: (number: number) => Sorted;
  /** A list serves both directions. */
  readonly #orders: ReadonlyMap<Field, Lists>;

  /** @param movieOf tells a movie by its number, which is in no order while its movie changes. */
  constructor(movieOf: (number: number) => Sorted, sorts: readonly Name[] = names) {
    this.#movieOf = movieOf;
    this.#orders = new Map(
      sorts.map((name): [Field, Lists] => {
        const field = fields[name];
        const isBefore = (one: number, other: number) => {
          const movie = movieOf(other);
          return compared(field, movieOf(one), movie[field], movie._id) < 0;
        };
        return [field, { some: new SortedList(isBefore), none: new SortedList(isBefore) }];
      }),
    );
  }

  add(number: number): void {
    for (const [field, lists] of this.#orders) this.#listOf(field, lists, number).add(number);
  }

  remove(number: number): void {
    for (const [field, lists] of this.#orders) this.#listOf(field, lists, number).delete(number);
  }

  /** Those behind a position in this order, or all: one part of the order after the other. */
  after(sort: MovieSort, position: Position | null): Iterable<number>[] {
    const { field, direction } = orderOf(sort);
    const { some, none } = this.#orders.get(field)!;
    const behind = (list: SortedList<number>, position: Position | null) => {
      if (position === null) return direction === 1 ? list.from() : list.before();
      const [value = null, id] = position;
      const place = (number: number) => compared(field, this.#movieOf(number), value, String(id));
      return direction === 1
        ? list.from((number) => place(number) <= 0)
        : list.before((number) => place(number) < 0);
    };
    if (position && position[0] === null) return [behind(none, position)];
    return [behind(some, position), behind(none, null)];
  }

  #listOf(field: Field, { some, none }: Lists, number: number): SortedList<number> {
    return this.#movieOf(number)[field] === null ? none : some;
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

/** Compares movies that all have a value, or all have none. */
function compared(field: Field, movie: Sorted, value: Value, id: string): number {
  const own: Value = movie[field];
  if (own === value) return movie._id === id ? 0 : movie._id < id ? -1 : 1;
  return own !== null && value !== null && own < value ? -1 : 1;
}
