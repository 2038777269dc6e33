import type { MovieWords, Way } from './movie-words.ts';
import { Ranked } from './ranked.ts';
import { forgives, rank } from './search-rank.ts';
import { piecesOf, type Word } from './search-words.ts';

/** Typos cost the most to look for, so not more parts than these may have one. */
const mostForgiven = 8;
/** The rarest pieces of a part that are looked for: hardly any other text has all of them. */
const mostPieces = 6;

/** One search in the words of all movies. */
export class Search {
  /** How many words and movies it has looked at: its cost. */
  looks = 0;
  readonly #words: MovieWords;
  readonly #movies: number;

  /** @param movies the numbers of movies are below this. */
  constructor(words: MovieWords, movies: number) {
    this.#words = words;
    this.#movies = movies;
  }

  /** @param named the movies that are called as the text says. */
  run(typed: readonly Word[], named: readonly number[]): Ranked {
    // First those words that no movie has as typed: with one of these, no other needs a look.
    const words = distinct(typed).sort((one, other) => this.#known(one) - this.#known(other));
    const last = typed.at(-1)?.parts.at(-1) ?? '';
    const way = { last, forgiven: new Set<string>(), isAlone: words.length === 1 };
    const ranked = this.#all(words, way);
    ranked.add(named, rank('name'));
    if (ranked.found.length > 0) return ranked;
    // Typos are forgiven only if no movie has the words as typed.
    return this.#all(words, { ...way, forgiven: this.#forgiven(words) });
  }

  #known({ parts, joined }: Word): 0 | 1 {
    const isKnown = parts.every((part) => this.#has(part)) || this.#words.has(joined);
    return isKnown ? 1 : 0;
  }

  #has(part: string): boolean {
    const pieces = piecesOf(part);
    const hasPieces = pieces.length > 0 && pieces.every((piece) => this.#words.has(piece));
    return hasPieces || this.#words.has(part);
  }

  /** The parts in which typos are forgiven: first of all those that no movie has as typed. */
  #forgiven(words: readonly Word[]): Set<string> {
    const parts = words.flatMap(({ parts, joined }) => [...parts, joined]).filter(forgives);
    const { known = [], unknown = [] } = Object.groupBy(new Set(parts), (part) =>
      this.#words.has(part) ? 'known' : 'unknown',
    );
    return new Set([...unknown, ...known].slice(0, mostForgiven));
  }

  /** The movies with all of these words; a movie is as good as the weakest of them. */
  #all(words: readonly Word[], way: Way): Ranked {
    const [first, ...more] = words;
    if (!first) return new Ranked(this.#movies);
    const ranked = this.#word(first, way);
    for (const word of more) {
      if (ranked.found.length === 0) break;
      ranked.keepOnly(this.#word(word, way));
    }
    return ranked;
  }

  #word({ parts, joined }: Word, way: Way): Ranked {
    const [first, ...more] = parts;
    const ranked = this.#part(first, way);
    for (const part of new Set(more)) {
      if (ranked.found.length === 0) break;
      ranked.keepOnly(this.#part(part, way));
    }
    if (more.length > 0) ranked.addAll(this.#part(joined, way));
    return ranked;
  }

  /** In scripts without spaces, a part is found in the middle of words, too, by its pieces. */
  #part(part: string, way: Way): Ranked {
    const ranked = this.#found(part, way);
    const [first, ...more] = this.#rarest(piecesOf(part));
    if (first === undefined || first === part) return ranked;
    const inside = this.#found(first, way);
    for (const piece of more) {
      if (inside.found.length === 0) break;
      inside.keepOnly(this.#found(piece, way));
    }
    ranked.addAll(inside);
    return ranked;
  }

  #rarest(pieces: readonly string[]): string[] {
    const counts = new Map(pieces.map((piece) => [piece, this.#words.count(piece)]));
    const sorted = [...counts].sort(([, one], [, other]) => one - other);
    return sorted.slice(0, mostPieces).map(([piece]) => piece);
  }

  #found(part: string, way: Way): Ranked {
    const ranked = new Ranked(this.#movies);
    this.#words.find(part, way, (movies, rank) => {
      this.looks += 1 + movies.length;
      ranked.add(movies, rank);
    });
    return ranked;
  }
}

const distinct = (words: readonly Word[]): Word[] => [
  ...new Map(words.map((word) => [word.parts.join(' '), word])).values(),
];
