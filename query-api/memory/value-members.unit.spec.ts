import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ValueMembers } from './value-members.ts';

const bound = fc.option(fc.integer({ min: 0, max: 12 }));
const step = fc.record({
  isAdded: fc.boolean(),
  value: fc.integer({ min: 0, max: 12 }),
  member: fc.nat(40),
});

it('a range has the members whose value is in it, however they came and went', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 100 }), bound, bound, (steps, from, to) => {
      const members = new ValueMembers();
      const expected = new Map<number, number>();
      for (const { isAdded, value, member } of steps) {
        const before = expected.get(member);
        if (before !== undefined) members.remove(before, member);
        expected.delete(member);
        if (isAdded) {
          members.add(value, member);
          expected.set(member, value);
        } else members.remove(value, member);
      }
      const within = [...expected].filter(
        ([, value]) => (from === null || value >= from) && (to === null || value <= to),
      );
      const found = members.within({ from, to }).array();
      expect(found.toSorted()).toEqual(within.map(([member]) => member).toSorted());
    }),
  );
});
