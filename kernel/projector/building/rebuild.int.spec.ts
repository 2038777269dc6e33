import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { laneOf } from '../../log/lane-of.ts';
import {
  type Journal,
  journal,
  journalOf,
  journalView,
  openScanLog,
  type ScanLog,
  someScans,
} from '../../testing/journal.ts';
import { newGeneration } from '../generations/generations.ts';
import { prepareProjections } from '../runner.ts';
import { buildLanes } from './build-lanes.ts';
import { type BuildProgress, LaneBoard } from './lane-board.ts';
import { type Help, type RebuildOptions, rebuild } from './rebuild.ts';

/** Builds that other threads help with. */

let world: ScanLog;
const scans = someScans(600, 30);
const complete = { events: scans.length, documents: 30, parked: 0, added: false };
beforeAll(async () => {
  world = await openScanLog('helped', 3);
  await prepareProjections(world.db);
  await world.append(scans);
});
afterAll(() => world.close());

async function options(): Promise<RebuildOptions> {
  const generation = await newGeneration(world.db, journalView);
  return { ...world, projection: journal, generation };
}

/** Builds with help that ends while the first lane is being read. */
async function rebuildWith(help: Help) {
  const over = Promise.withResolvers<void>();
  const told: Help = (share, stop) => help(share, stop).finally(over.resolve);
  const parts = await options();
  const built = await rebuild({ ...parts, help: told, onProgress: () => over.promise });
  const found = await world.db.collection<Journal>(parts.generation).find().toArray();
  return { built, documents: new Map(found.map((one) => [one._id, one])) };
}

it('a lane is built by the thread that takes it first', async () => {
  const seen: BuildProgress[] = [];
  const { built, documents } = await rebuildWith(async (share) => {
    const board = new LaneBoard(share);
    const onProgress = (now: BuildProgress) => seen.push(now);
    // Until then the build itself may have read nothing of the lane that it took.
    await vi.waitFor(() => expect(board.progress.events).toBeGreaterThan(0), 10_000);
    await buildLanes({ ...(await options()), ...share, onProgress }, board, board.free());
    expect(board.unbuilt()).toHaveLength(1);
  });
  expect(built).toEqual(complete);
  expect(documents).toEqual(journalOf(scans));
  // Events of the lane that the build itself reads count as well.
  expect(seen.at(-1)).toMatchObject({ events: scans.length });
});

it('no more events are folded at once than asked for, and none is left out', async () => {
  const seen: number[] = [];
  const onProgress = ({ events }: BuildProgress) => void seen.push(events);
  const parts = await options();
  const built = await rebuild({ ...parts, atOnce: 7, onProgress });
  const steps = seen.map((events, at) => events - (seen[at - 1] ?? 0));
  expect(Math.max(...steps)).toBe(7);
  expect(built).toEqual(complete);
  const found = await world.db.collection<Journal>(parts.generation).find().toArray();
  expect(new Map(found.map((one) => [one._id, one]))).toEqual(journalOf(scans));
});

it('lanes that a helper took and left undone are built, in place of its documents', async () => {
  const { built, documents } = await rebuildWith(async ({ generation, ...share }) => {
    const taken = [...new LaneBoard(share).free()].map((at) => share.lanes[at]![0]);
    const theirs = [...journalOf(scans).values()].filter(({ _id }) =>
      taken.includes(laneOf(_id, world.lanes)),
    );
    const rubbish = theirs.map((one) => ({ ...one, digest: 'cut off' }));
    await world.db.collection<Journal>(generation).insertMany(rubbish);
  });
  expect(built).toEqual(complete);
  expect(documents).toEqual(journalOf(scans));
});

it('helpers are stopped when the build fails', async () => {
  const ended = Promise.withResolvers<void>();
  const help: Help = (_, stop) => {
    stop.addEventListener('abort', () => ended.resolve());
    return ended.promise;
  };
  const wrong = new Error('no more');
  const onProgress = () => Promise.reject(wrong);
  await expect(rebuild({ ...(await options()), help, onProgress })).rejects.toBe(wrong);
  await ended.promise;
});
