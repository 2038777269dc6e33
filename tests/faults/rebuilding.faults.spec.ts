import { setTimeout as pause } from 'node:timers/promises';
import { MongoClient } from 'mongodb';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { rebuild } from '#kernel/projector/building/rebuild.ts';
import { checkpointsOf } from '#kernel/projector/checkpoint.ts';
import {
  newGeneration,
  type ReadModel,
  readModelsOf,
} from '#kernel/projector/generations/generations.ts';
import {
  type Journal,
  journal,
  journalOf,
  openScanLog,
  someScans,
} from '#kernel/testing/journal.ts';
import { until } from '#kernel/testing/until.ts';
import type { Stack } from '#local-stack/parts/stack.ts';
import { seeded, shuffled } from '../../bench/random.ts';
import { ask } from '../answers.ts';
import { restart } from '../chaos-faults.ts';
import { seed } from '../chaos-fleet.ts';
import { pick } from '../chaos-requests.ts';
import { startOwnStack } from '../own-stack.ts';
import { type Run as Ended, replay, startReplay } from '../replay-tool.ts';
import type { Service } from '../system.ts';
import { startVotingSystem, type VotingSystem } from '../voting-system.ts';

/** Rebuilds are disturbed at random moments, while users vote. FAULT_SEED repeats the moments. */

const views = ['rankings', 'votes'];
const times = { 'the replay tool': 6, 'the projector': 5, mongod: 4 };
type Victim = keyof typeof times;

/** Enough for rebuilds by several threads. */
const pastOfLane = 40_000;
/** With this limit reading takes about three seconds; the rest of a rebuild is over in a moment. */
const eventsPerSecond = '40000';
const longestMs = 3_500;
/** After a kill, the next run can go on once the lease of the killed one has expired. */
const leaseMs = 2_000;
const random = seeded(seed);

let stack: Stack;
let world: VotingSystem;
let projectors: Service;
beforeAll(async () => {
  stack = await startOwnStack();
  world = await startVotingSystem('rebuilding', 12, { parts: stack.endpoints, past: pastOfLane });
  ({ projectors } = world);
});
afterAll(async () => {
  await world?.close();
  await stack?.stop();
});

type Kill = {
  view: string;
  killed: Victim;
  afterMs: number;
  loaded: string;
  outcome: string;
};

/** One run of the tool, and the kills during it. */
type Run = {
  view: string;
  done: Promise<Ended>;
  kill(): Promise<unknown>;
  isOver: boolean;
  /** The generation that was being built before; this run builds one of another name. */
  before: string | null;
  kills: Kill[];
};

const buildingOf = async (view: string) => {
  const model = await readModelsOf(world.db).findOne({ view });
  return (model as ReadModel).building;
};

async function rebuilding(view: string): Promise<Run> {
  const before = await buildingOf(view);
  const settings = { ...world.system.settings, LEASE_TTL_MS: String(leaseMs) };
  const words = ['rebuild', view, '--throttle', eventsPerSecond];
  const tool = startReplay({ ...world.system, settings }, ...words);
  const kill = () => {
    tool.end('SIGKILL');
    return tool.done;
  };
  const run: Run = { view, done: tool.done, kill, isOver: false, before, kills: [] };
  void tool.done.then(() => {
    run.isOver = true;
  });
  return run;
}

/** Waits for a random moment of a rebuild. @returns null if the rebuild is over before. */
async function momentOf(run: Run): Promise<Pick<Kill, 'afterMs' | 'loaded'> | null> {
  await until(async () => {
    const building = await buildingOf(run.view);
    return run.isOver || (building !== null && building !== run.before);
  });
  const afterMs = Math.round(random() * longestMs);
  await Promise.race([run.done, pause(afterMs)]);
  const generation = await buildingOf(run.view);
  // The new generation is served already, or the run has ended: a kill would disturb no rebuild.
  if (generation === null || run.isOver) return null;
  const lanes = await checkpointsOf(world.db).countDocuments({ generation });
  return run.isOver ? null : { afterMs, loaded: `${lanes} of 3 lanes` };
}

const kill: Record<Victim, (run: Run) => Promise<unknown>> = {
  'the replay tool': (run) => run.kill(),
  mongod: () => restart(stack.mongods[0]!),
  'the projector': async () => {
    await projectors.end('SIGKILL');
    projectors = await world.system.start('projectors');
  },
};

/** Waits for a run's end. @returns whether it completed its rebuild; the view was verified then. */
async function isFinished(run: Run): Promise<boolean> {
  const { code, err } = await run.done;
  const told = code === null ? 'the rebuild was begun again' : err.split('\n').at(-1)!;
  for (const one of run.kills) one.outcome = code === 0 ? 'the rebuild went on' : told;
  if (code !== 0) {
    // A run that was not killed prints an error message without a stack trace.
    expect([code, err]).toEqual([code === null ? null : 2, expect.not.stringContaining('.ts:')]);
    return false;
  }
  await expectRight(run.view, 'write_state');
  return true;
}

async function expectRight(...what: string[]): Promise<void> {
  const { code, out, err } = await replay(world.system, 'verify', ...what);
  expect(`${code} ${out}${err}`).toMatch(/^0 (.* are right\n?)+$/);
}

it('a rebuild goes on after kills at 15 random moments, and its view is right', async () => {
  const stopVoting = world.likeOn({ again: true });
  const kills: Kill[] = [];
  try {
    await disturb(kills);
  } finally {
    const votes = await stopVoting();
    console.log(`${kills.length} times kill -9 during rebuilds, seed ${seed}, ${votes} votes`);
    console.table(kills);
  }
  await expectRight('--all');
  await expectAllLikes();
}, 600_000);

/** Rebuilds one view after the other until each victim was killed, and the last is complete. */
async function disturb(kills: Kill[]): Promise<void> {
  const victims = Object.entries(times).flatMap(([name, count]) => Array<string>(count).fill(name));
  let run = await rebuilding(pick(random, views));
  for (const killed of shuffled(victims, seed) as Victim[]) {
    let moment = await momentOf(run);
    while (!moment) {
      run = await rebuilding((await isFinished(run)) ? pick(random, views) : run.view);
      moment = await momentOf(run);
    }
    const one = { view: run.view, killed, ...moment, outcome: '' };
    kills.push(one);
    run.kills.push(one);
    await kill[killed](run);
  }
  while (!(await isFinished(run))) run = await rebuilding(run.view);
}

/** Checks that every acknowledged like was counted, and no other. */
async function expectAllLikes(): Promise<void> {
  await world.seen();
  const { url } = world.queries;
  const read = world.movies.map(async (movie) => {
    const { body } = await ask<{ likes: number }>(url, `GET /v1/movies/${movie}`);
    return [movie, body.likes] as const;
  });
  expect(new Map(await Promise.all(read))).toEqual(world.likes);
}

it('a rebuild keeps its documents if mongod is killed right after their insert', async () => {
  const log = await openScanLog('inserted', 2, stack.endpoints);
  const scans = someScans(14_000, 14_000);
  await log.append(scans);
  const client = new MongoClient(stack.endpoints.mongo, { monitorCommands: true });
  const db = client.db(log.database);
  const [mongod] = stack.mongods;
  let back: Promise<void> | undefined;
  client.on('commandSucceeded', ({ commandName }) => {
    if (commandName === 'insert') back ??= restart(mongod!);
  });
  const generation = await newGeneration(db, journal.view);
  await rebuild({ ...log, db, projection: journal, generation });
  await back;
  const found = await db.collection<Journal>(generation).find().toArray();
  const expected = journalOf(scans);
  const wrong = found.filter(({ _id, digest }) => expected.get(_id)?.digest !== digest);
  expect([found.length, wrong]).toEqual([expected.size, []]);
  await client.close();
  await log.close();
});
