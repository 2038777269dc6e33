import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { Paged, type PageSource, page } from './page.ts';

const parcels = [
  { _id: 'p4', weight: { grams: 900 } },
  { _id: 'p1', weight: { grams: 300 } },
  { _id: 'p3', weight: { grams: 300 } },
  { _id: 'p2', weight: {} },
];
const heaviestFirst = { 'weight.grams': -1, _id: 1 } as const;
const list = {
  list: ['parcels'],
  order: heaviestFirst,
  items: (found: readonly { _id: string }[]) => found.map(({ _id }) => _id),
};

/** Every page of a list, each by the cursor of the one before. */
async function pagesOf(source: PageSource<{ _id: string }> | typeof parcels, limit: number) {
  const pages = [];
  for (let next: string | null | undefined; next !== null; ) {
    const one = await page(source, { ...list, limit, cursor: next });
    pages.push([...one.items, one.count]);
    next = one.next;
  }
  return pages;
}

describe('a page of an array', () => {
  it('begins after the page before, by the order of the list', async () => {
    expect(await pagesOf(parcels, 1)).toEqual([
      ['p4', 4],
      ['p1', 4],
      ['p3', 4],
      ['p2', 4],
    ]);
  });

  it('has a next one only if there are more items', async () => {
    expect(await pagesOf(parcels, 2)).toEqual([
      ['p4', 'p1', 4],
      ['p3', 'p2', 4],
    ]);
    expect(await pagesOf(parcels, 4)).toEqual([['p4', 'p1', 'p3', 'p2', 4]]);
    expect(await pagesOf([], 2)).toEqual([[0]]);
  });

  it('begins at the same place when items before it have come or gone', async () => {
    const { next } = await page(parcels, { ...list, limit: 2 });
    const changed = [{ _id: 'p5', weight: { grams: 950 } }, ...parcels.slice(2)];
    const second = await page(changed, { ...list, limit: 2, cursor: next ?? '' });
    expect(second).toEqual({ items: ['p3', 'p2'], next: null, count: 3 });
  });
});

describe('a page of a source', () => {
  let counted = 0;
  const source: PageSource<{ _id: string }> = {
    read: async (after, limit) => {
      const start = after ? parcels.findIndex(({ _id }) => _id === after.at(-1)) + 1 : 0;
      return parcels.slice(start, start + limit);
    },
    count: async () => {
      counted += 1;
      return parcels.length;
    },
  };

  it('is read after the position of the page before', async () => {
    expect(await pagesOf(source, 3)).toEqual([
      ['p4', 'p1', 'p3', 4],
      ['p2', 4],
    ]);
  });

  it('is not counted if the first page has all', async () => {
    counted = 0;
    expect(await pagesOf(source, 4)).toEqual([['p4', 'p1', 'p3', 'p2', 4]]);
    expect(counted).toBe(0);
  });
});

describe('a cursor', () => {
  const refusedWith = (cursor: string, detail: RegExp, other = {}) =>
    expect(page(parcels, { ...list, ...other, limit: 2, cursor })).rejects.toMatchObject({
      code: 'invalid-cursor',
      message: expect.stringMatching(detail),
    });

  it('of another list is refused', async () => {
    const { next } = await page(parcels, { ...list, limit: 2 });
    await refusedWith(next ?? '', /first page/, { list: ['parcels', 'north'] });
  });

  it('of another order is refused', async () => {
    const { next } = await page(parcels, { ...list, limit: 2, order: { _id: 1 } });
    await refusedWith(next ?? '', /exactly as it was/);
  });

  it('with other types than the list has is refused', async () => {
    const { next } = await page(parcels, { ...list, limit: 2 });
    const position = z.tuple([z.string(), z.string()]);
    await refusedWith(next ?? '', /exactly as it was/, { position });
  });
});

it('a page has 1 to 100 items, 20 by default', () => {
  const { limit } = Paged;
  expect(limit.parse(undefined)).toBe(20);
  expect([limit.parse('1'), limit.parse('100')]).toEqual([1, 100]);
  for (const text of ['0', '101', '-1', '1.5', ' 1', '1e1', '0x1', '']) {
    expect(limit.safeParse(text).success, text).toBe(false);
  }
});
