import { expect, it } from 'vitest';
import { Catalogue } from './catalogue.ts';
import { MyColumns } from './my-columns.ts';
import { MyItems } from './my-items.ts';
import { MyLists } from './my-lists.ts';

const { every } = new Catalogue();
const itemsOf = (count: number, of = every) => {
  const columns = new MyColumns(of, ['castAt']);
  for (let at = 0; at < count; at += 1) columns.add(voteAt(at));
  return new MyItems(columns);
};
const voteAt = (at: number) => ({ _id: `m${at}/alice`, movieId: `m${at}`, castAt: -at });
const never = () => Promise.reject(new Error('read again'));
/** Reads all items; none that have changed are to be read. */
const all = (read: () => Promise<MyItems>) => ({ all: read, changed: never });
const allOf = (count: number) => all(async () => itemsOf(count));
/** Reads those items that have changed. */
const some = (...found: readonly number[]) => {
  const asked: (readonly string[])[] = [];
  const changed = async (items: MyItems, ids: readonly string[]) => {
    asked.push(ids.toSorted());
    return items.with(ids, found.map(voteAt));
  };
  return { asked, all: never, changed };
};

it('a list is read once, until its user changes it', async () => {
  const lists = new MyLists();
  await lists.items('alice', every, allOf(2));
  expect((await lists.items('alice', every, all(never))).length).toBe(2);
  expect(await lists.count('alice', never)).toBe(2);
  lists.remove('bob');
  expect((await lists.items('alice', every, all(never))).length).toBe(2);
  lists.remove('alice');
  expect((await lists.items('alice', every, allOf(3))).length).toBe(3);
});

it('of a list that has changed, only what has changed is read', async () => {
  const lists = new MyLists();
  await lists.items('alice', every, allOf(3));
  lists.remove('alice', ['m1/alice', 'm3/alice']);
  lists.remove('alice', ['m4/alice']);
  // How many there are is not known before that.
  expect(await lists.count('alice', async () => 4)).toBe(4);
  const reading = some(3, 4);
  expect((await lists.items('alice', every, reading)).length).toBe(4);
  expect(reading.asked).toEqual([['m1/alice', 'm3/alice', 'm4/alice']]);
  expect((await lists.items('alice', every, all(never))).length).toBe(4);
  lists.remove('alice');
  expect((await lists.items('alice', every, allOf(1))).length).toBe(1);
});

it('what changes while a list is read is read afterwards', async () => {
  const lists = new MyLists();
  const { promise, resolve } = Promise.withResolvers<MyItems>();
  const read = lists.items(
    'alice',
    every,
    all(() => promise),
  );
  lists.remove('alice', ['m2/alice']);
  resolve(itemsOf(2));
  expect((await read).length).toBe(2);
  const held = Promise.withResolvers<void>();
  const second = some(2);
  const slow = lists.items('alice', every, {
    ...second,
    changed: async (...asked) => held.promise.then(() => second.changed(...asked)),
  });
  lists.remove('alice', ['m7/alice']);
  held.resolve();
  expect((await slow).length).toBe(3);
  const third = some(7);
  expect((await lists.items('alice', every, third)).length).toBe(4);
  expect([...second.asked, ...third.asked]).toEqual([['m2/alice'], ['m7/alice']]);
});

it('requests at once share one read, and none that lacks a change they know of', async () => {
  const lists = new MyLists();
  const { promise, resolve } = Promise.withResolvers<MyItems>();
  const first = lists.items(
    'alice',
    every,
    all(() => promise),
  );
  const second = lists.items('alice', every, all(never));
  lists.remove('alice', ['m2/alice']);
  const third = lists.items('alice', every, allOf(3));
  resolve(itemsOf(2));
  expect((await first).length).toBe(2);
  expect(await second).toBe(await first);
  expect((await third).length).toBe(3);
});

it('a request reads for itself if the one that it waited for was given up', async () => {
  const lists = new MyLists();
  const { promise, reject } = Promise.withResolvers<MyItems>();
  const first = lists.items(
    'alice',
    every,
    all(() => promise),
  );
  const second = lists.items('alice', every, allOf(2));
  reject(new Error('closed'));
  await expect(first).rejects.toThrow('closed');
  expect((await second).length).toBe(2);
});

it('a list in which very much has changed is read anew', async () => {
  const lists = new MyLists();
  await lists.items('alice', every, allOf(2));
  for (let at = 0; at <= 1_000; at += 1) lists.remove('alice', [`m${at}/alice`]);
  expect((await lists.items('alice', every, allOf(5))).length).toBe(5);
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
  const read = lists.items(
    'alice',
    every,
    all(() => promise),
  );
  expect([...lists.ids()]).toEqual(['alice']);
  lists.remove('alice');
  resolve(itemsOf(2));
  expect((await read).length).toBe(2);
  expect((await lists.items('alice', every, allOf(1))).length).toBe(1);
  expect([...lists.ids()]).toEqual(['alice']);
});

it('a list is read again for another catalogue, whose movies have other numbers', async () => {
  const lists = new MyLists();
  const other = new Catalogue().every;
  await lists.items('alice', every, allOf(2));
  const again = await lists.items(
    'alice',
    other,
    all(async () => itemsOf(2, other)),
  );
  expect(again.every).toBe(other);
});

it('keeps so many lists as have 32 MiB together', async () => {
  const lists = new MyLists();
  const many = itemsOf(20_000);
  const { bytes } = many;
  expect(bytes).toBeGreaterThan(20_000 * 60);
  for (let at = 0; at < 100; at += 1) {
    await lists.items(
      `user ${at}`,
      every,
      all(async () => many),
    );
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

it('requests at once share one read of documents, too', async () => {
  const lists = new MyLists();
  const { promise, resolve } = Promise.withResolvers<{ n: number }>();
  const first = lists.documents('alice', 'page', () => promise);
  const second = lists.documents('alice', 'page', never);
  const other = lists.documents('alice', 'other page', async () => ({ n: 9 }));
  lists.remove('alice');
  const third = lists.documents('alice', 'page', async () => ({ n: 2 }));
  resolve({ n: 1 });
  expect([await first, await second, await other]).toEqual([{ n: 1 }, { n: 1 }, { n: 9 }]);
  expect(await third).toEqual({ n: 2 });
  const given = lists.documents('bob', 'page', () => Promise.reject(new Error('closed')));
  const own = lists.documents('bob', 'page', async () => ({ n: 3 }));
  await expect(given).rejects.toThrow('closed');
  expect(await own).toEqual({ n: 3 });
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
