import { folded } from '#schemas/movies/text-keys.ts';

/** How letters that are no base letter with an accent are typed on keyboards without them. */
const plain: Record<string, string> = {
  ...{ ß: 'ss', æ: 'ae', œ: 'oe', ø: 'o', đ: 'd', ð: 'd', ł: 'l', þ: 'th', ı: 'i', ħ: 'h' },
  '&': ' and ',
};

const asTyped = (text: string): string =>
  folded(text).replace(/[ßæœøđðłþıħ&]/g, (letter) => plain[letter] ?? letter);

/** The text between two spaces: `wall-e` has the parts `wall` and `e`. */
export type Word = {
  parts: readonly [string, ...string[]];
  /** All parts in one: `walle`. */
  joined: string;
};

/**
 * Splits text into words for matching, without case, accents and punctuation. No word is left
 * out: there are movies called Up, Her and What If. Text of only punctuation is one word.
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

/** A text without its spaces: the same for `wall e` and `walle`. */
export const compact = (words: readonly Word[]): string =>
  words.map(({ joined }) => joined).join('');

const articles = new Set(['the', 'a', 'an']);

/** The texts that mean exactly this movie: its title, with or without its article. */
export function namesOf(title: string): string[] {
  const words = wordsOf(title);
  const [first, ...rest] = words;
  const isArticle = first !== undefined && rest.length > 0 && articles.has(first.joined);
  return isArticle ? [compact(words), compact(rest)] : [compact(words)];
}

/** The words to index: each part, and the parts joined. */
export const indexed = (text: string): string[] =>
  wordsOf(text).flatMap(({ parts, joined }) => (parts.length > 1 ? [...parts, joined] : parts));

/** Neighbouring words joined, for users who type `ironman`. */
export const pairs = (text: string): string[] => {
  const words = wordsOf(text);
  return words.slice(1).map(({ joined }, index) => `${words[index]?.joined}${joined}`);
};
