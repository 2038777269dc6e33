import fc from 'fast-check';
import { expect, it } from 'vitest';
import { FirstOf } from './first-of.ts';

it('has the items that sorting all of them would put first', () => {
  const ascending = (one: number, other: number) => one - other;
  fc.assert(
    fc.property(fc.array(fc.nat(50)), fc.integer({ min: 1, max: 10 }), (all, limit) => {
      const first = new FirstOf(limit, ascending);
      for (const item of all) first.add(item);
      expect(first.items).toEqual(all.toSorted(ascending).slice(0, limit));
    }),
  );
});
