import type { Position } from '@event-sourced/kernel/page';
import { TypedFastBitSet } from 'typedfastbitset';
import type { MovieDocument } from '#schemas/movies/movies-view.ts';
import type { EveryMovie, EverySort } from './every-movie.ts';
import { firstBehind } from './sorted-list.ts';

type Key = Position[number];

/** A document of a user, as far as its place in an order depends on it; null keys come last. */
export type MyItem = { _id: string; movieId: string; key: Key };

export type MyOrder = { by: string; direction: 1 | -1 };

/** Lists of no more items are sorted, once for each order until the catalogue changes. */
const few = 2_000;
/** Longer lists know their movies as a set, too, to be counted. */
const fewForSets = 300;
/** So many orders of a list are kept. */
const mostOrders = 4;

/** What a list item takes in memory besides the characters of its id. */
const itemBytes = 60;

/** The documents of one user: ids, movies and times, and no more. Never changes. */
export class MyItems {
  readonly every: EveryMovie;
  /** An estimate. */
  readonly bytes: number;
  readonly #ids: string[] = [];
  readonly #movies: number[] = [];
  /** The first of the fields, by which the documents came: highest first, then by id. */
  readonly #natural: string;
  readonly #values: ReadonlyMap<string, (number | null)[]>;
  readonly #byMovie: MoviesOfItems | null;
  readonly #kept = new Map<string, KeptOrder>();

  constructor(
    every: EveryMovie,
    fields: readonly [string, ...string[]],
    documents: readonly MyFields[],
  ) {
    this.every = every;
    this.#natural = fields[0];
    this.#values = new Map(fields.map((field) => [field, []]));
    let bytes = 200;
    for (const document of documents) {
      this.#ids.push(document._id);
      this.#movies.push(every.numberOf(document.movieId));
      for (const [field, values] of this.#values) values.push(document[field] as number | null);
      bytes += itemBytes + document._id.length;
    }
    this.#byMovie = this.length > fewForSets ? new MoviesOfItems(this.#movies) : null;
    const ofOrders = mostOrders * Uint32Array.BYTES_PER_ELEMENT * this.length;
    this.bytes = bytes + ofOrders + (this.#byMovie?.bytes ?? 0);
  }

  get length(): number {
    return this.#ids.length;
  }

  /** @param wanted the numbers of the movies that pass; null is all. */
  count(wanted: TypedFastBitSet | null): number {
    if (!wanted) return this.length;
    const { members } = this.#byMovie ?? {};
    if (members && members.size() === this.length) return members.intersection_size(wanted);
    return this.#movies.reduce((count, number) => (wanted.has(number) ? count + 1 : count), 0);
  }

  /** The items in order, those behind the position only. */
  after(
    order: MyOrder,
    position: Position | null,
    wanted: TypedFastBitSet | null,
  ): Iterable<MyItem> {
    if (order.by === this.#natural) return this.#inNaturalOrder(order, position, wanted);
    if (this.length <= few) return this.#inKeptOrder(order, position, wanted);
    const byMovie = isByMovie(order) ? this.#byMovie : null;
    return byMovie
      ? this.#inMovieOrder(byMovie, order, position, wanted)
      : this.#sorted(this.#movies.keys(), order, position, wanted);
  }

  *#inNaturalOrder(
    { by, direction }: MyOrder,
    position: Position | null,
    wanted: TypedFastBitSet | null,
  ): Generator<MyItem> {
    const compare = inOrder({ by, direction: -1 });
    const last = position && itemAt({ by, direction }, position);
    const isFromTop = direction === -1;
    const start = last
      ? firstBehind(this.length, (at) => {
          const compared = compare(this.#item(at, by), last);
          return isFromTop ? compared <= 0 : compared < 0;
        })
      : isFromTop
        ? 0
        : this.length;
    for (let at = isFromTop ? start : start - 1; at >= 0 && at < this.length; at -= direction) {
      if (!wanted || wanted.has(this.#movies[at]!)) yield this.#item(at, by);
    }
  }

  *#inKeptOrder(
    order: MyOrder,
    position: Position | null,
    wanted: TypedFastBitSet | null,
  ): Generator<MyItem> {
    const { by } = order;
    const indexes = this.#indexesIn(order);
    const last = position && itemAt(order, position);
    const compare = inOrder(order);
    const isPassed = (at: number) =>
      last !== null && compare(this.#item(indexes[at]!, by), last) <= 0;
    for (let at = firstBehind(indexes.length, isPassed); at < indexes.length; at += 1) {
      const index = indexes[at]!;
      if (!wanted || wanted.has(this.#movies[index]!)) yield this.#item(index, by);
    }
  }

  #indexesIn(order: MyOrder): Uint32Array {
    const { version } = this.every;
    const name = `${order.by} ${order.direction}`;
    const known = this.#kept.get(name);
    if (known?.version === version) return known.indexes;
    const compare = inOrder(order);
    const all = Array.from(this.#movies, (_, at) => ({ at, item: this.#item(at, order.by) }));
    all.sort((one, other) => compare(one.item, other.item));
    const indexes = Uint32Array.from(all, ({ at }) => at);
    if (!known && this.#kept.size === mostOrders) this.#kept.clear();
    this.#kept.set(name, { version, indexes });
    return indexes;
  }

  /** Each item's movie, as the catalogue has it now, and one of the item's times. */
  *at(field: string): Generator<{ movieId: string; movie: MovieDocument | undefined; at: number }> {
    const times = this.#values.get(field) ?? [];
    for (const [index, number] of this.#movies.entries()) {
      const { every } = this;
      yield { movieId: every.idOf(number), movie: every.movie(number), at: times[index] ?? 0 };
    }
  }

  #sorted(
    indexes: Iterable<number>,
    order: MyOrder,
    position: Position | null,
    wanted: TypedFastBitSet | null,
  ): MyItem[] {
    const compare = inOrder(order);
    const last = position && itemAt(order, position);
    const items: MyItem[] = [];
    for (const at of indexes) {
      if (wanted && !wanted.has(this.#movies[at]!)) continue;
      const item = this.#item(at, order.by);
      if (!last || compare(item, last) > 0) items.push(item);
    }
    return items.sort(compare);
  }

  /** Passes the movies of the catalogue in this order, and stops at those of the user. */
  *#inMovieOrder(
    { members, itemsOf }: MoviesOfItems,
    order: MyOrder,
    position: Position | null,
    wanted: TypedFastBitSet | null,
  ): Generator<MyItem> {
    const { every } = this;
    const [key, movieId] = position ?? [];
    if (key !== null) {
      if (position) {
        // A movie may have several items, of which some were on the page before.
        const same = itemsOf(every.numberIfKnown(String(movieId)) ?? -1);
        const rest = this.#sorted(same, order, position, wanted);
        yield* rest.filter((item) => item.key === key);
      }
      const sort = `${order.direction === 1 ? '' : '-'}${order.by}` as EverySort;
      for (const part of every.after(sort, position && [key ?? null, String(movieId)])) {
        for (const member of part) {
          if (!members.has(member) || (wanted && !wanted.has(member))) continue;
          yield* this.#sorted(itemsOf(member), order, null, null);
        }
      }
    }
    if (wanted) return;
    const unknown = [...this.#movies.keys()].filter((at) => !every.movie(this.#movies[at]!));
    yield* this.#sorted(unknown, order, position, null);
  }

  #item(at: number, by: string): MyItem {
    const number = this.#movies[at]!;
    return { _id: this.#ids[at]!, movieId: this.every.idOf(number), key: this.#key(at, by) };
  }

  #key(at: number, by: string): Key {
    const movie = this.every.movie(this.#movies[at]!);
    if (by === 'title') return movie?.titleKey ?? null;
    if (by === 'year') return movie?.year ?? null;
    return this.#values.get(by)?.[at] ?? null;
  }
}

/** The indexes of all items in an order, for a version of the catalogue. */
type KeptOrder = { version: number; indexes: Uint32Array };

/** The fields that are read of each document. */
export type MyFields = { _id: string; movieId: string } & Record<string, unknown>;

/** Finds the items of a movie. */
class MoviesOfItems {
  readonly members: TypedFastBitSet;
  readonly bytes: number;
  readonly #movies: readonly number[];
  /** The items in the order of their movies' numbers. */
  readonly #items: Uint32Array;

  constructor(movies: readonly number[]) {
    this.#movies = movies;
    this.members = new TypedFastBitSet(movies);
    // Numbers sort much faster than objects: the item's index is behind the movie's number.
    const places = Float64Array.from(movies, (movie, at) => movie * largestIndex + at).sort();
    this.#items = Uint32Array.from(places, (place) => place % largestIndex);
    const largest = movies.reduce((one, other) => Math.max(one, other), 0);
    this.bytes = this.#items.byteLength + Math.ceil(largest / 8);
  }

  readonly itemsOf = (movie: number): number[] => {
    const { length } = this.#items;
    const movieAt = (at: number) => this.#movies[this.#items[at]!]!;
    const from = firstBehind(length, (at) => movieAt(at) < movie);
    let to = from;
    while (to < length && movieAt(to) === movie) to += 1;
    return [...this.#items.subarray(from, to)];
  };
}

const largestIndex = 2 ** 24;

export const isByMovie = ({ by }: MyOrder): boolean => by === 'title' || by === 'year';

/** The fields that a cursor has of an item. */
export const fieldsIn = (order: MyOrder) => {
  const { direction } = order;
  const opposite = direction === 1 ? -1 : 1;
  return isByMovie(order)
    ? ({ key: direction, movieId: direction, _id: opposite } as const)
    : ({ key: direction, _id: opposite } as const);
};

export const positionOf = (order: MyOrder, { key, movieId, _id }: MyItem): Position =>
  isByMovie(order) ? [key, movieId, _id] : [key, _id];

function itemAt(order: MyOrder, position: Position): MyItem {
  const [key = null, movieId, _id] = isByMovie(order) ? position : [position[0], '', position[1]];
  return { key, movieId: String(movieId), _id: String(_id) };
}

/** Movies with the same key are in the order of the catalogue; other ties go the other way. */
const inOrder = (order: MyOrder) => (one: MyItem, other: MyItem) => {
  const { direction } = order;
  if (one.key !== other.key) {
    if (one.key === null || other.key === null) return one.key === null ? 1 : -1;
    return one.key < other.key ? -direction : direction;
  }
  if (isByMovie(order) && one.movieId !== other.movieId) {
    return one.movieId < other.movieId ? -direction : direction;
  }
  return one._id === other._id ? 0 : one._id < other._id ? direction : -direction;
};
