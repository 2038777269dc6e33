import fc from 'fast-check';
import { type Collection, MongoClient } from 'mongodb';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { type Changes, changesSince, type Placed } from './changes-since.ts';

const position = { log: 'l', epoch: 'e' };
const list = ['items'];

let client: MongoClient;
let documents: Collection<Placed>;
beforeAll(async () => {
  client = await MongoClient.connect(inject('stack').mongo);
  documents = client.db(`test-changes-${process.pid}-${Date.now()}`).collection<Placed>('items');
  await documents.createIndex({ at: 1, offset: 1 });
});
afterAll(async () => {
  await client.db(documents.dbName).dropDatabase();
  await client.close();
});

/** Lanes whose events change items; what the view has seen lies behind what it has stored. */
class World {
  readonly offsets = [0, 0];
  seen: Record<string, number> = {};
  readonly items = new Map<string, number>();

  /** An item's lane is always the same, as that of its stream. */
  async write(item: number, isThere: boolean): Promise<void> {
    const lane = item % 2;
    const offset = this.offsets[lane]!;
    this.offsets[lane] = offset + 1;
    const _id = `i${item}`;
    const at = `t:${lane}`;
    await documents.replaceOne({ _id }, { at, offset, gone: !isThere }, { upsert: true });
    if (isThere) this.items.set(_id, offset);
    else this.items.delete(_id);
  }

  /** The view learns of its lanes one by one. */
  see(lane: number): void {
    this.pages.clear();
    if (this.offsets[lane]! > 0) this.seen[`t:${lane}`] = this.offsets[lane]! - 1;
  }

  /** What is kept of pages, which at the latest is forgotten when the view learns of changes. */
  readonly pages = new Map<string, object>();
  readonly kept = async <T extends object>(name: string, read: () => Promise<T>): Promise<T> => {
    const page = (this.pages.get(name) as T | undefined) ?? (await read());
    this.pages.set(name, page);
    return page;
  };
}

type From = 'the database' | 'pages that are kept' | 'memory';

type Reading = {
  limit: number;
  epoch?: string;
  meanwhile?: () => Promise<void>;
  from?: From;
};

/** Reads a page at what the world has seen, while `meanwhile` happens, and applies it. */
class Client {
  cursor: string | undefined;
  more = true;
  readonly has = new Set<string>();

  async read(
    world: World,
    { limit, epoch = 'e', meanwhile = async () => {}, from = 'the database' }: Reading,
  ): Promise<void> {
    const seen = { ...world.seen };
    const all = await documents.find().toArray();
    await meanwhile();
    const { cursor } = this;
    const stored = { documents, filter: {} };
    const sourceOf = {
      'the database': stored,
      'pages that are kept': { ...stored, kept: world.kept },
      memory: { all },
    };
    const sources = [sourceOf[from]];
    const asked = { list, limit, cursor, sources, position: { ...position, epoch, seen } };
    const page: Changes<void> = await changesSince({
      ...asked,
      items: (found) => {
        if (cursor === undefined || epoch !== 'e') this.has.clear();
        // An item is shown as it is when its own document is looked up.
        for (const { _id } of found) {
          if (world.items.has(_id)) this.has.add(_id);
          else this.has.delete(_id);
        }
        return [];
      },
    });
    this.cursor = page.next;
    this.more = page.more;
  }
}

describe('changes since a cursor', () => {
  it('end with exactly what is there, however pages and writes come together', async () => {
    const write = fc.record({ item: fc.nat(6), isThere: fc.boolean() });
    const step = fc.oneof(
      write.map((one) => ({ kind: 'write' as const, ...one })),
      fc.record({ kind: fc.constant('see' as const), lane: fc.nat(1) }),
      fc.record({
        kind: fc.constant('read' as const),
        limit: fc.integer({ min: 1, max: 3 }),
        from: fc.constantFrom<From>('the database', 'pages that are kept', 'memory'),
        meanwhile: fc.array(write, { maxLength: 3 }),
      }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
        await documents.deleteMany({});
        const [world, reader] = [new World(), new Client()];
        for (const one of steps) {
          if (one.kind === 'write') await world.write(one.item, one.isThere);
          else if (one.kind === 'see') world.see(one.lane);
          else {
            const meanwhile = async () => {
              for (const { item, isThere } of one.meanwhile) await world.write(item, isThere);
            };
            await reader.read(world, { ...one, meanwhile });
          }
        }
        for (const lane of [0, 1]) world.see(lane);
        do await reader.read(world, { limit: 2 });
        while (reader.more);
        expect([...reader.has].sort()).toEqual([...world.items.keys()].sort());
      }),
      { numRuns: 100 },
    );
  }, 60_000);

  it('miss none behind kept ones that the view hasn’t seen yet', async () => {
    await documents.deleteMany({});
    await documents.insertMany([
      { _id: 'i0', at: 't:0', offset: 1, gone: false },
      { _id: 'i2', at: 't:0', offset: 2, gone: false },
      { _id: 'i1', at: 't:1', offset: 0, gone: false },
    ]);
    const sources = [{ documents, filter: {}, kept: new World().kept }];
    const asked = { list, limit: 1, sources, items: (found: readonly Placed[]) => found };
    const seen = { 't:0': 0, 't:1': 0 };
    const page = await changesSince({ ...asked, position: { ...position, seen } });
    expect(page).toMatchObject({ items: [{ _id: 'i1' }], more: false });
  });

  it('begin anew in another epoch, and say so', async () => {
    await documents.deleteMany({});
    const sources = [{ documents, filter: {} }];
    const asked = { list, limit: 10, sources, items: (found: readonly Placed[]) => found };
    await documents.insertOne({ _id: 'i1', at: 't:0', offset: 0, gone: false });
    await documents.insertOne({ _id: 'i2', at: 't:0', offset: 1, gone: true });
    const seen = { 't:0': 1 };
    const first = await changesSince({ ...asked, position: { ...position, seen } });
    // What is no more doesn't need to be told to who has nothing.
    expect(first).toMatchObject({ items: [{ _id: 'i1' }], more: false, reset: true });
    const cursor = first.next;
    const same = { ...asked, cursor, position: { ...position, seen } };
    expect(await changesSince(same)).toMatchObject({ items: [], reset: false });
    for (const other of [{ epoch: 'other' }, { log: 'other' }]) {
      const changed = { ...same, position: { ...same.position, ...other } };
      const anew = await changesSince(changed);
      expect(anew).toMatchObject({ items: [{ _id: 'i1' }], reset: true });
    }
    await documents.updateOne({ _id: 'i1' }, { $set: { offset: 2, gone: true } });
    const later = { ...same, position: { ...position, seen: { 't:0': 2 } } };
    expect(await changesSince(later)).toMatchObject({
      items: [{ _id: 'i1', gone: true }],
      reset: false,
    });
  });

  it('refuse a cursor of another list', async () => {
    const sources = [{ documents, filter: {} }];
    const asked = { limit: 1, sources, items: () => [], position: { ...position, seen: {} } };
    const { next: cursor } = await changesSince({ ...asked, list });
    const other = changesSince({ ...asked, list: ['others'], cursor });
    await expect(other).rejects.toMatchObject({ code: 'invalid-cursor' });
  });
});
