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
const names = Object.keys(fields) as Name[];
const sorts = names.flatMap((name) => [name, `-${name}`] as const);

export const MovieSort = z
  .enum(sorts, { error: `has to be one of ${names.join(', ')}, with a - before it for descending` })
  .default('title');
export type MovieSort = z.output<typeof MovieSort>;

type Value = string | number | null;
type Sorted = Pick<MovieDocument, '_id' | (typeof fields)[Name]>;

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

/** Movies in the order of each sort. Movies without a value come last in both directions. */
export class MovieOrders<Entry extends { movie: Sorted }> {
  readonly #orders = new Map(
    sorts.map((sort) => {
      const { field } = orderOf(sort);
      const compared = byValue(sort);
      const isBefore = (one: Entry, { movie }: Entry) =>
        compared(one.movie, movie[field], movie._id) < 0;
      return [sort, { compared, list: new SortedList(isBefore) }] as const;
    }),
  );

  add(entry: Entry): void {
    for (const { list } of this.#orders.values()) list.add(entry);
  }

  remove(entry: Entry): void {
    for (const { list } of this.#orders.values()) list.delete(entry);
  }

  /** The movies behind a position in this order, or all. */
  after(sort: MovieSort, position: Position | null): Iterable<Entry> {
    const { list, compared } = this.#orders.get(sort)!;
    const [value = null, id] = position ?? [];
    return list.from(({ movie }) => position !== null && compared(movie, value, String(id)) <= 0);
  }
}

function byValue(sort: MovieSort) {
  const { field, direction } = orderOf(sort);
  return (movie: Sorted, value: Value, id: string): number => {
    const own: Value = movie[field];
    if (own === value) return movie._id === id ? 0 : movie._id < id ? -direction : direction;
    if (own === null || value === null) return own === null ? 1 : -1;
    return own < value ? -direction : direction;
  };
}
