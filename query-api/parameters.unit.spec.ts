import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { folded, titleKey } from '#schemas/movies/text-keys.ts';
import { Genres } from './memory/genre-filter.ts';
import { MovieSort } from './memory/movie-sort.ts';
import { RangeText } from './memory/range.ts';

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
