import { randomUUID } from 'node:crypto';
import { MongoClient } from 'mongodb';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { type CollectionOrder, page } from './page.ts';

type Parcel = { _id: string; depot: string; grams: number | null; arrivedAt: number | null };

/** Values repeat, so that only `_id` tells many of these apart. */
const parcels: Parcel[] = Array.from({ length: 60 }, (_, at) => ({
  _id: `p${String((at * 37) % 60).padStart(2, '0')}`,
  depot: at % 4 === 0 ? 'south' : 'north',
  grams: at % 5 === 0 ? null : at % 7,
  arrivedAt: at % 9 === 0 ? null : at % 3,
}));

let client: MongoClient;
const database = `page-${randomUUID()}`;
const collection = () => client.db(database).collection<Parcel>('parcels');

beforeAll(async () => {
  client = await MongoClient.connect(inject('stack').mongo);
  await collection().insertMany(parcels);
});
afterAll(async () => {
  await client.db(database).dropDatabase();
  await client.close();
});

const directions = [1, -1] as const;
const cases = directions.flatMap((direction) =>
  directions.flatMap((tie) => [true, false].map((isLast) => [direction, tie, isLast] as const)),
);

/** The ids of all pages, each page by the cursor of the one before. */
async function allPages(
  order: CollectionOrder<Parcel>,
  limit: number,
  { filter = { depot: 'north' }, missingLast = false } = {},
) {
  const all = await collection().countDocuments(filter);
  const found: string[] = [];
  for (let next: string | null | undefined; next !== null; ) {
    const one = await page(collection(), {
      ...{ list: ['parcels', order], filter, order, missingLast, limit, cursor: next },
      items: (documents) => documents.map(({ _id }) => _id),
    });
    expect(one.count).toBe(all);
    expect(one.items.length).toBe(Math.min(limit, all - found.length));
    found.push(...one.items);
    next = one.next;
  }
  return found;
}

describe('a page of a collection', () => {
  it.each(cases)(
    'goes on where the one before has ended: %i, ties %i, nulls last: %s',
    async (direction, tie, isLast) => {
      const orders = [
        { grams: direction, _id: tie },
        { grams: direction, arrivedAt: tie, _id: direction },
      ] as const;
      for (const order of orders) {
        const all = await collection().find({ depot: 'north' }).sort(order).toArray();
        const first = all.filter(({ grams }) => !isLast || grams !== null);
        const last = all.filter(({ grams }) => isLast && grams === null);
        for (const limit of [1, 2, 7, 44, 45, 46]) {
          const ids = await allPages(order, limit, { missingLast: isLast });
          expect(ids).toEqual([...first, ...last].map(({ _id }) => _id));
        }
      }
    },
  );

  it.each([
    ['two', { arrivedAt: -1, _id: 1 }],
    ['three', { arrivedAt: -1, grams: -1, _id: 1 }],
  ] as const)('reads an index of %s fields from where the page begins', async (_, order) => {
    const db = client.db(database);
    const west = Array.from({ length: 1_000 }, (_, at) => ({
      ...{ _id: `w${at}`, depot: 'west' },
      ...{ grams: at % 3, arrivedAt: Math.floor(at / 5) },
    }));
    await collection().insertMany(west);
    await collection().createIndex({ depot: 1, ...order });
    await db.command({ profile: 2 });
    const found = await allPages(order, 100, { filter: { depot: 'west' } });
    await db.command({ profile: 0 });
    await collection().deleteMany({ depot: 'west' });
    const profile = db.collection('system.profile');
    const reads = await profile.find({ op: 'query', 'command.find': 'parcels' }).toArray();
    await profile.drop();
    expect(found).toHaveLength(1_000);
    expect(reads).toHaveLength(10);
    // On the second page MongoDB may take the plan that reads the first one again.
    for (const { keysExamined } of reads) expect(keysExamined).toBeLessThanOrEqual(2 * 101);
  });
});
