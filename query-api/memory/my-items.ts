import type { Position } from '@event-sourced/kernel/page';
import type { TypedFastBitSet } from 'typedfastbitset';
import type { MovieDocument } from '#schemas/movies/movies-view.ts';
import type { EveryMovie, EverySort } from './every-movie.ts';
import { MoviesOfItems } from './movies-of-items.ts';
import type { MyColumns, MyFields } from './my-columns.ts';
import { inOrder, isByMovie, itemAt, type Key, type MyItem, type MyOrder } from './my-order.ts';
import { firstBehind } from './sorted-list.ts';

/** Lists of no more items are sorted, once for each order until the catalogue changes. */
const few = 2_000;
/** Longer lists know their movies as a set, too, to be counted. */
const fewForSets = 300;
/** So many orders of a list are kept. */
const mostOrders = 4;

/** Of a longer list so many items are picked in one go: more than a page has. */
const pickedAtOnce = 128;

/** The documents of one user: ids, movies and times, and no more. Never changes. */
export class MyItems {
  readonly every: EveryMovie;
  /** An estimate. */
  readonly bytes: number;
  readonly #columns: MyColumns;
  readonly #ids: readonly string[];
  readonly #movies: readonly number[];
  /** The field by which the documents came: highest first, then by id. */
  readonly #natural: string;
  readonly #byMovie: MoviesOfItems | null;
  readonly #kept = new Map<string, KeptOrder>();

  /** @param byMovie if it is known already. */
  constructor(columns: MyColumns, byMovie?: MoviesOfItems) {
    this.#columns = columns;
    this.every = columns.every;
    this.#ids = columns.ids;
    this.#movies = columns.movies;
    [this.#natural] = columns.fields;
    const isLong = this.length > fewForSets;
    this.#byMovie = isLong ? (byMovie ?? MoviesOfItems.of(this.#movies)) : null;
    const ofOrders = mostOrders * Uint32Array.BYTES_PER_ELEMENT * this.length;
    this.bytes = columns.bytes + ofOrders + (this.#byMovie?.bytes ?? 0);
  }

  /** The same list with these documents in place of those that had the ids. */
  with(ids: readonly string[], documents: readonly MyFields[]): MyItems {
    const { columns, places } = this.#columns.with(ids, documents);
    return new MyItems(columns, this.#byMovie?.with(columns.movies, places));
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
      : this.#picked(() => this.#movies.keys(), order, position, wanted);
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
    const times = this.#columns.values.get(field) ?? [];
    for (const [index, number] of this.#movies.entries()) {
      const { every } = this;
      yield { movieId: every.idOf(number), movie: every.movie(number), at: times[index] ?? 0 };
    }
  }

  /** Picks the next few again and again: to sort all might take long in one go. */
  *#picked(
    indexes: () => Iterable<number>,
    order: MyOrder,
    position: Position | null,
    wanted: TypedFastBitSet | null,
  ): Generator<MyItem> {
    const compare = inOrder(order);
    for (let last = position && itemAt(order, position); ; ) {
      const next: MyItem[] = [];
      for (const at of indexes()) {
        if (wanted && !wanted.has(this.#movies[at]!)) continue;
        const item = this.#item(at, order.by);
        if (last && compare(item, last) <= 0) continue;
        const isFull = next.length === pickedAtOnce;
        if (isFull && compare(item, next.at(-1)!) > 0) continue;
        const place = firstBehind(next.length, (one) => compare(next[one]!, item) < 0);
        next.splice(place, 0, item);
        if (isFull) next.pop();
      }
      yield* next;
      if (next.length < pickedAtOnce) return;
      last = next.at(-1)!;
    }
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
        for (const item of this.#picked(() => same, order, position, wanted)) {
          if (item.key === key) yield item;
        }
      }
      const sort = `${order.direction === 1 ? '' : '-'}${order.by}` as EverySort;
      for (const part of every.after(sort, position && [key ?? null, String(movieId)])) {
        for (const member of part) {
          if (!members.has(member) || (wanted && !wanted.has(member))) continue;
          const items = itemsOf(member);
          yield* this.#picked(() => items, order, null, null);
        }
      }
    }
    if (wanted) return;
    const unknown = [...this.#movies.keys()].filter((at) => !every.movie(this.#movies[at]!));
    yield* this.#picked(() => unknown, order, position, null);
  }

  #item(at: number, by: string): MyItem {
    const number = this.#movies[at]!;
    return { _id: this.#ids[at]!, movieId: this.every.idOf(number), key: this.#key(at, by) };
  }

  #key(at: number, by: string): Key {
    const movie = this.every.movie(this.#movies[at]!);
    if (by === 'title') return movie?.titleKey ?? null;
    if (by === 'year') return movie?.year ?? null;
    return this.#columns.values.get(by)?.[at] ?? null;
  }
}

/** The indexes of all items in an order, for a version of the catalogue. */
type KeptOrder = { version: number; indexes: Uint32Array };
