import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { balanceFor, fairShares } from './fair-shares.ts';

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

describe('a lane that a member could not work', () => {
  const six = (owners: string, failed: Record<number, string[]>) =>
    [...owners].map((owner, lane) => ({
      lane,
      owner: owner === '-' ? undefined : owner,
      failed: failed[lane] ?? [],
    }));

  it('is for the others, beyond their shares, and nothing else moves', () => {
    const lanes = six('-aabbb', { 0: ['a'] });
    expect(balanceFor('a', ['a', 'b'], lanes)).toEqual({ keep: 2, free: [], strays: [] });
    expect(balanceFor('b', ['a', 'b'], lanes)).toEqual({ keep: 3, free: [], strays: [0] });
  });

  it('stays where it went to', () => {
    const lanes = six('baabbb', { 0: ['a'] });
    expect(balanceFor('a', ['a', 'b'], lanes)).toEqual({ keep: 2, free: [], strays: [] });
    expect(balanceFor('b', ['a', 'b'], lanes)).toEqual({ keep: 3, free: [], strays: [] });
  });

  it('is for each member again once all have failed it', () => {
    const lanes = six('-aabbb', { 0: ['a', 'b'] });
    expect(balanceFor('a', ['a', 'b'], lanes).strays).toEqual([0]);
    expect(balanceFor('b', ['a', 'b'], lanes).strays).toEqual([0]);
  });

  /** A member takes its lanes one after the other, as each sees the table then. */
  const members = ['a', 'b', 'c'];
  const failures = fc.array(fc.uniqueArray(fc.constantFrom(...members), { maxLength: 2 }), {
    ...{ minLength: 1, maxLength: 12 },
  });

  it('ends with a member that has not failed it, after which no lane moves', () => {
    fc.assert(
      fc.property(failures, fc.infiniteStream(fc.nat(2)), (failedBy, turns) => {
        const owners: (string | undefined)[] = failedBy.map(() => undefined);
        const table = () =>
          failedBy.map((failed, lane) => {
            const owner = owners[lane];
            return { lane, owner, failed: failed.filter((one) => one !== owner) };
          });
        /** @returns whether the member changed anything. */
        const act = (me: string): boolean => {
          const lanes = table();
          const { keep, free, strays } = balanceFor(me, members, lanes);
          const own = lanes.filter(({ owner, failed }) => owner === me && failed.length === 0);
          const left = own.slice(keep);
          const taken = [...free.slice(0, Math.max(0, keep - own.length)), ...strays];
          for (const { lane } of left) owners[lane] = undefined;
          for (const lane of taken) owners[lane] = me;
          return left.length + taken.length > 0;
        };
        const some = [...turns.take(30)].map((turn) => members[turn] as string);
        for (const me of [...some, ...members, ...members, ...members]) act(me);
        expect(members.filter(act)).toEqual([]);
        for (const [lane, owner] of owners.entries()) {
          expect(members).toContain(owner);
          expect(failedBy[lane]).not.toContain(owner);
        }
      }),
    );
  });
});
