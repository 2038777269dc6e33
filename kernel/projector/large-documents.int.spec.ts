import { BSON, MongoClient, MongoServerError } from 'mongodb';
import { afterAll, beforeAll, describe, expect, inject, it, vi } from 'vitest';
import type { Event } from '../event.ts';
import type { AnyProjection } from '../projection.ts';
import { follow, newJournal } from '../testing/followed-lane.ts';
import {
  type Journal,
  journal,
  journalOf,
  openScanLog,
  type Scan,
  type ScanLog,
  someScans,
} from '../testing/journal.ts';
import { batchDocumentBytes } from './batch-size.ts';
import { deadLettersOf } from './dead-letters/dead-letters.ts';
import { DocumentCache } from './document-cache.ts';
import type { Document } from './fold.ts';
import { GroupCommit, type Step } from './group-commit.ts';

let world: ScanLog;
const depots = 24;
const scans = someScans(3 * depots, depots);
beforeAll(async () => {
  world = await openScanLog('large', 1);
  await world.append(scans);
});
afterAll(() => world.close());

const passed = (next: () => Promise<number>) =>
  vi.waitFor(async () => expect(await next()).toBeGreaterThanOrEqual(scans.length), {
    ...{ timeout: 60_000, interval: 50 },
  });

/** Documents of 2 MB, 48 MB in all. */
const large: AnyProjection = {
  ...journal,
  when: {
    ParcelScanned: (before: Journal | null, { data }: Event<string, Scan>) => ({
      ...{ _id: data.depotId, events: (before?.events ?? 0) + 1 },
      digest: data.parcelId.padEnd(2 * 2 ** 20),
    }),
  },
};

/** The same world through a client that counts the bytes of each query and transaction. */
async function weighed() {
  const client = await new MongoClient(inject('stack').mongo, { monitorCommands: true }).connect();
  const read = new Map<string, number>();
  const written = new Map<string, number>();
  const add = (to: Map<string, number>, key: string, documents: object) =>
    to.set(key, (to.get(key) ?? 0) + BSON.calculateObjectSize(documents));
  let finds = 0;
  client.on('commandStarted', ({ command }) => {
    if (command.find) finds += 1;
    const { lsid, txnNumber, autocommit } = command;
    if (autocommit === false) add(written, `${lsid.id.toString('hex')} ${txnNumber}`, command);
  });
  client.on('commandSucceeded', ({ reply }) => {
    const { cursor } = reply as { cursor?: { firstBatch?: object; nextBatch?: object } };
    if (cursor) add(read, `${finds}`, cursor.firstBatch ?? cursor.nextBatch ?? []);
  });
  const most = (of: Map<string, number>) => Math.max(...of.values());
  const own = { ...world, client, db: client.db(world.database) };
  return { own, mostRead: () => most(read), mostWritten: () => most(written) };
}

describe('large documents in one lane', () => {
  it('are read and written few at a time, in order', async () => {
    const { generation, documents, next } = await newJournal(world);
    const { own, mostRead, mostWritten } = await weighed();
    const lane = follow(own, generation, { projection: large });
    await passed(next);
    await lane.end();
    // The driver's overhead, and what MongoDB sends in one reply.
    const slack = 2 ** 20;
    const reply = 16 * 2 ** 20;
    expect(mostWritten()).toBeLessThan(batchDocumentBytes + slack);
    expect(mostRead()).toBeLessThan(batchDocumentBytes + reply + slack);
    const expected = scans.slice(-depots).map(({ depotId: _id, parcelId }) => {
      return { _id, events: 3, digest: parcelId.padEnd(2 * 2 ** 20) };
    });
    expect([...(await documents()).values()].toSorted(byId)).toEqual(expected.toSorted(byId));
    await own.client.close();
  });
});

const byId = (a: Document, b: Document) => (a._id < b._id ? -1 : 1);

/** Refuses steps as MongoDB does when a transaction doesn't fit into its cache. */
class RefusingCommit extends GroupCommit {
  refused = 0;
  readonly #isTooLarge: (step: Step) => boolean;

  constructor(isTooLarge: (step: Step) => boolean) {
    super(world.db);
    this.#isTooLarge = isTooLarge;
  }

  override async store(step: Step): Promise<void> {
    if (!this.#isTooLarge(step)) return super.store(step);
    this.refused += 1;
    const message = 'transaction is too large and will not fit in the storage engine cache';
    throw new MongoServerError({ code: 388, message });
  }
}

describe('a batch that MongoDB refuses for its size', () => {
  it('is stored in smaller ones', async () => {
    const { generation, documents, next } = await newJournal(world);
    const commits = new RefusingCommit(({ writes }) => writes.length > 5);
    const lane = follow(world, generation, { commits });
    await passed(next);
    await lane.end();
    expect(commits.refused).toBeGreaterThan(0);
    expect(await documents()).toEqual(journalOf(scans));
    expect(lane.status).toMatchObject({ events: scans.length, parked: 0 });
  });

  it('becomes a dead letter if it is one event, and so do later ones of its key', async () => {
    const { generation, documents, next } = await newJournal(world);
    const isD7 = (write: object) => JSON.stringify(write).includes('"d7"');
    const commits = new RefusingCommit(({ writes }) => writes.some(isD7));
    const lane = follow(world, generation, { commits });
    await passed(next);
    await lane.end();
    const letters = await deadLettersOf(world.db)
      .find({ generation })
      .sort({ offset: 1 })
      .toArray();
    expect(letters.map(({ key }) => key)).toEqual(['d7', 'd7', 'd7']);
    expect(letters[0]?.error).toContain('transaction is too large');
    expect(letters[1]?.error).toContain('an earlier event of this key is parked');
    expect(await documents()).toEqual(journalOf(scans.filter(({ depotId }) => depotId !== 'd7')));
    expect(lane.status).toMatchObject({ events: scans.length, parked: 3 });
  });
});

describe('the cache of a process', () => {
  const document = (n: number, bytes: number) => ({ _id: `d${n}`, text: 'x'.repeat(bytes) });

  it('is bounded in bytes over all lanes', () => {
    const cache = new DocumentCache();
    for (let pass = 0; pass < 20; pass += 1) {
      const own = cache.forPass();
      for (let n = 0; n < 20; n += 1) own.set(`d${n}`, document(n, 500_000));
    }
    expect(cache.bytes).toBeLessThanOrEqual(64 * 2 ** 20);
    expect(cache.bytes).toBeGreaterThan(32 * 2 ** 20);
  });

  it('finds what its pass has stored last, and nothing of another pass', () => {
    const cache = new DocumentCache();
    const [one, other] = [cache.forPass(), cache.forPass()];
    one.set('d1', document(1, 10));
    one.set('d2', null);
    expect(one.get('d1')).toEqual({ document: document(1, 10) });
    expect(one.get('d2')).toEqual({ document: null });
    expect(other.get('d1')).toBeUndefined();
    one.set('d1', document(1, 2 * 2 ** 20));
    expect(one.get('d1'), 'the older version must not be found').toBeUndefined();
  });
});
