import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type ConsistencyToken, hasSeen } from '../consistency-token.ts';
import type { Lease } from '../leases/leases.ts';
import { projection } from '../projection.ts';
import { build } from '../projector/building/build.ts';
import { Generations, readModelsOf } from '../projector/generations/generations.ts';
import { loadedCopiesOf, tellLoaded } from '../projector/generations/loaded-copies.ts';
import { announce, pointersOf, unannounce } from '../projector/generations/pointers.ts';
import { switchTo } from '../projector/generations/switch.ts';
import { type Projectors, startProjectors } from '../projector/runner.ts';
import { openScanLog, type ScanLog, someScans } from '../testing/journal.ts';
import type { ParcelsEvent } from '../testing/parcels.ts';
import { view } from '../view.ts';
import { FollowedCopies } from './followed-copies.ts';
import { noProgress } from './progress.ts';
import { openReadModels, type ReadModels } from './read-models.ts';
import { type CopyModel, viewCopy } from './view-copy.ts';

type Latest = { _id: string; parcelId: string };

const latestView = view<Latest>({
  ...{ name: 'latest', version: 1, topics: ['parcels'], indexes: [], copied: true },
});

/** The parcel that was scanned last in each depot. */
const latest = projection<ParcelsEvent>()({
  view: latestView,
  id: ({ data }) => data.depotId,
  when: { ParcelScanned: (_, { data }) => ({ _id: data.depotId, parcelId: data.parcelId }) },
});

/** While true, no further copy can be loaded. */
let isLoadingSlow = false;
let loads = 0;
let documentsTaken = 0;
/** Called when a copy takes a document. */
let onTaken = () => {};

class Parcels implements CopyModel<Latest> {
  readonly byDepot = new Map<string, string>();
  put({ _id, parcelId }: Latest): void {
    documentsTaken += 1;
    onTaken();
    this.byDepot.set(_id, parcelId);
  }
  remove(id: string): void {
    this.byDepot.delete(id);
  }
  ids(): Iterable<string> {
    return this.byDepot.keys();
  }
}

const parcels = viewCopy({
  view: latestView,
  make: () => {
    loads += 1;
    if (isLoadingSlow) throw new Error('not loaded yet');
    return new Parcels();
  },
});
const depots = 300;
let world: ScanLog;
let projectors: Projectors;
let readModels: ReadModels;

beforeAll(async () => {
  world = await openScanLog('switched-copies');
  await world.append(someScans(depots, depots));
  projectors = await startProjectors({ ...world, leaseTtlMs: 1_000, projections: [latest] });
  const { client, database, logId: log } = world;
  const sources = { views: [latestView], copies: [parcels] };
  readModels = await openReadModels({ client, database, log, ...sources });
  await vi.waitFor(() => expect(readModels.ready()).toBe(true), { timeout: 30_000 });
  await vi.waitFor(() => expect(shown().size).toBe(depots), { timeout: 30_000 });
});
afterAll(async () => {
  await Promise.all([readModels.close(), projectors.close()]);
  await world.close();
});

const shown = () => readModels.copy(parcels).byDepot;
const served = (): string => JSON.parse(readModels.pin([parcels]).state)[0][0];
const pointer = async () => (await readModelsOf(world.db).findOne({ _id: 'latest@1' }))!;

const never = new AbortController().signal;

async function switched(generation: string, { stop = never, lost = never } = {}) {
  const lease: Lease = {
    ...{ role: 'test', lane: 0, term: 1, deadline: Number.POSITIVE_INFINITY, valid: true },
    passOn: () => false,
    ...{ lost, session: world.client.startSession() },
  };
  try {
    return await switchTo({ ...world, projection: latest, generation, lease, stop });
  } finally {
    await lease.session.endSession();
  }
}

let at = 1_000_000;
async function scan(depotId: string): Promise<{ parcelId: string; token: ConsistencyToken }> {
  at += 1;
  const parcelId = `scan${at}`;
  const appended = await world.append([{ depotId, parcelId, at }]);
  const offsets = appended.map(({ topic, lane, offset }) => [`${topic}:${lane}`, offset] as const);
  return { parcelId, token: { log: world.logId, seen: Object.fromEntries(offsets) } };
}

/** A read with the token of a new scan is answered, and shows it. */
async function scanIsSeen(depotId: string): Promise<void> {
  const { parcelId, token } = await scan(depotId);
  expect(await readModels.waitFor([parcels], token, 20_000)).toBe(true);
  expect(shown().get(depotId)).toBe(parcelId);
}

async function untilLoading(): Promise<void> {
  const before = loads;
  await vi.waitFor(() => expect(loads).toBeGreaterThan(before), { timeout: 10_000 });
}

describe('a switch to a generation whose copy loads slowly', () => {
  it('waits for the copy, while reads with new tokens are answered', async () => {
    const before = served();
    const { generation } = await build({ ...world, projection: latest });
    isLoadingSlow = true;
    const switching = switched(generation);
    await untilLoading();
    for (const depot of ['d1', 'd2', 'd3']) await scanIsSeen(depot);
    expect([served(), (await pointer()).active]).toEqual([before, before]);
    isLoadingSlow = false;
    expect(await switching).toBe(true);
    const taken = documentsTaken;
    await scanIsSeen('d4');
    expect(served()).toBe(generation);
    expect(shown().size).toBe(depots);
    // The copy was there, so only what changed was read.
    expect(documentsTaken - taken).toBeLessThan(10);
  });

  it('lets no read go on with what another one knew before the copy had caught up', async () => {
    const sources = [parcels];
    const { generation } = await build({ ...world, projection: latest });
    isLoadingSlow = true;
    const stop = new AbortController();
    const switching = switched(generation, { stop: stop.signal });
    await untilLoading();
    onTaken = () => void readModels.pin(sources);
    const { parcelId, token } = await scan('d9');
    const isShown = () => expect(shown().get('d9')).toBe(parcelId);
    await vi.waitFor(isShown, { interval: 1, timeout: 10_000 });
    expect(await readModels.waitFor(sources, token, 20_000)).toBe(true);
    expect(hasSeen(readModels.pin(sources).seen, token)).toBe(true);
    onTaken = () => {};
    stop.abort();
    await expect(switching).rejects.toThrow();
    isLoadingSlow = false;
  });

  it('waits when it goes back to the previous generation, too', async () => {
    const previous = (await pointer()).previous!;
    isLoadingSlow = true;
    const switching = switched(previous);
    await untilLoading();
    await scanIsSeen('d5');
    expect(served()).not.toBe(previous);
    isLoadingSlow = false;
    expect(await switching).toBe(true);
    await scanIsSeen('d6');
    expect(served()).toBe(previous);
  });

  it('is given up when its lease is lost', async () => {
    const [lost, previous] = [new AbortController(), (await pointer()).previous!];
    isLoadingSlow = true;
    const switching = switched(previous, { lost: lost.signal });
    await untilLoading();
    lost.abort(new Error('the lease was lost'));
    await expect(switching).rejects.toThrow();
    isLoadingSlow = false;
    expect((await pointer()).active).not.toBe(previous);
  });

  it('leaves the announcement of another switch when it ends', async () => {
    const { active, previous } = await pointer();
    await announce(world.db, 'latest@1', previous!, 60_000);
    await unannounce(world.db, 'latest@1', active!);
    expect((await pointersOf(world.db, ['latest@1'])).get('latest@1')?.next).toBe(previous);
    await unannounce(world.db, 'latest@1', previous!);
    expect(await pointer()).not.toHaveProperty('announced');
  });

  it('is given up when it is stopped; then the copy is dropped', async () => {
    const before = served();
    const [stop, previous] = [new AbortController(), (await pointer()).previous!];
    isLoadingSlow = true;
    const switching = switched(previous, { stop: stop.signal });
    await untilLoading();
    stop.abort();
    await expect(switching).rejects.toThrow();
    isLoadingSlow = false;
    expect(await pointer()).not.toHaveProperty('announced');
    await scanIsSeen('d7');
    await vi.waitFor(async () => {
      const told = await loadedCopiesOf(world.db).find().toArray();
      expect(told).toMatchObject([{ view: 'latest@1', generations: [before] }]);
    });
    await scanIsSeen('d8');
  });
});

it('a copy changes to the served generation although that moves all the time', async () => {
  const options = { stop: new AbortController().signal, moved: () => {} };
  const copies = new FollowedCopies(world.db, [parcels], options);
  let offset = 0;
  const moving = () => {
    offset += 1;
    const next = new Map([['parcels:0', offset]]);
    return { ...noProgress, next, readAt: performance.now() };
  };
  for (const active of ['latest.g1', 'latest.g2']) {
    await copies.follow(parcels, { active, next: null }, moving);
    expect(copies.held(parcels)?.generation).toBe(active);
  }
});

it('a copy tells for how long it is not known to have seen all', async () => {
  const options = { stop: new AbortController().signal, moved: () => {} };
  const copies = new FollowedCopies(world.db, [parcels], options);
  const view = 'latest@1';
  expect(copies.states()).toEqual([{ view, generation: null, secondsBehind: null }]);
  const pointer = { active: 'latest.g1', next: null };
  const at = (offset: number, secondsAgo: number) => () => ({
    ...{ ...noProgress, next: new Map([['parcels:0', offset]]) },
    readAt: performance.now() - secondsAgo * 1_000,
  });
  const behind = () => copies.states()[0]?.secondsBehind ?? Number.NaN;
  let before = Number.POSITIVE_INFINITY;
  // Whether the view has moved or not, the copy has seen all that was there then.
  for (const [offset, secondsAgo] of [[1, 900] as const, [1, 600] as const, [2, 300] as const]) {
    await copies.follow(parcels, pointer, at(offset, secondsAgo));
    expect(copies.states()).toMatchObject([{ view, generation: 'latest.g1' }]);
    expect(behind()).toBeGreaterThanOrEqual(secondsAgo);
    expect(behind()).toBeLessThan(before);
    before = secondsAgo;
  }
});

it('a switch does not wait for copies of processes that have ended', async () => {
  const { generation } = await build({ ...world, projection: latest });
  await tellLoaded(world.db, { _id: 'killed', view: 'latest@1', generations: ['latest.g0'] });
  await loadedCopiesOf(world.db).updateOne({ _id: 'killed' }, { $set: { seenAt: new Date(0) } });
  const { client, database, logId: log } = world;
  const sources = { views: [latestView], copies: [parcels] };
  const another = await openReadModels({ client, database, log, ...sources });
  const copies = () => loadedCopiesOf(world.db).countDocuments();
  await vi.waitFor(async () => expect(await copies()).toBe(3), { timeout: 10_000 });
  await another.close();
  expect(await copies()).toBe(2);
  expect(await switched(generation)).toBe(true);
  expect(await new Generations(world.db, latestView).read()).toMatchObject({ active: generation });
});
