import { expect, it } from 'vitest';
import { Batcher } from './batcher.ts';

it('makes one call at a time, for all items that were added meanwhile', async () => {
  const calls: string[][] = [];
  const first = Promise.withResolvers<void>();
  const batcher = new Batcher<string, string>(async (batch) => {
    calls.push(batch.map(({ item }) => item));
    if (calls.length === 1) await first.promise;
    for (const { item, done } of batch) done.resolve(item.toUpperCase());
  });
  const early = [batcher.add('a'), batcher.add('b')];
  await expect.poll(() => calls).toEqual([['a', 'b']]);
  const late = [batcher.add('c'), batcher.add('d')];
  first.resolve();
  expect(await Promise.all([...early, ...late])).toEqual(['A', 'B', 'C', 'D']);
  expect(calls).toEqual([
    ['a', 'b'],
    ['c', 'd'],
  ]);
});

it('calls again for items that are added after a result', async () => {
  const batcher = new Batcher<number, number>(async ([batched]) => {
    batched!.done.resolve(batched!.item + 1);
  });
  expect(await batcher.add(1)).toBe(2);
  expect(await batcher.add(2)).toBe(3);
});
