import { folded } from '#schemas/movies/text-keys.ts';
import { aliasesOf, type Standing, standardForms } from './word-aliases.ts';

/** How letters that are no base letter with an accent are typed on keyboards without them. */
const plain: Record<string, string> = {
  ...{ ß: 'ss', æ: 'ae', œ: 'oe', ø: 'o', đ: 'd', ð: 'd', ł: 'l', þ: 'th', ı: 'i', ħ: 'h' },
  '&': ' and ',
};

/** `Alien³` is typed as `alien 3`, `8½` as `8 1/2`, and Roman numerals may be one letter. */
const glued = /[¼-¾¹²³⁰⁴-⁹⅐-ⅿ]/g;
const katakana = /[ァ-ヶ]/g;
const toHiragana = 'ァ'.charCodeAt(0) - 'ぁ'.charCodeAt(0);

function asTyped(text: string): string {
  const spaced = text.replace(glued, ' $&');
  const typed = folded(spaced).replace(/[ßæœøđðłþıħ&]/g, (letter) => plain[letter] ?? letter);
  if (!farUp.test(typed)) return typed;
  return typed.replace(katakana, (letter) =>
    String.fromCharCode(letter.charCodeAt(0) - toHiragana),
  );
}

/** Scripts that put no spaces between words, or not always where people type them. */
const scripts = ['Hani', 'Hira', 'Kana', 'Hang', 'Thai', 'Laoo', 'Khmr', 'Mymr'];
const ofScripts = scripts.map((script) => `\\p{scx=${script}}`).join('');
const spaceless = new RegExp(`[${ofScripts}]`, 'u');
const runs = new RegExp(`[${ofScripts}]+|[^${ofScripts}]+`, 'gu');

/** All such scripts begin there. Most texts have no letter as far up, which is quickly seen. */
const farUp = /[\u0e00-\uffff]/;
const isSpaceless = (text: string): boolean => farUp.test(text) && spaceless.test(text);
const runsOf = (part: string): readonly string[] =>
  isSpaceless(part) ? (part.match(runs) ?? []) : [part];

/**
 * The text between two spaces: `wall-e` has the parts `wall` and `e`, and `ドラえもん3` two, since
 * a script without spaces ends there.
 */
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
  const isFarUp = farUp.test(typed);
  const words = typed.split(/\s+/).flatMap((chunk) => {
    const split = chunk.split(/[^\p{L}\p{N}]+/u).filter((part) => part !== '');
    const [first, ...rest] = isFarUp ? split.flatMap(runsOf) : split;
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

/**
 * What a part in a script without spaces is found by: its letters, two and two. Hangul is written
 * in syllables here, as people see it.
 */
export function piecesOf(part: string): string[] {
  if (!isSpaceless(part)) return [];
  const [first, ...more] = part.normalize('NFC');
  if (first === undefined || more.length === 0) return first === undefined ? [] : [first];
  return more.map((letter, at) => `${more[at - 1] ?? first}${letter}`);
}

/** Of a title with several words to read in more than one way, not more names than these count. */
const mostNames = 8;

/** The texts that mean exactly these words, the standard forms of numbers and the like included. */
export function spellings(words: readonly Word[]): string[] {
  const joined = words.map(({ joined }) => joined);
  let standard = [''];
  for (const [at, word] of joined.entries()) {
    const forms = standardForms(word, standingOf(at, words));
    standard = standard.flatMap((begun) => forms.map((form) => begun + form)).slice(0, mostNames);
  }
  return [...new Set([joined.join(''), ...standard])];
}

const standingOf = (at: number, words: readonly Word[]): Standing => ({
  isFirst: at === 0,
  isLast: at === words.length - 1,
});

/** The texts that mean exactly this movie: its title, with or without its article. */
export function namesOf(title: string): string[] {
  const words = wordsOf(title);
  const [first, ...rest] = words;
  const isArticle = first !== undefined && rest.length > 0 && articles.has(first.joined);
  return isArticle ? [...spellings(words), ...spellings(rest)] : spellings(words);
}

/** The words to index: each part, the parts joined, other ways to write them, and pieces. */
export const indexed = (text: string): string[] =>
  wordsOf(text).flatMap(({ parts, joined }, at, words) => [
    ...(parts.length > 1 ? [...parts, joined] : parts),
    ...parts.flatMap((part, inside) => aliasesOf(part, standingIn(words, at, inside))),
    ...parts.flatMap(allPieces),
  ]);

const standingIn = (words: readonly Word[], at: number, inside: number): Standing => ({
  isFirst: at === 0 && inside === 0,
  isLast: at === words.length - 1 && inside === words[at]!.parts.length - 1,
});

/** A single letter of such a script is often a word, so each is indexed besides the pieces. */
const allPieces = (part: string): string[] =>
  isSpaceless(part) ? [...part.normalize('NFC'), ...piecesOf(part)] : [];

/** The words of a long text to index, where one finds no movie by its name. */
export function mentioned(text: string): string[] {
  const words = wordsOf(text).flatMap(({ parts }) => parts);
  return isSpaceless(text) ? [...words, ...words.flatMap(piecesOf)] : words;
}

/** Neighbouring words joined, for users who type `ironman`. */
export const pairs = (text: string): string[] => {
  const words = wordsOf(text);
  return words.slice(1).flatMap(({ joined }, index) => {
    const before = words[index]!.joined;
    return [`${before}${joined}`, ...bridge(before, joined)];
  });
};

/** The piece where two words meet: people put spaces in other places of such scripts. */
const bridge = (before: string, after: string): string[] => {
  const last = [...before.normalize('NFC')].at(-1) ?? '';
  const [first = ''] = after.normalize('NFC');
  return isSpaceless(last) && isSpaceless(first) ? [last + first] : [];
};
