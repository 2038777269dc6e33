import { Collection, MongoNetworkError } from 'mongodb';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Event } from '../../event.ts';
import type { Lease } from '../../leases/leases.ts';
import type { AnyProjection } from '../../projection.ts';
import {
  type Journal,
  journal,
  journalOf,
  journalView,
  openScanLog,
  type Scan,
  type ScanLog,
  someScans,
} from '../../testing/journal.ts';
import { checkpointsOf } from '../checkpoint.ts';
import { discardLetter } from '../dead-letters/dead-letter-retry.ts';
import { deadLettersOf } from '../dead-letters/dead-letters.ts';
import { catchUp } from '../generations/catch-up.ts';
import { Generations } from '../generations/generations.ts';
import { prepareProjections, startProjectors } from '../runner.ts';
import { build } from './build.ts';
import type { BuildProgress } from './lane-board.ts';
import { endsByLane } from './lane-fold.ts';

let world: ScanLog;
let generations: Generations;
const scans = someScans(600, 30);
beforeAll(async () => {
  world = await openScanLog('build', 3);
  await prepareProjections(world.db);
  generations = new Generations(world.db, journalView);
  await world.append(scans);
});
afterAll(() => world.close());

const parts = () => ({ ...world, projection: journal });
const documentsOf = async (generation: string) => {
  const found = await world.db.collection<Journal>(generation).find().toArray();
  return new Map(found.map((one) => [one._id, one]));
};

/** Builds until some events of the last lane have been read, and sleeps there. */
function sleepyBuild() {
  const [asleep, woken] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const onProgress = ({ passed, of }: BuildProgress) => {
    if (passed < of * 0.9) return undefined;
    asleep.resolve();
    return woken.promise;
  };
  const done = build({ ...parts(), onProgress });
  return { asleep: asleep.promise, wake: woken.resolve, done };
}

describe('a build whose process was stopped', () => {
  it('goes on with the lanes left; a process that only slept writes nothing served', async () => {
    const first = sleepyBuild();
    await first.asleep;
    const begun = (await generations.read())?.building ?? '';
    await vi.waitFor(async () => {
      expect(await checkpointsOf(world.db).countDocuments({ generation: begun })).toBe(2);
    });
    const second = await build(parts());
    expect(second.generation).not.toBe(begun);
    expect(second.events).toBeLessThan(scans.length);
    // It tells of the whole generation, whoever built which lane.
    expect(second).toMatchObject({ added: true, documents: journalOf(scans).size, parked: 0 });
    expect(await generations.activate(second.generation)).toBe(true);
    first.wake();
    const late = await first.done;
    expect(late.generation).toBe(begun);
    expect(await generations.activate(begun)).toBe(false);
    expect(await documentsOf(second.generation)).toEqual(journalOf(scans));
    expect(await generations.read()).toMatchObject({ active: second.generation, building: null });
  });

  it('can not be caught up by its former owner', async () => {
    const { generation } = await build(parts());
    await generations.resume();
    const lease: Lease = {
      ...{ role: 'test', lane: 0, term: 1, deadline: Number.POSITIVE_INFINITY, valid: true },
      passOn: () => false,
      ...{ lost: new AbortController().signal, session: world.client.startSession() },
    };
    const stop = new AbortController().signal;
    const ends = await endsByLane(world.log, parts());
    await expect(catchUp({ ...parts(), generation, lease, stop }, ends)).rejects.toThrow(
      'has no checkpoint',
    );
    await lease.session.endSession();
  });

  it('is begun anew when its collection is gone', async () => {
    const { building } = (await generations.read())!;
    await world.db.collection(building!).drop();
    const { generation, events } = await build(parts());
    expect(events).toBe(scans.length);
    expect(await documentsOf(generation)).toEqual(journalOf(scans));
  });
});

it('a build skips events discarded for its view, and folds those behind them', async () => {
  const other = await openScanLog('discarded', 1);
  await prepareProjections(other.db);
  const poison = { depotId: 'd1', parcelId: 'poison', at: 9_000 };
  const after = someScans(10, 5, 9_000);
  await other.append([...scans, poison, ...after]);
  const first = await build({ ...other, projection: journal });
  expect(first.parked).toBe(3);
  const letters = deadLettersOf(other.db).find({}, { sort: { offset: 1 } });
  const letter = (await letters.next())!;
  expect(letter.error).toContain('no room for poison');
  await discardLetter(other.client, other.db, letter._id, 'sent by a broken scanner');
  await new Generations(other.db, journalView).activate(first.generation);
  const second = await build({ ...other, projection: journal });
  expect(second.parked).toBe(0);
  const documents = await other.db.collection<Journal>(second.generation).find().toArray();
  const found = new Map(documents.map((one) => [one._id, one]));
  expect(found).toEqual(journalOf([...scans, ...after]));
  await other.close();
});

it('a build stores a lane again only once nothing of the first try can be stored', async () => {
  const other = await openScanLog('away', 1);
  await prepareProjections(other.db);
  const many = someScans(6_000, 6_000);
  await other.append(many);
  const slow = Promise.withResolvers<void>();
  let inserts = 0;
  let again = 0;
  const { insertMany, bulkWrite } = Collection.prototype;
  const spies = [
    vi.spyOn(Collection.prototype, 'insertMany').mockImplementation(async function (
      this: Collection,
      ...given
    ) {
      if (!this.collectionName.startsWith('journal.')) return insertMany.apply(this, given);
      inserts += 1;
      if (inserts === 2) throw new MongoNetworkError('the connection was lost');
      await slow.promise;
      return insertMany.apply(this, given);
    }),
    vi.spyOn(Collection.prototype, 'bulkWrite').mockImplementation(function (
      this: Collection,
      ...given
    ) {
      if (this.collectionName.startsWith('journal.')) again += 1;
      return bulkWrite.apply(this, given);
    }),
  ];
  const building = build({ ...other, projection: journal });
  await vi.waitFor(() => expect(inserts).toBe(2), 10_000);
  for (let turn = 0; turn < 10; turn += 1) await new Promise(setImmediate);
  expect(again).toBe(0);
  slow.resolve();
  const { generation } = await building;
  for (const spy of spies) spy.mockRestore();
  expect(again).toBeGreaterThan(0);
  const found = await other.db.collection<Journal>(generation).find().toArray();
  expect(new Map(found.map((one) => [one._id, one]))).toEqual(journalOf(many));
  await other.close();
});

it('a build parks an event that makes a document too large for MongoDB', async () => {
  const other = await openScanLog('hoarded', 1);
  await prepareProjections(other.db);
  await other.append(scans);
  /** Of depot d1, the eleventh scan makes the document too large, and so would all later ones. */
  const hoarder: AnyProjection = {
    ...journal,
    when: {
      ParcelScanned: (before: Journal | null, { data }: Event<string, Scan>) => {
        const events = (before?.events ?? 0) + 1;
        const isTooLarge = data.depotId === 'd1' && events > 10;
        return { _id: data.depotId, events, digest: 'x'.repeat(isTooLarge ? 17 * 2 ** 20 : 10) };
      },
    },
  };
  const { generation, parked } = await build({ ...other, projection: hoarder });
  expect(parked).toBe(10);
  const documents = other.db.collection<Journal>(generation);
  expect(await documents.findOne({ _id: 'd1' })).toMatchObject({ events: 10 });
  expect(await documents.findOne({ _id: 'd2' })).toMatchObject({ events: 20 });
  const [letter] = await deadLettersOf(other.db)
    .find({}, { sort: { offset: 1 } })
    .toArray();
  expect(letter?.error).toMatch(/the document would have \d+ bytes/);
  await other.close();
});

it('no projector moves a lane that is held, and it goes on by itself afterwards', async () => {
  const projectors = await startProjectors({ ...parts(), projections: [journal] });
  const { active } = (await generations.read())!;
  const rows = () => checkpointsOf(world.db).find({ generation: active! }).toArray();
  const nexts = async () => (await rows()).map(({ next }) => next);
  await vi.waitFor(() => expect(projectors.lag()[0]?.caughtUp).toBe(true), 10_000);
  const holdMs = 1_500;
  await checkpointsOf(world.db).updateMany({ generation: active! }, [
    { $set: { heldUntil: { $add: ['$$NOW', holdMs] } } },
  ]);
  const before = await nexts();
  const more = someScans(30, 30, 1_000);
  await world.append(more);
  while ((await rows()).some(({ heldUntil }) => heldUntil && heldUntil.getTime() > Date.now())) {
    expect(await nexts()).toEqual(before);
  }
  await vi.waitFor(async () => {
    expect(await documentsOf(active!)).toEqual(journalOf([...scans, ...more]));
  }, 10_000);
  await projectors.close();
});
