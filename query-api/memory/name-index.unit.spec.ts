import fc from 'fast-check';
import { expect, it } from 'vitest';
import { NameIndex } from './name-index.ts';

const text = (longest: number) =>
  fc.string({ unit: fc.constantFrom('a', 'b', 'é', ' '), maxLength: longest });

it('finds the members that have a name with this part, however long it is', () => {
  const member = fc.record({ names: fc.array(text(8), { maxLength: 3 }), isRemoved: fc.boolean() });
  fc.assert(
    fc.property(fc.array(member, { maxLength: 20 }), text(5), (members, part) => {
      const index = new NameIndex();
      for (const [at, { names }] of members.entries()) for (const one of names) index.add(one, at);
      for (const [at, { names, isRemoved }] of members.entries()) {
        if (isRemoved) for (const one of names) index.remove(one, at);
      }
      const expected = members.flatMap(({ names, isRemoved }, at) =>
        !isRemoved && names.some((one) => one.includes(part)) ? [at] : [],
      );
      expect(index.containing(part).array()).toEqual(expected);
    }),
  );
});
