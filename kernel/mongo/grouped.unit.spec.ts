import { expect, it } from 'vitest';
import { Grouped } from './grouped.ts';

it('makes one call at a time, for all keys that were asked for meanwhile', async () => {
  const calls: string[][] = [];
  const first = Promise.withResolvers<void>();
  const grouped = new Grouped<string, string>(async (group) => {
    calls.push(group.map(({ what }) => what));
    if (calls.length === 1) await first.promise;
    for (const { what, done } of group) done.resolve(what.toUpperCase());
  });
  const early = [grouped.ask('a'), grouped.ask('b')];
  await expect.poll(() => calls).toEqual([['a', 'b']]);
  const late = [grouped.ask('c'), grouped.ask('d')];
  first.resolve();
  expect(await Promise.all([...early, ...late])).toEqual(['A', 'B', 'C', 'D']);
  expect(calls).toEqual([
    ['a', 'b'],
    ['c', 'd'],
  ]);
});

it('calls again for keys that are asked for after an answer', async () => {
  const grouped = new Grouped<number, number>(async ([asked]) => {
    asked!.done.resolve(asked!.what + 1);
  });
  expect(await grouped.ask(1)).toBe(2);
  expect(await grouped.ask(2)).toBe(3);
});
