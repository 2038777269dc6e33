import fc from 'fast-check';
import { expect, it } from 'vitest';
import { NumberList } from './number-list.ts';

it('has each number as often as it was pushed and not removed', () => {
  const change = fc.record({ number: fc.nat(9), isPushed: fc.boolean() });
  fc.assert(
    fc.property(fc.array(change, { maxLength: 100 }), (changes) => {
      const list = new NumberList();
      const expected: number[] = [];
      for (const { number, isPushed } of changes) {
        const at = expected.indexOf(number);
        if (isPushed) {
          list.push(number);
          expected.push(number);
        } else {
          expect(list.remove(number)).toBe(at !== -1);
          if (at !== -1) expected.splice(at, 1);
        }
        expect(list.length).toBe(expected.length);
        expect([...list.all()].toSorted()).toEqual(expected.toSorted());
      }
    }),
  );
});

it('takes the largest number that it may have', () => {
  const list = new NumberList();
  list.push(2 ** 32 - 1);
  expect([...list.all()]).toEqual([2 ** 32 - 1]);
});
