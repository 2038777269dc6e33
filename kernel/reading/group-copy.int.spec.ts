import { MongoClient } from 'mongodb';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it, vi } from 'vitest';
import type { ConsistencyToken } from '../consistency-token.ts';
import { projection } from '../projection.ts';
import { checkpointsOf } from '../projector/checkpoint.ts';
import { retryKey } from '../projector/dead-letters/dead-letter-retry.ts';
import { deadLettersOf } from '../projector/dead-letters/dead-letters.ts';
import { type Projectors, startProjectors } from '../projector/runner.ts';
import { openScanLog, type ScanLog, someScans } from '../testing/journal.ts';
import type { ParcelsEvent } from '../testing/parcels.ts';
import { view } from '../view.ts';
import { openReadModels, type ReadModels } from './read-models.ts';
import { groupCopy, type KeptModel, viewCopy } from './view-copy.ts';

type Latest = { _id: string; parcelId: string };

/** The parcel that was scanned last in each depot, and the depots of each parcel. */
const latestView = view<Latest>({
  ...{ name: 'latest', version: 1, topics: ['parcels'], indexes: [], copied: { by: 'parcelId' } },
});

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

class Depots implements KeptModel {
  readonly groups = new Set<string>();
  /** What it was told of each group since it was last looked at. */
  readonly told = new Map<string, readonly string[] | undefined>();
  remove(group: string, documents?: readonly string[]): void {
    this.groups.delete(group);
    this.told.set(group, documents);
  }
  ids(): Iterable<string> {
    return this.groups;
  }
}

const depots = groupCopy({ view: latestView, make: () => new Depots() });

let world: ScanLog;
let client: MongoClient;
let projectors: Projectors;
let readModels: ReadModels;

beforeAll(async () => {
  world = await openScanLog('group-copy');
  await world.append(someScans(5, 5));
  projectors = await startProjectors({
    ...{ ...world, leaseTtlMs: 1_000, projections: [latest(false)] },
  });
  client = await MongoClient.connect(inject('stack').mongo);
  const { database, logId: log } = world;
  const sources = { views: [latestView], copies: [depots] };
  readModels = await openReadModels({ client, database, log, ...sources });
  await vi.waitFor(() => expect(readModels.ready()).toBe(true), { timeout: 30_000 });
});
beforeEach(() => {
  readModels.copy(depots).told.clear();
  for (const group of ['one', 'other', 'third', 'poison']) kept().add(group);
});
afterAll(async () => {
  await Promise.all([readModels.close(), projectors.close()]);
  await client.close();
  await world.close();
});

const kept = () => readModels.copy(depots).groups;
const told = () => Object.fromEntries(readModels.copy(depots).told);

let at = 1_000_000;
/** Waits until the copy has seen it. */
async function scan(depotId: string, parcelId: string): Promise<void> {
  at += 1;
  const appended = await world.append([{ depotId, parcelId, at }]);
  const offsets = appended.map(({ topic, lane, offset }) => [`${topic}:${lane}`, offset] as const);
  const token: ConsistencyToken = { log: world.logId, seen: Object.fromEntries(offsets) };
  expect(await readModels.waitFor([depots], token, 20_000)).toBe(true);
}

describe('a copy by groups', () => {
  it('forgets the group of a document that is new, and no other', async () => {
    await scan('new', 'one');
    expect([...kept()].toSorted()).toEqual(['other', 'poison', 'third']);
  });

  it('forgets the group that a document comes from, and the one that it goes to', async () => {
    await scan('moving', 'one');
    kept().add('one');
    await scan('moving', 'other');
    expect([...kept()].toSorted()).toEqual(['poison', 'third']);
    expect(told()).toEqual({ one: ['moving'], other: ['moving'] });
  });

  it('forgets the group of a document that is removed', async () => {
    await scan('going', 'third');
    kept().add('third');
    await scan('going', 'removes');
    expect([...kept()].toSorted()).toEqual(['one', 'other', 'poison']);
    expect(told()).toEqual({ third: ['going'] });
  });

  it('forgets the group of a dead letter that was folded', async () => {
    await scan('d1', 'poison');
    expect(kept()).toContain('poison');
    const letter = (await deadLettersOf(world.db).findOne({ key: 'd1' }))!;
    await retryKey({ ...world, projection: latest(true) }, letter);
    await vi.waitFor(() => expect(kept()).not.toContain('poison'), { timeout: 10_000 });
    expect(kept()).toContain('one');
  });

  it('forgets all groups if it is not known which have changed', async () => {
    await checkpointsOf(world.db).updateMany({}, { $inc: { changes: 5_000 } });
    await vi.waitFor(() => expect(kept().size).toBe(0), { timeout: 10_000 });
    expect(told().one).toBeUndefined();
  });
});

it('needs a view that says by what its documents are grouped', () => {
  const make = () => new Depots();
  const plain = { ...latestView, copied: true };
  expect(() => groupCopy({ view: plain, make })).toThrow('`copied: { by }`');
  expect(() =>
    viewCopy({ view: latestView, make: () => ({ ...make(), put() {} }) as never }),
  ).toThrow('needs `copied: true`');
});
