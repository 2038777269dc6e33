import { TypedFastBitSet } from 'typedfastbitset';
import { firstBehind } from './sorted-list.ts';

const largestIndex = 2 ** 24;

/** Finds the items of a movie. */
export class MoviesOfItems {
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
