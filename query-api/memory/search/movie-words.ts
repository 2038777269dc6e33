import type { MovieFacts } from './hits.ts';
import { type Rank, rank } from './search-rank.ts';
import { indexed, mentioned, namesOf, pairs } from './search-words.ts';
import { Dictionary, type Numbers, WordLists } from './word-lists.ts';

/** How the parts of a search are looked for. */
export type Way = {
  /** The end of the text, where the user may be still typing. */
  last: string;
  /** The parts in which a typo is forgiven. */
  forgiven: ReadonlySet<string>;
  /** The search is one word. */
  isAlone: boolean;
};

/** Receives movies that have a part of the search, and how well they match it. */
type OnFound = (movies: Numbers, rank: Rank) => void;

/** So many words begin with one or two letters that these count only where the text ends. */
const shortestBeginning = 3;

/** The words of all movies, by where they stand in a movie. Movies are numbers here. */
export class MovieWords {
  /** Only titles and people are found by a beginning or with a typo. */
  readonly #lists = {
    name: new WordLists(),
    title: new Dictionary(),
    pairs: new WordLists(),
    people: new Dictionary(),
    year: new WordLists(),
    description: new WordLists(),
  };

  /** Replaces the words of a movie; words that stay cost nothing. */
  change(movie: number, before: MovieFacts | undefined, after: MovieFacts | undefined): void {
    if (before && after && hasSameTexts(before, after)) return;
    const old = before && wordsOfMovie(before);
    const now = after && wordsOfMovie(after);
    for (const place of Object.keys(this.#lists) as (keyof Words)[]) {
      for (const word of old?.[place] ?? []) {
        if (!now?.[place].has(word)) this.#lists[place].delete(word, movie);
      }
      for (const word of now?.[place] ?? []) {
        if (!old?.[place].has(word)) this.#lists[place].add(word, movie);
      }
    }
  }

  /** The movies of this name, which has no year. */
  named(name: string): Numbers {
    return this.#lists.name.of(name);
  }

  /** Whether any movie has the part as it was typed. */
  has(part: string): boolean {
    const { title, people } = this.#lists;
    return (
      Object.values(this.#lists).some((list) => list.of(part).length > 0) ||
      [title, people].some((dictionary) => !dictionary.beginningWith(part).next().done)
    );
  }

  /** How many movies have this piece of a word. */
  count(piece: string): number {
    const { title, people, description, pairs } = this.#lists;
    return [title, people, description, pairs].reduce(
      (sum, list) => sum + list.of(piece).length,
      0,
    );
  }

  /** Finds the movies with one part of the search; a movie may be found more than once. */
  find(part: string, { last, forgiven, isAlone }: Way, onFound: OnFound): void {
    const { title, pairs, people, year, description } = this.#lists;
    const isBeginning = part.length >= shortestBeginning || part === last;
    for (const [place, dictionary] of [
      ['title', title],
      ['people', people],
    ] as const) {
      onFound(dictionary.of(part), rank(place));
      for (const word of isBeginning ? dictionary.beginningWith(part) : []) {
        if (word !== part) onFound(dictionary.of(word), rank(`${place} begun`));
      }
      for (const [word, isTypo] of forgiven.has(part) ? dictionary.similar(part) : []) {
        onFound(isTypo ? dictionary.of(word) : [], rank(`${place} mistyped`));
      }
    }
    onFound(pairs.of(part), rank('title'));
    // A year helps to choose among movies; a year alone counts like a word of a description.
    onFound(year.of(part), rank(isAlone ? 'description' : 'title'));
    onFound(description.of(part), rank('description'));
  }
}

type Words = Record<
  'name' | 'title' | 'pairs' | 'people' | 'year' | 'description',
  ReadonlySet<string>
>;

const wordsOfMovie = ({ title, directorKey, actorKeys, year, description }: MovieFacts): Words => ({
  name: new Set(namesOf(title)),
  title: new Set(indexed(title)),
  pairs: new Set(pairs(title)),
  people: new Set([directorKey, ...actorKeys].flatMap(indexed)),
  year: new Set([String(year)]),
  description: new Set(mentioned(description)),
});

const hasSameTexts = (one: MovieFacts, other: MovieFacts): boolean =>
  one.title === other.title &&
  one.year === other.year &&
  one.description === other.description &&
  one.directorKey === other.directorKey &&
  one.actorKeys.join() === other.actorKeys.join();
