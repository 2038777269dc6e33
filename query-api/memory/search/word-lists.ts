import { NumberList } from '../number-list.ts';
import { SortedList } from '../sorted-list.ts';
import { TextMap } from '../text-map.ts';
import { isOneTypo } from './one-typo.ts';

/** The numbers of movies. */
export type Numbers = ArrayLike<number> & Iterable<number>;

const none: Numbers = [];
const shortest = 32;

/** For each word, the numbers of the movies that have it. */
export class WordLists {
  /** Most words have one movie only, which then needs no array, and most others have a few. */
  readonly #movies = new TextMap<number | number[] | NumberList>();

  /** @returns whether it is the first movie with this word. */
  add(word: string, movie: number): boolean {
    const known = this.#movies.get(word);
    if (known === undefined) this.#movies.set(word, movie);
    else if (typeof known === 'number') this.#movies.set(word, [known, movie]);
    else {
      known.push(movie);
      if (Array.isArray(known) && known.length > shortest) {
        this.#movies.set(word, NumberList.of(known));
      }
    }
    return known === undefined;
  }

  /** @returns whether it was the last movie with this word. */
  delete(word: string, movie: number): boolean {
    const known = this.#movies.get(word);
    if (typeof known !== 'object') return known === movie && this.#movies.delete(word);
    if (Array.isArray(known)) removeFrom(known, movie);
    else known.remove(movie);
    return known.length === 0 && this.#movies.delete(word);
  }

  of(word: string): Numbers {
    const known = this.#movies.get(word);
    if (known === undefined) return none;
    if (typeof known === 'number') return [known];
    return Array.isArray(known) ? known : known.all();
  }
}

function removeFrom(numbers: number[], number: number): void {
  const at = numbers.indexOf(number);
  if (at === -1) return;
  const last = numbers.pop() as number;
  if (at < numbers.length) numbers[at] = last;
}

/** Word lists that also find words by their beginning, or with a typo. */
export class Dictionary extends WordLists {
  readonly #words = new SortedList<string>((one, other) => one < other);
  readonly #byLength = new SortedList(isShorterOrBefore);
  /** The words spelt backwards, to find them by their ends. */
  readonly #backwards = new SortedList(isShorterOrBefore);

  override add(word: string, movie: number): boolean {
    const isNew = super.add(word, movie);
    if (isNew) {
      this.#words.add(word);
      this.#byLength.add(word);
      this.#backwards.add(backwards(word));
    }
    return isNew;
  }

  override delete(word: string, movie: number): boolean {
    const wasLast = super.delete(word, movie);
    if (wasLast) {
      this.#words.delete(word);
      this.#byLength.delete(word);
      this.#backwards.delete(backwards(word));
    }
    return wasLast;
  }

  /** The words that begin with this text; the text itself comes first. */
  *beginningWith(text: string): Generator<string> {
    for (const word of this.#words.from((one) => one < text)) {
      if (!word.startsWith(text)) return;
      yield word;
    }
  }

  /**
   * Words that may differ from this one by a typo, and whether they do. A typo leaves nearly half
   * of a word as it is, at its beginning or at its end: words that share neither are left out.
   */
  *similar(text: string): Generator<[word: string, isTypo: boolean]> {
    const half = Math.floor((text.length - 1) / 2);
    const begin = text.slice(0, half);
    const end = backwards(text).slice(0, half);
    for (const length of [text.length - 1, text.length, text.length + 1]) {
      for (const word of ofLength(this.#byLength, length, begin)) {
        yield [word, isOneTypo(text, word)];
      }
      for (const spelt of ofLength(this.#backwards, length, end)) {
        const word = backwards(spelt);
        yield [word, isOneTypo(text, word)];
      }
    }
  }
}

const isShorterOrBefore = (one: string, other: string): boolean =>
  one.length === other.length ? one < other : one.length < other.length;

function* ofLength(words: SortedList<string>, length: number, begin: string): Generator<string> {
  const isBefore = (word: string) => (word.length === length ? word < begin : word.length < length);
  for (const word of words.from(isBefore)) {
    if (word.length !== length || !word.startsWith(begin)) return;
    yield word;
  }
}

const backwards = (word: string): string => word.split('').reverse().join('');
