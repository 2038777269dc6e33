import { folded } from '#schemas/movies/text-keys.ts';

/** Letters that have no accent to lose, as they are typed where no key has them. */
const plain: Record<string, string> = {
  ...{ ß: 'ss', æ: 'ae', œ: 'oe', ø: 'o', đ: 'd', ð: 'd', ł: 'l', þ: 'th', ı: 'i', ħ: 'h' },
  '&': ' and ',
};

const asTyped = (text: string): string =>
  folded(text).replace(/[ßæœøđðłþıħ&]/g, (letter) => plain[letter] ?? letter);

/** What stands between two spaces: `wall-e` has the parts `wall` and `e`. */
export type Word = {
  parts: readonly [string, ...string[]];
  /** All parts in one: `walle`. */
  joined: string;
};

/**
 * Text taken apart for matching, without case, accents and punctuation. No word is left out:
 * there are movies called Up, Her and What If. Text that is all punctuation is one word.
 */
export function wordsOf(text: string): Word[] {
  const typed = asTyped(text).trim();
  const words = typed.split(/\s+/).flatMap((chunk) => {
    const [first, ...rest] = chunk.split(/[^\p{L}\p{N}]+/u).filter((part) => part !== '');
    if (first === undefined) return [];
    return [{ parts: [first, ...rest] as const, joined: [first, ...rest].join('') }];
  });
  if (words.length > 0 || typed === '') return words;
  const symbols = typed.replace(/\s+/g, '');
  return [{ parts: [symbols], joined: symbols }];
}

/** All of a text in one piece: the same however its words are divided. */
export const compact = (words: readonly Word[]): string =>
  words.map(({ joined }) => joined).join('');

const articles = new Set(['the', 'a', 'an']);

/** Whole texts that mean just this movie: its title, without article, and with its year. */
export function namesOf(title: string, year: number): string[] {
  const words = wordsOf(title);
  const [first, ...rest] = words;
  const isArticle = first !== undefined && rest.length > 0 && articles.has(first.joined);
  const names = isArticle ? [compact(words), compact(rest)] : [compact(words)];
  return names.flatMap((name) => [name, name + year]);
}

/** Words as they are indexed: parts, and parts in one. */
export const indexed = (text: string): string[] =>
  wordsOf(text).flatMap(({ parts, joined }) => (parts.length > 1 ? [...parts, joined] : parts));

/** Neighbours in one word, for those who type `ironman`. */
export const pairs = (text: string): string[] => {
  const words = wordsOf(text);
  return words.slice(1).map(({ joined }, index) => `${words[index]?.joined}${joined}`);
};
