import { TypedFastBitSet } from 'typedfastbitset';
import type { Places } from './my-columns.ts';
import { firstBehind } from './sorted-list.ts';

const largestIndex = 2 ** 24;

/** Finds the items of a movie. Never changes. */
export class MoviesOfItems {
  readonly members: TypedFastBitSet;
  readonly bytes: number;
  readonly #movies: readonly number[];
  /** The items in the order of their movies' numbers, and of one movie in their own. */
  readonly #items: Uint32Array;

  private constructor(movies: readonly number[], items: Uint32Array, members: TypedFastBitSet) {
    this.#movies = movies;
    this.#items = items;
    this.members = members;
    const largest = movies[items.at(-1) ?? 0] ?? 0;
    this.bytes = items.byteLength + Math.ceil(largest / 8);
  }

  static of(movies: readonly number[]): MoviesOfItems {
    // Numbers sort much faster than objects: the item's index is behind the movie's number.
    const places = Float64Array.from(movies, (movie, at) => movie * largestIndex + at).sort();
    const items = Uint32Array.from(places, (place) => place % largestIndex);
    return new MoviesOfItems(movies, items, new TypedFastBitSet(movies));
  }

  /** @param movies of the changed list. @param places where its items are. */
  with(movies: readonly number[], places: Places): MoviesOfItems {
    const { after, added } = places;
    const items = new Uint32Array(movies.length);
    const isBefore = (one: number, other: number) =>
      movies[one] === movies[other] ? one < other : movies[one]! < movies[other]!;
    const late = added.toSorted((one, other) => (isBefore(one, other) ? -1 : 1));
    let [length, next] = [0, 0];
    for (const before of this.#items) {
      const item = after[before]!;
      if (item < 0) continue;
      while (next < late.length && isBefore(late[next]!, item)) items[length++] = late[next++]!;
      items[length++] = item;
    }
    while (next < late.length) items[length++] = late[next++]!;
    return new MoviesOfItems(movies, items, this.#membersWith(movies, items, places));
  }

  #membersWith(
    movies: readonly number[],
    items: Uint32Array,
    { gone, added }: Places,
  ): TypedFastBitSet {
    const members = this.members.clone();
    const made = new MoviesOfItems(movies, items, members);
    for (const before of gone) {
      const movie = this.#movies[before]!;
      if (made.itemsOf(movie).length === 0) members.remove(movie);
    }
    for (const item of added) members.add(movies[item]!);
    return members;
  }

  readonly itemsOf = (movie: number): Uint32Array => {
    const { length } = this.#items;
    const movieAt = (at: number) => this.#movies[this.#items[at]!]!;
    const from = firstBehind(length, (at) => movieAt(at) < movie);
    return this.#items.subarray(
      from,
      firstBehind(length, (at) => movieAt(at) <= movie),
    );
  };
}
