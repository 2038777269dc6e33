import { notFound, type Rank } from './search-rank.ts';
import type { Numbers } from './word-lists.ts';

/** The movies that have some words, and how well each matches them. Movies are numbers here. */
export class Ranked {
  /** By number; `notFound` for all others. */
  readonly ranks: Uint8Array;
  found: number[] = [];

  /** @param movies numbers are below this. */
  constructor(movies: number) {
    this.ranks = new Uint8Array(movies).fill(notFound);
  }

  /** Adds movies; a movie's best rank counts. */
  add(movies: Numbers, rank: Rank): void {
    for (const movie of movies) {
      const before = this.ranks[movie]!;
      if (before === notFound) this.found.push(movie);
      if (rank < before) this.ranks[movie] = rank;
    }
  }

  /** Adds movies from another set. */
  addAll({ found, ranks }: Ranked): void {
    for (const movie of found) this.add([movie], ranks[movie]!);
  }

  /** Leaves only movies that are in the other set too; a movie's worst rank counts. */
  keepOnly({ ranks }: Ranked): void {
    this.found = this.found.filter((movie) => {
      this.ranks[movie] = Math.max(this.ranks[movie]!, ranks[movie]!);
      return this.ranks[movie] < notFound;
    });
  }
}
