import { LRUCache } from 'lru-cache';
import type { MovieDocument } from '#schemas/movies/movies-view.ts';
import { SortedList } from '../sorted-list.ts';
import { Hits, isMorePopular, type MovieFacts } from './hits.ts';
import { MovieWords } from './movie-words.ts';
import type { Ranked } from './ranked.ts';
import { notFound } from './search-rank.ts';
import { Search } from './search-run.ts';
import { spellings, wordsOf } from './search-words.ts';

/** How many hits are kept for next pages, in all searches together. */
const keptHits = 500_000;
/** Up to this share of all movies is sorted; more are picked from the sorted list of all. */
const fewHits = 1 / 32;

/**
 * The catalogue in memory, to find movies by title, people and description. A search looks at
 * words that may match and at the movies that have them, never at a text: with 100,000 movies it
 * takes milliseconds, so it may run on the event loop.
 */
export class SearchIndex {
  /** The number that stands for a movie in the word lists; it never changes. */
  readonly #numberOf: (id: string) => number;
  readonly #words = new MovieWords();
  readonly #popular = new SortedList<number>((one, other) => this.#isMorePopular(one, other));
  /** By number; never changed once hits refer to it. */
  #movies: (MovieFacts | undefined)[] = [];
  /** The hits of the latest searches, for their next pages, until a movie changes. */
  readonly #kept = new LRUCache<string, Hits>({
    maxSize: keptHits,
    sizeCalculation: ({ size }) => size + 100,
  });

  /** @param numberOf hits have these numbers, from 0. */
  constructor(numberOf = inOrderOfFirstUse()) {
    this.#numberOf = numberOf;
  }

  /** Retired movies are not found. */
  put(movie: MovieDocument): void {
    if (movie.retired) this.remove(movie._id);
    else this.#set(this.#numberOf(movie._id), movie);
  }

  remove(id: string): void {
    const number = this.#numberOf(id);
    if (this.#movies[number]) this.#set(number, undefined);
  }

  #set(number: number, movie: MovieFacts | undefined): void {
    this.#dropHits();
    // Holes would make the array slow.
    while (this.#movies.length < number) this.#movies.push(undefined);
    const before = this.#movies[number];
    if (before) this.#popular.delete(number);
    this.#movies[number] = movie;
    this.#words.change(number, before, movie);
    if (movie) this.#popular.add(number);
  }

  #dropHits(): void {
    if (this.#kept.size === 0) return;
    this.#kept.clear();
    this.#movies = [...this.#movies];
  }

  #isMorePopular(one: number, other: number): boolean {
    return isMorePopular(this.#movies[one]!, this.#movies[other]!);
  }

  /** Every movie that has all of these words. */
  find(text: string): Hits {
    const words = wordsOf(text);
    const key = words.map(({ parts }) => parts.join('-')).join(' ');
    const kept = this.#kept.get(key);
    if (kept) return kept;
    const search = new Search(this.#words, this.#movies.length);
    const ranked = search.run(
      words,
      spellings(words).flatMap((name) => this.#named(name)),
    );
    const hits = new Hits(this.#movies, this.#inOrder(ranked), search.looks);
    this.#kept.set(key, hits);
    return hits;
  }

  /** The movies that are called this, with or without their year. */
  #named(name: string): number[] {
    const year = name.slice(-4);
    const dated = this.#words.named(name.slice(0, -4));
    return [
      ...this.#words.named(name),
      ...[...dated].filter((number) => `${this.#movies[number]?.year}` === year),
    ];
  }

  /** The numbers of the movies found: an array for each rank, the most popular first. */
  #inOrder({ found, ranks }: Ranked): number[][] {
    const isFew = found.length < this.#movies.length * fewHits;
    const sorted = isFew
      ? found.sort((one, other) => (this.#isMorePopular(one, other) ? -1 : 1))
      : this.#popular.from();
    const inOrder = Array.from({ length: notFound }, (): number[] => []);
    for (const number of sorted) inOrder[ranks[number]!]?.push(number);
    return inOrder;
  }
}

function inOrderOfFirstUse(): (id: string) => number {
  const numbers = new Map<string, number>();
  return (id) => {
    const number = numbers.get(id) ?? numbers.size;
    numbers.set(id, number);
    return number;
  };
}
