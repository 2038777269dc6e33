import { type CommandSucceededEvent, MongoClient } from 'mongodb';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it, vi } from 'vitest';
import type { ConsistencyToken } from '../consistency-token.ts';
import { projection } from '../projection.ts';
import { changesOf } from '../projector/changes.ts';
import { checkpointsOf } from '../projector/checkpoint.ts';
import { retryKey } from '../projector/dead-letters/dead-letter-retry.ts';
import { deadLettersOf } from '../projector/dead-letters/dead-letters.ts';
import { readModelsOf } from '../projector/generations/generations.ts';
import { type Projectors, startProjectors } from '../projector/runner.ts';
import { openScanLog, type ScanLog, someScans } from '../testing/journal.ts';
import type { ParcelsEvent } from '../testing/parcels.ts';
import type { Appended } from '../testing/test-log.ts';
import { view } from '../view.ts';
import { openReadModels, type ReadModels } from './read-models.ts';
import { type CopyModel, viewCopy } from './view-copy.ts';

type Latest = { _id: string; parcelId: string };

const latestView = view<Latest>({
  ...{ name: 'latest', version: 1, topics: ['parcels'], indexes: [], copied: true },
});

/** The parcel that was scanned last in each depot; a depot is removed by a parcel named so. */
const latest = (isMended: boolean) =>
  projection<ParcelsEvent>()({
    view: latestView,
    id: ({ data }) => data.depotId,
    when: {
      ParcelScanned: (_, { data: { depotId, parcelId } }) => {
        if (parcelId === 'poison' && !isMended) throw new Error('no room for poison');
        return parcelId === 'removes' ? null : { _id: depotId, parcelId };
      },
    },
  });

class Parcels implements CopyModel<Latest> {
  readonly byDepot = new Map<string, string>();
  put({ _id, parcelId }: Latest): void {
    this.byDepot.set(_id, parcelId);
  }
  remove(id: string): void {
    this.byDepot.delete(id);
  }
  ids(): Iterable<string> {
    return this.byDepot.keys();
  }
}

const parcels = viewCopy({ view: latestView, make: () => new Parcels() });
type Cursor = { ns: string; firstBatch?: unknown[]; nextBatch?: unknown[] };

const depots = 500;
let world: ScanLog;
let client: MongoClient;
let projectors: Projectors;
let readModels: ReadModels;
/** How many documents of the view the copy has been sent. */
let documentsRead = 0;

const project = () =>
  startProjectors({ ...world, leaseTtlMs: 1_000, projections: [latest(false)] });
beforeAll(async () => {
  world = await openScanLog('view-copy');
  await world.append(someScans(depots, depots));
  projectors = await project();
  client = new MongoClient(inject('stack').mongo, { monitorCommands: true });
  client.on('commandSucceeded', ({ reply }: CommandSucceededEvent) => {
    const { cursor = { ns: '' } } = reply as { cursor?: Cursor };
    if (!cursor.ns.startsWith(`${world.database}.latest.g`)) return;
    documentsRead += (cursor.firstBatch ?? cursor.nextBatch ?? []).length;
  });
  await client.connect();
  const { database, logId: log } = world;
  const sources = { views: [latestView], copies: [parcels] };
  readModels = await openReadModels({ client, database, log, ...sources });
  await vi.waitFor(() => expect(readModels.ready()).toBe(true), { timeout: 30_000 });
  await vi.waitFor(() => expect(shown().size).toBe(depots), { timeout: 30_000 });
});
beforeEach(() => {
  documentsRead = 0;
});
afterAll(async () => {
  await Promise.all([readModels.close(), projectors.close()]);
  await client.close();
  await world.close();
});

const shown = () => readModels.copy(parcels).byDepot;

/** Waits until the copy has seen these. */
async function seen(appended: readonly Appended[]): Promise<void> {
  const offsets = appended.map(({ topic, lane, offset }) => [`${topic}:${lane}`, offset] as const);
  const token: ConsistencyToken = { log: world.logId, seen: Object.fromEntries(offsets) };
  expect(await readModels.waitFor([parcels], token, 20_000)).toBe(true);
}
let at = 1_000_000;
const scan = async (depotId: string, parcelId: string) => {
  at += 1;
  await seen(await world.append([{ depotId, parcelId, at }]));
};
const generation = async () => (await readModelsOf(world.db).findOne({ _id: 'latest@1' }))?.active;
async function stored(): Promise<Map<string, string>> {
  const documents = world.db.collection<Latest>((await generation()) ?? '').find();
  return new Map((await documents.toArray()).map(({ _id, parcelId }) => [_id, parcelId]));
}

describe('a copy of 500 documents', () => {
  it('reads the document that was changed, and no other', async () => {
    await scan('d7', 'changed');
    expect(shown().get('d7')).toBe('changed');
    expect(documentsRead).toBe(1);
  });

  it('has a new document, and has it no more once it was removed', async () => {
    await scan('new', 'added');
    expect(shown().get('new')).toBe('added');
    await scan('new', 'removes');
    expect(shown().has('new')).toBe(false);
    expect(documentsRead).toBeLessThanOrEqual(1);
  });

  it('reads nothing when offsets move and no document changes', async () => {
    await seen(await world.append([{ depotId: 'bytes', bytes: Buffer.from('not readable') }]));
    expect(documentsRead).toBe(0);
  });

  it('reads only what was changed after another process has taken the lanes over', async () => {
    await projectors.close();
    projectors = await project();
    await scan('d8', 'changed');
    expect(shown().get('d8')).toBe('changed');
    expect(documentsRead).toBe(1);
  });

  it('reads only the document of dead letters that were folded', async () => {
    await scan('d9', 'poison');
    const letter = (await deadLettersOf(world.db).findOne({ key: 'd9' }))!;
    await retryKey({ ...world, projection: latest(true) }, letter);
    await vi.waitFor(() => expect(shown().get('d9')).toBe('poison'), { timeout: 10_000 });
    expect(documentsRead).toBe(1);
  });

  it('reads each document about once while all are changed', async () => {
    const all = someScans(depots, depots, 5_000);
    for (let from = 0; from < depots; from += 50) {
      await seen(await world.append(all.slice(from, from + 50)));
    }
    expect(documentsRead).toBe(depots);
    expect(shown()).toEqual(await stored());
  });

  it.each([
    [1, 'd1', 'd2'],
    [5_000, 'd3', 'd4'],
  ])('reads all documents if %i changes before are not known', async (count, changed, removed) => {
    const { db } = world;
    const documents = db.collection<Latest>((await generation()) ?? '');
    await changesOf(db).deleteMany({});
    await documents.updateOne({ _id: changed }, { $set: { parcelId: 'x' } });
    await documents.deleteOne({ _id: removed });
    await checkpointsOf(db).updateMany({}, { $inc: { changes: count } });
    await vi.waitFor(() => expect(shown().get(changed)).toBe('x'), { timeout: 10_000 });
    await vi.waitFor(() => expect(shown().has(removed)).toBe(false), { timeout: 10_000 });
    expect(documentsRead).toBeGreaterThanOrEqual(depots - 2);
    expect(shown()).toEqual(await stored());
  });
});
