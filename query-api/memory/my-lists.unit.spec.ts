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

it('documents are read once under each name, until their user changes something', async () => {
  const lists = new MyLists();
  const read = (value: string) => async () => [value];
  expect(await lists.documents('alice', 'page 1', read('one'))).toEqual(['one']);
  expect(await lists.documents('alice', 'page 1', never)).toEqual(['one']);
  expect(await lists.documents('alice', 'page 2', read('two'))).toEqual(['two']);
  lists.remove('bob');
  expect(await lists.documents('alice', 'page 1', never)).toEqual(['one']);
  expect([...lists.ids()]).toEqual(['alice']);
  lists.remove('alice');
  expect(await lists.documents('alice', 'page 1', read('three'))).toEqual(['three']);
});

it('documents that were changed while they were read are not kept', async () => {
  const lists = new MyLists();
  const { promise, resolve } = Promise.withResolvers<string[]>();
  const read = lists.documents('alice', 'page 1', () => promise);
  lists.remove('alice');
  resolve(['old']);
  expect(await read).toEqual(['old']);
  expect(lists.known('alice', 'page 1')).toBeUndefined();
  await expect(lists.documents('alice', 'page 1', never)).rejects.toThrow('read again');
  expect([...lists.ids()]).toEqual([]);
});

it('keeps so many documents as have 32 MiB together, and 500 names of a user', async () => {
  const lists = new MyLists();
  const kilobyte = async () => ['x'.repeat(1_000)];
  for (let user = 0; user < 200; user += 1) {
    for (let at = 0; at < 100; at += 1) await lists.documents(`user ${user}`, `${at}`, kilobyte);
  }
  const kept = [...lists.ids()].length;
  expect(kept).toBeGreaterThan(100);
  expect(kept * 100 * 2_000).toBeLessThanOrEqual(32 * 2 ** 20);
  for (let at = 0; at <= 500; at += 1) await lists.documents('many', `${at}`, kilobyte);
  expect(lists.known('many', '0')).toBeUndefined();
  expect(lists.known('many', '500')).toBeDefined();
});
