import { expect, it } from 'vitest';
import { Catalogue } from './catalogue.ts';
import { MyItems } from './my-items.ts';
import { MyLists } from './my-lists.ts';

const { every } = new Catalogue();
const itemsOf = (count: number, of = every) => {
  const documents = Array.from({ length: count }, (_, at) => ({
    ...{ _id: `m${at}/alice`, movieId: `m${at}`, castAt: at },
  }));
  return new MyItems(of, ['castAt'], documents);
};
const never = () => Promise.reject(new Error('read again'));

it('a list is read once, until its user changes it', async () => {
  const lists = new MyLists();
  await lists.items('alice', every, async () => itemsOf(2));
  expect((await lists.items('alice', every, never)).length).toBe(2);
  expect(await lists.count('alice', never)).toBe(2);
  lists.remove('bob');
  expect((await lists.items('alice', every, never)).length).toBe(2);
  lists.remove('alice');
  expect((await lists.items('alice', every, async () => itemsOf(3))).length).toBe(3);
});

it('a count is read once, until its user changes the list', async () => {
  const lists = new MyLists();
  await lists.count('alice', async () => 2);
  expect(await lists.count('alice', never)).toBe(2);
  lists.remove('alice');
  expect(await lists.count('alice', async () => 1)).toBe(1);
});

it('what was changed while it was read is not kept', async () => {
  const lists = new MyLists();
  const { promise, resolve } = Promise.withResolvers<MyItems>();
  const read = lists.items('alice', every, () => promise);
  expect([...lists.ids()]).toEqual(['alice']);
  lists.remove('alice');
  resolve(itemsOf(2));
  expect((await read).length).toBe(2);
  expect((await lists.items('alice', every, async () => itemsOf(1))).length).toBe(1);
  expect([...lists.ids()]).toEqual(['alice']);
});

it('a list is read again for another catalogue, whose movies have other numbers', async () => {
  const lists = new MyLists();
  const other = new Catalogue().every;
  await lists.items('alice', every, async () => itemsOf(2));
  const again = await lists.items('alice', other, async () => itemsOf(2, other));
  expect(again.every).toBe(other);
});

it('keeps so many lists as have 32 MiB together', async () => {
  const lists = new MyLists();
  const many = itemsOf(20_000);
  const { bytes } = many;
  expect(bytes).toBeGreaterThan(20_000 * 60);
  for (let at = 0; at < 100; at += 1) {
    await lists.items(`user ${at}`, every, async () => many);
  }
  const kept = [...lists.ids()].length;
  expect(kept).toBeGreaterThan(1);
  expect(kept * bytes).toBeLessThanOrEqual(32 * 2 ** 20);
});
