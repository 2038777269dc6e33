import type { Position } from '@event-sourced/kernel/page';
import type { TypedFastBitSet } from 'typedfastbitset';
import type { MovieDocument } from '#schemas/movies/movies-view.ts';
import type { Genres } from './genre-filter.ts';
import { GenreMembers } from './genre-members.ts';
import { MovieOrders } from './movie-sort.ts';

/** A movie, and the number by which sets of movies know it. */
export type Entry = { readonly member: number; movie: MovieDocument };

export type EverySort = 'title' | '-title' | 'year' | '-year';

/** What lists of one user know of movies: these keep a movie that has been retired. */
export class EveryMovie {
  /** Another number after each change. */
  version = 0;
  readonly #numbers = new Map<string, number>();
  /** By number. */
  readonly #ids: string[] = [];
  readonly #entries: (Entry | undefined)[] = [];
  readonly #genres = new GenreMembers();
  readonly #orders = new MovieOrders<Entry>(['title', 'year']);

  /** A movie's number never changes. One that is not in the catalogue yet gets its own now. */
  numberOf(id: string): number {
    const known = this.#numbers.get(id);
    if (known !== undefined) return known;
    const number = this.#ids.push(id) - 1;
    this.#numbers.set(id, number);
    return number;
  }

  /** Cursors may name anything, which gets no number. */
  numberIfKnown(id: string): number | undefined {
    return this.#numbers.get(id);
  }

  idOf(number: number): string {
    return this.#ids[number] ?? '';
  }

  /** Undefined until the movie is in the catalogue. */
  movie(number: number): MovieDocument | undefined {
    return this.#entries[number]?.movie;
  }

  add(entry: Entry): void {
    this.version += 1;
    this.#entries[entry.member] = entry;
    this.#genres.add(entry.movie, entry.member);
    this.#orders.add(entry);
  }

  /** Does nothing for a movie that isn't there. */
  remove(entry: Entry): void {
    if (!this.#entries[entry.member]) return;
    this.version += 1;
    this.#entries[entry.member] = undefined;
    this.#genres.remove(entry.movie, entry.member);
    this.#orders.remove(entry);
  }

  /** The numbers of the movies of these genres; null without any. */
  ofGenres(genre: Genres): TypedFastBitSet | null {
    return genre.length === 0 ? null : this.#genres.allOf(genre);
  }

  /** The movies behind a position, or all: one part of the order after the other. */
  after(sort: EverySort, position: Position | null): Iterable<Entry>[] {
    return this.#orders.after(sort, position);
  }
}
