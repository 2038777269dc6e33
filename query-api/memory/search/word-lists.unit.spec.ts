import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isOneTypo } from './one-typo.ts';
import { Dictionary } from './word-lists.ts';

const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), minLength: 1, maxLength: 7 });

describe('a dictionary', () => {
  it('knows the movies of each word, after any additions and deletions', () => {
    const change = fc.record({ word, movie: fc.nat(5), isAdded: fc.boolean() });
    fc.assert(
      fc.property(fc.array(change, { maxLength: 200 }), (changes) => {
        const dictionary = new Dictionary();
        const known = new Map<string, Set<number>>();
        for (const { word, movie, isAdded } of changes) {
          const movies = known.get(word) ?? new Set();
          known.set(word, movies);
          if (isAdded && !movies.has(movie)) dictionary.add(word, movie);
          if (!isAdded) dictionary.delete(word, movie);
          if (isAdded) movies.add(movie);
          else movies.delete(movie);
        }
        const words = [...known].filter(([, movies]) => movies.size > 0);
        for (const [word, movies] of known) {
          expect(new Set(dictionary.of(word))).toEqual(movies);
        }
        expect([...dictionary.beginningWith('')]).toEqual(words.map(([word]) => word).toSorted());
      }),
    );
  });

  it('finds every word that begins with a text or differs from it by one typo', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), minLength: 4, maxLength: 6 });
    fc.assert(
      fc.property(fc.uniqueArray(word, { maxLength: 100 }), text, (words, text) => {
        const dictionary = new Dictionary();
        for (const word of words) dictionary.add(word, 1);
        const begun = words.filter((word) => word.startsWith(text));
        expect([...dictionary.beginningWith(text)]).toEqual(begun.toSorted());
        const mistyped = [...dictionary.similar(text)].flatMap(([one, isTypo]) =>
          isTypo ? [one] : [],
        );
        expect(new Set(mistyped)).toEqual(new Set(words.filter((one) => isOneTypo(text, one))));
      }),
      { numRuns: 1_000 },
    );
  });
});
