import type { Position } from '@event-sourced/kernel/page';
import type { TypedFastBitSet } from 'typedfastbitset';
import type { MovieDocument } from '#schemas/movies/movies-view.ts';
import type { Genres } from './genre-filter.ts';
import { GenreMembers } from './genre-members.ts';
import { MovieOrders } from './movie-sort.ts';

export type EverySort = 'title' | '-title' | 'year' | '-year';

/** What lists of one user know of movies: these keep a movie that has been retired. */
export class EveryMovie {
  /** Another number after each change. */
  version = 0;
  readonly #numbers = new Map<string, number>();
  /** By number. */
  readonly #ids: string[] = [];
  readonly #movies: (MovieDocument | undefined)[] = [];
  readonly #genres = new GenreMembers();
  readonly #orders = new MovieOrders((number) => this.#movies[number]!, ['title', 'year']);

  /** Of the movies that are in the catalogue. */
  *ids(): Generator<string> {
    for (const [number, id] of this.#ids.entries()) if (this.#movies[number]) yield id;
  }

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
    return this.#movies[number];
  }

  put(number: number, movie: MovieDocument): void {
    this.remove(number);
    this.version += 1;
    this.#movies[number] = movie;
    this.#genres.add(movie, number);
    this.#orders.add(number);
  }

  /** Does nothing for a movie that isn't there. */
  remove(number: number): void {
    const movie = this.#movies[number];
    if (!movie) return;
    this.version += 1;
    this.#genres.remove(movie, number);
    this.#orders.remove(number);
    this.#movies[number] = undefined;
  }

  /** The numbers of the movies of these genres; null without any. */
  ofGenres(genre: Genres): TypedFastBitSet | null {
    return genre.length === 0 ? null : this.#genres.allOf(genre);
  }

  /** The movies behind a position, or all: one part of the order after the other. */
  after(sort: EverySort, position: Position | null): Iterable<number>[] {
    return this.#orders.after(sort, position);
  }
}
