import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { folded, titleKey } from '#schemas/movies/text-keys.ts';
import { Genres } from './memory/genre-filter.ts';
import { MovieSort } from './memory/movie-sort.ts';
import { RangeText } from './memory/range.ts';
import { SearchText } from './movies/search.ts';

describe('a range', () => {
  it.each([
    ['2014', { from: 2014, to: 2014 }],
    ['2010-2016', { from: 2010, to: 2016 }],
    ['7.5-', { from: 7.5, to: null }],
    ['-90', { from: null, to: 90 }],
    ['0-0', { from: 0, to: 0 }],
  ])('%s is understood', (text, range) => {
    expect(RangeText.parse(text)).toEqual(range);
  });

  it.each(['', '-', '--', '1-2-3', '1.', '.5', '1e3', '0x1', '１', '2016-2010', ' 1', '∞-'])(
    '%j is refused',
    (text) => {
      expect(RangeText.safeParse(text).success).toBe(false);
    },
  );

  it('of any two numbers has them as its ends', () => {
    fc.assert(
      fc.property(fc.nat(999_999), fc.nat(999_999), (one, other) => {
        const [from, to] = [Math.min(one, other), Math.max(one, other)];
        expect(RangeText.parse(`${from}-${to}`)).toEqual({ from, to });
      }),
    );
  });
});

describe('genres', () => {
  it('are any of one parameter and all of several', () => {
    expect(Genres.parse('Action, DRAMA')).toEqual([['action', 'drama']]);
    expect(Genres.parse(['Action', 'a,b'])).toEqual([['action'], ['a', 'b']]);
    expect(Genres.parse(undefined)).toEqual([]);
  });

  it('are refused when empty or too many', () => {
    for (const bad of ['', ' ', 'a,', Array(21).fill('a'), Array(101).fill('a').join(',')]) {
      expect(Genres.safeParse(bad).success).toBe(false);
    }
  });
});

describe('text', () => {
  it.each([
    ['The Dark Knight', 'dark knight'],
    ['A Man Called Ove', 'man called ove'],
    ['An Education', 'education'],
    ['Amélie', 'amelie'],
    ['Them!', 'them!'],
    ['The', 'the'],
    ['  A   B ', 'b'],
    ['WALL·E', 'wall·e'],
  ])('%j is sorted as %j', (title, key) => {
    expect(titleKey(title)).toBe(key);
  });

  it('stays the same when folded twice', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(folded(folded(text))).toBe(folded(text));
      }),
    );
  });
});

it('no parameter makes its schema throw', () => {
  const given = fc.oneof(fc.string(), fc.array(fc.string()), fc.anything());
  fc.assert(
    fc.property(given, (value) => {
      for (const schema of [Genres, RangeText, MovieSort]) schema.safeParse(value);
    }),
  );
});

describe('what the API document says of a parameter is what is taken:', () => {
  const texts = fc.oneof(
    fc.string({ unit: fc.constantFrom(...'0123456789.-, \u200bé\u0301a') }),
    fc.string({ unit: 'binary' }),
  );
  // Patterns name characters with four digits only, which all kinds of regular expressions know.
  const unseenOfFiveDigits = /[\u{1bca0}-\u{1bca3}\u{1d173}-\u{1d17a}\u{e0000}-\u{e0fff}]/u;

  it.each([
    // A range from high to low is refused too, which no pattern can say.
    ['a range', RangeText, (text: string) => /^[^-]+-[^-]+$/.test(text)],
    ['genres', Genres, (text: string) => /\p{Cc}/u.test(text)],
    // Accents alone are refused too, and control characters by `input`.
    ['a search', SearchText, (text: string) => folded(text) === '' || /\p{Cc}/u.test(text)],
  ] as const)('%s', (_, schema, isElse) => {
    const { pattern, anyOf: [first] = [] } = z.toJSONSchema(schema, { io: 'input' });
    const documented = new RegExp(pattern ?? (first?.pattern as string), 'u');
    fc.assert(
      fc.property(texts, (text) => {
        fc.pre(!isElse(text) && !unseenOfFiveDigits.test(text));
        expect(documented.test(text)).toBe(schema.safeParse(text).success);
      }),
      { numRuns: 2_000 },
    );
  });
});
