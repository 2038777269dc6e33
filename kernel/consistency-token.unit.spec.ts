import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type ConsistencyToken,
  formatToken,
  mergeTokens,
  parseTokens,
} from './consistency-token.ts';
import { Problem } from './problems.ts';

const lane = fc
  .tuple(fc.constantFrom('depots', 'parcels', 'routes'), fc.nat({ max: 11 }))
  .map(([topic, index]): `${string}:${number}` => `${topic}:${index}`);
const offsets = fc.dictionary(lane, fc.nat()) as fc.Arbitrary<ConsistencyToken['seen']>;
const tokenOf = (seen: ConsistencyToken['seen']): ConsistencyToken => ({ log: 'this-log', seen });

describe('a consistency token', () => {
  it('is read back as it was made', () => {
    fc.assert(
      fc.property(offsets, (seen) => {
        const text = formatToken(tokenOf(seen));
        expect(text).toMatch(/^[\w-]+$/);
        expect(parseTokens(text, 'this-log').seen).toEqual({ ...seen });
      }),
    );
  });

  it('is the same text in whatever order the lanes answered', () => {
    const shuffled = offsets.chain((seen) => {
      const entries = Object.entries(seen);
      const all = { minLength: entries.length, maxLength: entries.length };
      return fc.tuple(fc.constant(seen), fc.shuffledSubarray(entries, all));
    });
    fc.assert(
      fc.property(shuffled, ([seen, entries]) => {
        expect(formatToken(tokenOf(Object.fromEntries(entries)))).toBe(formatToken(tokenOf(seen)));
      }),
    );
  });

  it('joined with others has seen all that any of them has, in whatever order', () => {
    fc.assert(
      fc.property(offsets, offsets, (one, other) => {
        const texts = [one, other].map((seen) => formatToken(tokenOf(seen)));
        const { seen } = parseTokens(texts.join(', '), 'this-log');
        for (const at of Object.keys({ ...one, ...other }) as `${string}:${number}`[]) {
          expect(seen[at]).toBe(Math.max(one[at] ?? -1, other[at] ?? -1));
        }
        const turned = parseTokens(texts.toReversed().join(','), 'this-log');
        expect(formatToken(turned)).toBe(formatToken(tokenOf(seen)));
        expect(formatToken(mergeTokens('this-log', turned, turned))).toBe(formatToken(turned));
      }),
    );
  });

  it('of another log is refused, with what to do', () => {
    const text = formatToken(tokenOf({ 'parcels:0': 1 }));
    expect(() => parseTokens(text, 'other-log')).toThrow(/another log; read without it once/);
    expect(() => parseTokens(`${text},${text}`, 'other-log')).toThrow(Problem);
  });

  it('is refused, never a crash, whatever it is', () => {
    const json = fc.json().map((text) => Buffer.from(text).toString('base64url'));
    fc.assert(
      fc.property(fc.oneof(fc.string(), json), (text) => {
        expect(() => parseTokens(text, 'this-log')).toThrow(Problem);
      }),
    );
  });
});
