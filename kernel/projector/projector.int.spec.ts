import { MongoClient } from 'mongodb';
import { afterAll, afterEach, beforeAll, describe, expect, inject, it, vi } from 'vitest';
import type { ConsistencyToken } from '../consistency-token.ts';
import { openReadModels, type ReadModels } from '../reading/read-models.ts';
import {
  type Journal,
  journal,
  journalOf,
  journalView,
  openScanLog,
  type ScanLog,
  someScans,
  type Visit,
  visits,
  visitsView,
} from '../testing/journal.ts';
import type { Appended } from '../testing/test-log.ts';
import { checkpointsOf } from './checkpoint.ts';
import { deadLettersOf } from './dead-letters/dead-letters.ts';
import { LagMeter } from './lag.ts';
import { type Projectors, startProjectors } from './runner.ts';

let world: ScanLog;
const closing: (() => Promise<void>)[] = [];

beforeAll(async () => {
  world = await openScanLog('projector');
});
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});
afterAll(() => world.close());

const project = async (): Promise<Projectors> => {
  const { client, database, log, codec, lanes, prefix } = world;
  const parts = { client, database, log, codec, lanes, prefix, leaseTtlMs: 1_000 };
  const projectors = await startProjectors({ ...parts, projections: [journal] });
  closing.push(() => projectors.close());
  return projectors;
};
const read = async (): Promise<ReadModels> => {
  const { client, database, logId: log } = world;
  const readModels = await openReadModels({ client, database, views: [journalView], log });
  closing.push(() => readModels.close());
  return readModels;
};
const tokenOf = (appended: readonly Appended[]): ConsistencyToken => ({
  log: world.logId,
  seen: Object.fromEntries(
    appended.map(({ topic, lane, offset }) => [`${topic}:${lane}` as const, offset]),
  ),
});
const until = <T>(check: () => T, timeout = 10_000) => vi.waitFor(check, { timeout, interval: 20 });
const documents = async (readModels: ReadModels) => {
  const found = await readModels.collection<Journal>(journalView).find().toArray();
  return new Map(found.map((document) => [document._id, document]));
};

describe('a projector', () => {
  const scans = someScans(5_000, 50);

  it('builds the first generation from the log, and serves it', async () => {
    const built = scans.slice(0, 3_000);
    await world.append(built);
    const readModels = await read();
    expect(readModels.ready()).toBe(false);
    expect(() => readModels.collection(journalView)).toThrow(
      expect.objectContaining({ code: 'read-model-building' }),
    );
    const projectors = await project();
    await until(() => expect(projectors.ready().ready).toBe(true));
    await until(() => expect(readModels.ready()).toBe(true));
    expect(readModels.collection(journalView).collectionName).toBe('journal.g1');
    expect(await documents(readModels)).toEqual(journalOf(built));
    expect(await readModels.collection(journalView).indexExists('events_1')).toBe(true);
  });

  it('goes on from there, and tokens wait for it', async () => {
    await project();
    const readModels = await read();
    const appended = await world.append(scans.slice(3_000));
    const token = tokenOf(appended);
    expect(await readModels.waitFor([journalView], token, 10_000)).toBe(true);
    expect(await documents(readModels)).toEqual(journalOf(scans));
    const { seen } = readModels.pin([journalView]).seen;
    for (const [at, offset] of Object.entries(token.seen)) {
      expect(seen[at as 'parcels:0']).toBeGreaterThanOrEqual(offset);
    }
    const later = tokenOf(appended.map((one) => ({ ...one, offset: one.offset + 1_000 })));
    expect(await readModels.waitFor([journalView], later, 50)).toBe(false);
    const foreign = { ...later, seen: { 'lorries:0': 9 } } as ConsistencyToken;
    expect(await readModels.waitFor([journalView], foreign, 50)).toBe(true);
  });

  it('is caught up only when every lane has a checkpoint at the end of the log', async () => {
    const { db, log, prefix, lanes } = world;
    const views = [journalView, { ...journalView, name: 'unbuilt' }];
    const meter = new LagMeter({ db, log, prefix, views, lanes });
    await project();
    await vi.waitFor(async () => {
      const [built, unbuilt] = await meter.measure();
      expect(built).toMatchObject({ caughtUp: true, lanes: [{ eventsBehind: 0 }, {}] });
      expect(unbuilt).toMatchObject({ caughtUp: false, generation: null });
      expect(unbuilt!.lanes[0]!.eventsBehind).toBeGreaterThan(0);
    });
  });

  it('parks an event that it can not fold, with later ones of its key, and goes on', async () => {
    const readModels = await read();
    const projectors = await project();
    const before = (await documents(readModels)).get('d1');
    const poison = { depotId: 'd1', parcelId: 'poison', at: 10_000 };
    const raw = { depotId: 'd2', bytes: Buffer.from('not Avro') };
    const late = someScans(10, 5, 20_000);
    const appended = await world.append([poison, raw, ...late]);
    expect(await readModels.waitFor([journalView], tokenOf(appended), 10_000)).toBe(true);

    const letters = await deadLettersOf(world.db)
      .find({}, { sort: { key: 1, offset: 1 } })
      .toArray();
    expect(letters.map(({ key, error }) => [key, error.replace(/.*: /, '')])).toEqual([
      ['d1', 'no room for poison'],
      ['d1', 'an earlier event of this key is parked'],
      ['d1', 'an earlier event of this key is parked'],
      ['d2', 'not in the Confluent wire format'],
      ['d2', 'an earlier event of this key is parked'],
      ['d2', 'an earlier event of this key is parked'],
    ]);
    expect(letters[3]).toMatchObject({ ...appended[1], view: 'journal@1' });
    expect(letters[3]!.value!.toString()).toBe('not Avro');
    expect(letters[0]!.stack).toContain('journal.ts');

    const after = await documents(readModels);
    expect(after.get('d1')).toEqual(before);
    const others = journalOf([...scans, ...late]);
    for (const id of ['d0', 'd3', 'd4']) expect(after.get(id)).toEqual(others.get(id));
    await until(() => expect(projectors.lag()[0]!.parked).toBe(6));

    // Another owner goes on parking the same keys.
    await projectors.close();
    await project();
    const more = await world.append(someScans(5, 5, 30_000));
    expect(await readModels.waitFor([journalView], tokenOf(more), 10_000)).toBe(true);
    expect(await deadLettersOf(world.db).countDocuments()).toBe(8);
    expect((await documents(readModels)).get('d1')).toEqual(before);
  });

  it('drops its cache when another process has written documents and raised the turn', async () => {
    const readModels = await read();
    await project();
    const first = await world.append([{ depotId: 'd0', parcelId: 'a', at: 40_000 }]);
    await readModels.waitFor([journalView], tokenOf(first), 10_000);
    const journals = readModels.collection<Journal>(journalView);
    await checkpointsOf(world.db).updateMany({}, { $inc: { turn: 1 } });
    await journals.updateOne({ _id: 'd0' }, { $set: { events: 1_000_000 } });
    const second = await world.append([{ depotId: 'd0', parcelId: 'b', at: 40_001 }]);
    expect(await readModels.waitFor([journalView], tokenOf(second), 10_000)).toBe(true);
    expect((await journals.findOne({ _id: 'd0' }))!.events).toBe(1_000_001);
  });

  it('is caught up while events keep coming, as long as it keeps up with them', async () => {
    const { db, log, prefix, lanes } = world;
    const readModels = await read();
    await project();
    const more = () => world.append(someScans(20, 20, 50_000));
    // Whenever the log's end is asked for, it has just moved, and it moves on before it is told.
    const busy: typeof log = {
      ...log,
      stableOffsets: async (topic) => {
        if (!topic.endsWith('parcels')) return log.stableOffsets(topic);
        await more();
        const ends = await log.stableOffsets(topic);
        await readModels.waitFor([journalView], tokenOf(await more()), 10_000);
        return ends;
      },
    };
    const meter = new LagMeter({ db, log: busy, prefix, views: [journalView], lanes });
    expect((await meter.measure())[0]).toMatchObject({ caughtUp: true });
  });

  it('is caught up although the log has a newer end at each look', async () => {
    const { db, log, prefix, lanes } = world;
    const readModels = await read();
    await project();
    const fold = async () => {
      const token = tokenOf(await world.append(someScans(20, 20, 60_000)));
      await readModels.waitFor([journalView], token, 10_000);
    };
    let unfolded = 1_000;
    const ahead: typeof log = {
      ...log,
      stableOffsets: async (topic) => {
        const more = topic.endsWith('parcels') ? unfolded : 0;
        return (await log.stableOffsets(topic)).map((end) => end + more);
      },
    };
    const meter = new LagMeter({ db, log: ahead, prefix, views: [journalView], lanes });
    await fold();
    await meter.measure();
    await fold();
    expect((await meter.measure())[0]).toMatchObject({ caughtUp: false });
    unfolded = 1;
    await meter.measure();
    await fold();
    const [lag] = await meter.measure();
    expect(lag).toMatchObject({ caughtUp: true });
    expect(lag!.lanes.every(({ eventsBehind }) => eventsBehind > 0)).toBe(true);
  });
});

describe('a projection of one stream for each document', () => {
  const scan = (parcelId: string, at: number) => ({ depotId: 'd0', parcelId, at });
  const finds: string[] = [];
  let watched: MongoClient;
  let readModels: ReadModels;

  beforeAll(async () => {
    watched = await new MongoClient(inject('stack').mongo, { monitorCommands: true }).connect();
    watched.on('commandStarted', ({ commandName, command }) => {
      if (commandName === 'find') finds.push(command.find);
    });
  });
  afterAll(() => watched.close());

  const see = async (...scans: { depotId: string; parcelId: string; at: number }[]) => {
    const token = tokenOf(await world.append(scans));
    expect(await readModels.waitFor([visitsView], token, 10_000)).toBe(true);
  };
  const found = () => finds.filter((collection) => collection.startsWith('visits.')).length;
  const scansOf = async (parcelId: string) =>
    (await readModels.collection<Visit>(visitsView).findOne({ _id: `d0/${parcelId}` }))?.scans;
  const start = async () => {
    const { client, database, log, codec, lanes, prefix, logId } = world;
    const parts = { database, log, codec, lanes, prefix, leaseTtlMs: 1_000 };
    const options = { ...parts, projections: [visits], client: watched };
    const projectors = await startProjectors(options);
    closing.push(() => projectors.close());
    await until(() => expect(projectors.ready().ready).toBe(true));
    readModels = await openReadModels({ client, database, views: [visitsView], log: logId });
    closing.push(() => readModels.close());
  };

  it('looks for no document at the first event of its stream', async () => {
    await start();
    await see(scan('ann', 1));
    await see(scan('ann', 2), scan('bob', 1));
    expect(await scansOf('ann')).toBe(2);
    expect(await scansOf('bob')).toBe(1);
    expect(found()).toBe(0);
  });

  it('looks for the document at any later event', async () => {
    await start();
    await see(scan('ann', 3));
    expect(await scansOf('ann')).toBe(3);
    expect(found()).toBe(1);
  });

  it('is right even if the document exists before the first event', async () => {
    await start();
    await readModels.collection<Visit>(visitsView).insertOne({ _id: 'd0/eve', scans: 40 });
    await see(scan('dan', 1), scan('eve', 1), scan('eve', 2));
    expect(await scansOf('dan')).toBe(1);
    expect(await scansOf('eve')).toBe(42);
  });
});
