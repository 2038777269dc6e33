/**
 * Other ways to write a word: `iii` for `3`, `doctor` for `dr`, `seven` for `se7en`. The words of
 * titles and people are indexed under all of them, so that a search costs no more.
 */

const numbers =
  'one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen ' +
  'sixteen seventeen eighteen nineteen twenty';
const romans = 'i ii iii iv v vi vii viii ix x xi xii xiii xiv xv xvi xvii xviii xix xx'.split(' ');
const greek =
  'α alpha, β beta, γ gamma, δ delta, ε epsilon, ζ zeta, η eta, θ theta, ι iota, κ kappa, ' +
  'λ lambda, μ mu, ν nu, ξ xi, ο omicron, π pi, ρ rho, σ sigma, τ tau, υ upsilon, φ phi, χ chi, ' +
  'ψ psi, ω omega';
const shortened =
  'doctor dr, versus vs v, mister mr, missus mrs, saint st, junior jr, senior sr, part pt, ' +
  'volume vol, episode ep';

/** Words that mean the same; the first of each stands for all. */
const groups: readonly string[][] = [
  ...numbers.split(' ').map((name, at) => [`${at + 1}`, romans[at]!, name]),
  ...[...shortened.split(', '), ...greek.split(', ')].map((group) => group.split(' ')),
];

const groupsOf = new Map<string, string[][]>();
for (const group of groups) {
  for (const word of group) groupsOf.set(word, [...(groupsOf.get(word) ?? []), group]);
}

/** Where a word stands among others. */
export type Standing = { isFirst: boolean; isLast: boolean };

/** These are numerals only behind other words: not in `I, Robot`, `V for Vendetta`, `X-Men`. */
const letters = new Set(['i', 'v', 'x']);

/** `v` is a five where the text ends, as in `Henry V`; before that, it may be `versus`, too. */
function groupsAt(word: string, { isFirst, isLast }: Standing): readonly string[][] {
  const all = groupsOf.get(word) ?? [];
  if (!letters.has(word)) return all;
  if (isFirst) return [];
  return isLast ? all.slice(0, 1) : all.toReversed();
}

const lookAlikes: Record<string, string> = { 0: 'o', 1: 'il', 3: 'e', 4: 'a', 5: 's', 7: 'tv' };
/** Each such digit doubles the ways to read a word at most. */
const mostDigits = 2;

/** `seven` for `se7en`: words in which digits between letters stand for letters. */
function readings(word: string): string[] {
  const digits = word.match(/\d/g)?.length ?? 0;
  if (digits === 0 || digits > mostDigits || !/^[a-z]+(\d[a-z]+)+$/.test(word)) return [];
  let made = [''];
  for (const letter of word) {
    const meant = [...(lookAlikes[letter] ?? letter)];
    made = made.flatMap((begun) => meant.map((one) => begun + one));
  }
  return made.includes(word) ? [] : made;
}

/** Nearly all words; this is quickly seen, since it is asked for every word of all titles. */
const isPlain = (word: string): boolean => !groupsOf.has(word) && !/\d/.test(word);
const none: readonly string[] = [];

/** All other ways to write the word. */
export function aliasesOf(word: string, standing: Standing): readonly string[] {
  if (isPlain(word)) return none;
  const aliases = [word, ...readings(word)].flatMap((one) => [
    one,
    ...groupsAt(one, standing).flat(),
  ]);
  return [...new Set(aliases)].filter((one) => one !== word);
}

/** The one way that stands for all; several if digits may stand for letters. */
export const standardForms = (word: string, standing: Standing): string[] =>
  isPlain(word)
    ? [word]
    : [...readings(word), word].map((one) => groupsAt(one, standing)[0]?.[0] ?? one);
