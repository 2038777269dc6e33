import type { PageSource, Position } from '@event-sourced/kernel/page';
import { z } from 'zod';
import type { MovieDocument } from '#schemas/movies/movies-view.ts';
import { countBefore } from '../sorted-list.ts';
import type { Rank } from './search-rank.ts';

/** What a search knows of a movie. */
export type MovieFacts = Omit<MovieDocument, 'retired' | 'director' | 'actors' | 'addedAt'>;

/** A movie that was found. */
export type Hit = { movie: MovieFacts; rank: Rank };

/** The order of hits; no two of them share a position. */
export const hitOrder = { rank: 1, 'movie.ratingVotes': -1, 'movie._id': 1 } as const;
export const HitPosition = z.tuple([z.number(), z.number(), z.string()]);

type Popular = Pick<MovieFacts, 'ratingVotes' | '_id'>;

/** The most popular first, then by id as text. */
export const isMorePopular = (one: Popular, other: Popular): boolean =>
  one.ratingVotes === other.ratingVotes ? one._id < other._id : one.ratingVotes > other.ratingVotes;

/** All movies that a search has found, best first. */
export class Hits implements PageSource<Hit> {
  readonly size: number;
  /** How many words and movies the search has looked at: its cost. */
  readonly looks: number;
  /** By number. */
  readonly #movies: readonly (MovieFacts | undefined)[];
  /** Numbers, by rank; those of each rank by popularity. */
  readonly #ranked: readonly (readonly number[])[];

  constructor(
    movies: readonly (MovieFacts | undefined)[],
    ranked: readonly (readonly number[])[],
    looks: number,
  ) {
    this.#movies = movies;
    this.#ranked = ranked;
    this.size = ranked.reduce((sum, numbers) => sum + numbers.length, 0);
    this.looks = looks;
  }

  /** The numbers of all movies. */
  *numbers(): Generator<number> {
    for (const numbers of this.#ranked) yield* numbers;
  }

  async read(after: Position | null, limit: number): Promise<Hit[]> {
    return this.first(limit, after);
  }

  async count(): Promise<number> {
    return this.size;
  }

  /** Up to so many hits, from the first one after the position on. */
  first(limit: number, after: Position | null = null): Hit[] {
    const [afterRank, ratingVotes, _id] = HitPosition.nullable().parse(after) ?? [-1, 0, ''];
    const isPassed = (number: number) =>
      !isMorePopular({ ratingVotes, _id }, this.#movies[number]!);
    const hits: Hit[] = [];
    for (const [rank, numbers] of this.#ranked.entries()) {
      if (rank < afterRank) continue;
      const from = rank === afterRank ? countBefore(numbers, isPassed) : 0;
      for (const number of numbers.slice(from, from + limit - hits.length)) {
        hits.push({ movie: this.#movies[number]!, rank });
      }
    }
    return hits;
  }
}
