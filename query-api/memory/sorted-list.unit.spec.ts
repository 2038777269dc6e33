import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SortedList } from './sorted-list.ts';

describe('a sorted list', () => {
  it('has the items of a sorted set, after any additions and deletions', () => {
    const item = fc.integer({ min: 0, max: 2_000 });
    const change = fc.record({ item, isAdded: fc.boolean() });
    const changes = fc.array(change, { size: 'max', maxLength: 3_000 });
    fc.assert(
      fc.property(changes, item, (all, from) => {
        const list = new SortedList<number>((one, other) => one < other);
        const set = new Set<number>();
        for (const { item, isAdded } of all) {
          if (isAdded && !set.has(item)) list.add(item);
          if (!isAdded) list.delete(item);
          if (isAdded) set.add(item);
          else set.delete(item);
        }
        const sorted = [...set].sort((one, other) => one - other);
        expect([...list.from()]).toEqual(sorted);
        const rest = sorted.filter((one) => one >= from);
        expect([...list.from((one) => one < from)]).toEqual(rest);
        expect([...list.before()]).toEqual(sorted.toReversed());
        const earlier = sorted.filter((one) => one < from);
        expect([...list.before((one) => one < from)]).toEqual(earlier.toReversed());
        expect(list.countBefore((one) => one < from)).toBe(sorted.length - rest.length);
        expect(list.size).toBe(sorted.length);
      }),
      { numRuns: 50 },
    );
  });

  it('stays sorted when items are added in order, and when all are deleted', () => {
    const list = new SortedList<number>((one, other) => one < other);
    const items = Array.from({ length: 5_000 }, (_, index) => index);
    for (const item of items) list.add(item);
    expect([...list.from()]).toEqual(items);
    for (const item of items.toReversed()) list.delete(item);
    expect([...list.from()]).toEqual([]);
    list.add(1);
    expect([...list.from()]).toEqual([1]);
  });
});
