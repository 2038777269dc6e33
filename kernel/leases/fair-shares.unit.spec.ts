import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fairShares } from './fair-shares.ts';

const free = (lane: number) => ({ lane, owner: undefined });

describe('fair shares', () => {
  it('gives one member every lane', () => {
    expect(fairShares(['a'], [free(0), free(1)])).toEqual(new Map([['a', 2]]));
  });

  it('counts a member without lanes', () => {
    const lanes = [0, 1, 2, 3, 4, 5].map((lane) => ({ lane, owner: 'a' }));
    expect(fairShares(['a', 'b'], lanes)).toEqual(new Map(Object.entries({ a: 3, b: 3 })));
  });

  it('leaves the odd lane where it is', () => {
    const lanes = ['b', 'b', 'a'].map((owner, lane) => ({ lane, owner }));
    expect(fairShares(['a', 'b'], lanes)).toEqual(new Map(Object.entries({ a: 1, b: 2 })));
  });

  it('ignores owners that are gone', () => {
    expect(fairShares(['a'], [{ lane: 0, owner: 'gone' }]).get('a')).toBe(1);
  });

  it('always hands out each lane once, even to within one', () => {
    const owner = fc.constantFrom('a', 'b', 'c', 'gone', undefined);
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.constantFrom('a', 'b', 'c'), { minLength: 1 }),
        fc.array(owner, { maxLength: 20 }),
        (members, owners) => {
          const shares = [
            ...fairShares(
              members,
              owners.map((name, lane) => ({ lane, owner: name })),
            ).values(),
          ];
          expect(shares.reduce((sum, share) => sum + share, 0)).toBe(owners.length);
          expect(Math.max(...shares) - Math.min(...shares)).toBeLessThanOrEqual(1);
        },
      ),
    );
  });
});
