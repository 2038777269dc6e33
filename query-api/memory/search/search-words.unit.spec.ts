import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isOneTypo } from './one-typo.ts';
import { compact, indexed, namesOf, pairs, piecesOf, wordsOf } from './search-words.ts';

const parts = (text: string) => wordsOf(text).map((word) => word.parts.join('-'));

describe('the words of a text', () => {
  it.each([
    ['WALL·E', ['wall-e']],
    ['wall-e', ['wall-e']],
    ['Wall E', ['wall', 'e']],
    ['Les Misérables', ['les', 'miserables']],
    ['Why Him?', ['why', 'him']],
    ["Ocean's Thirteen", ['ocean-s', 'thirteen']],
    ['(500) Days of Summer', ['500', 'days', 'of', 'summer']],
    ['50/50', ['50-50']],
    ['R.I.P.D.', ['r-i-p-d']],
    ['Fast & Furious', ['fast', 'and', 'furious']],
    ['Smørrebrød æ Łódź Straße İstanbul', ['smorrebrod', 'ae', 'lodz', 'strasse', 'istanbul']],
    ['Ｆｕｌｌ ｗｉｄｔｈ', ['full', 'width']],
    ['七人の侍', ['七人の侍']],
    ['ドラえもん3', ['とらえもん-3']],
    ['ﾗｰﾒﾝ', ['らーめん']],
    ['Rocky Ⅱ', ['rocky', 'ii']],
    ['RockyⅡ', ['rocky', 'ii']],
    ['Alien³', ['alien', '3']],
    ['8½', ['8', '1-2']],
    ['Война и мир', ['воина', 'и', 'мир']],
    ['!!! ???', ['!!!???']],
    [' - Up! - ', ['up']],
    ['', []],
    [' \u0301 ', []],
  ])('%j are %j', (text, expected) => {
    expect(parts(text)).toEqual(expected);
  });

  it('are the same however they are cased, accented and spaced', () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 40 });
    fc.assert(
      fc.property(text, (any) => {
        expect(parts(`  ${any.normalize('NFD')} `)).toEqual(parts(any));
        expect(parts(parts(any).join(' '))).toEqual(parts(any));
      }),
    );
  });

  it('are indexed apart and in one', () => {
    expect(indexed('Spider-Man 3')).toEqual(['spider', 'man', 'spiderman', '3', 'iii', 'three']);
    expect(pairs('La La Land')).toEqual(['lala', 'laland']);
    expect(pairs('Up')).toEqual([]);
  });
});

describe('the names of a movie', () => {
  it.each([
    ['The Host', ['thehost', 'host']],
    ['Rocky II', ['rockyii', 'rocky2']],
    ['Se7en', ['se7en', 'seten', '7']],
    ['Up', ['up']],
    ['The', ['the']],
    ['Easy A', ['easya']],
  ])('%j are %j', (title, names) => {
    expect(namesOf(title)).toEqual(names);
    expect(namesOf(title)).toContain(compact(wordsOf(title)));
  });
});

describe('other ways to write a word', () => {
  it.each([
    ['Rocky II', ['2', 'two']],
    ['Two Weeks', ['2', 'ii']],
    ['Se7en', ['seten', 'seven', '7', 'vii']],
    ['S1m0ne', ['simone', 'slmone']],
    ['I, Robot', []],
    ['V for Vendetta', []],
    ['Rocky V', ['5', 'five']],
    ['Batman v Superman', ['versus', 'vs', '5', 'five']],
    ['π', ['pi']],
    ['Dr. No', ['doctor']],
    ['2012', []],
    ['R2D2', []],
  ])('%j also has %j', (title, aliases) => {
    const own = new Set(wordsOf(title).flatMap(({ parts, joined }) => [...parts, joined]));
    expect(indexed(title).filter((word) => !own.has(word))).toEqual(aliases);
  });
});

describe('the pieces of a part', () => {
  it.each([
    ['神隠し', ['神隠', '隠し']],
    ['神', ['神']],
    ['기생충'.normalize('NFKD'), ['기생', '생충']],
    ['hill', []],
  ])('%s are %j', (part, pieces) => {
    expect(piecesOf(part)).toEqual(pieces);
  });

  it('reach across the spaces in a title', () => {
    expect(pairs('살인의 추억')).toContain('의추');
  });
});

describe('one typo', () => {
  it.each([
    ['avengrs', 'avengers', true],
    ['avengerss', 'avengers', true],
    ['avangers', 'avengers', true],
    ['avnegers', 'avengers', true],
    ['vaengers', 'avengers', true],
    ['avengesr', 'avengers', true],
    ['avengers', 'avengers', false],
    ['avngrs', 'avengers', false],
    ['evangers', 'avengers', false],
    ['anvegres', 'avengers', false],
  ])('%s for %s: %s', (one, other, expected) => {
    expect(isOneTypo(one, other)).toBe(expected);
    expect(isOneTypo(other, one)).toBe(expected);
  });

  it('is what one slip makes of a word, and nothing else', () => {
    const letters = 'abc';
    const slips = (word: string): Set<string> => {
      const made = new Set<string>();
      for (let at = 0; at <= word.length; at += 1) {
        const [before, after] = [word.slice(0, at), word.slice(at)];
        made.add(before + after.slice(1));
        if (after.length > 1) made.add(`${before}${after[1]}${after[0]}${after.slice(2)}`);
        for (const letter of letters) {
          made.add(before + letter + after);
          if (after !== '') made.add(before + letter + after.slice(1));
        }
      }
      made.delete(word);
      return made;
    };
    const word = fc.string({ unit: fc.constantFrom(...letters), maxLength: 5 });
    fc.assert(
      fc.property(word, word, (one, other) => {
        expect(isOneTypo(one, other)).toBe(slips(one).has(other));
      }),
      { numRuns: 2_000 },
    );
  });
});
