import { MongoClient } from 'mongodb';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { build } from '#kernel/projector/building/build.ts';
import { LaneBoard, type LaneToBuild } from '#kernel/projector/building/lane-board.ts';
import type { Help } from '#kernel/projector/building/rebuild.ts';
import { checkpointsOf } from '#kernel/projector/checkpoint.ts';
import { Generations } from '#kernel/projector/generations/generations.ts';
import { prepareProjections } from '#kernel/projector/runner.ts';
import { until } from '#kernel/testing/until.ts';
import { settings } from '#schemas/config.ts';
import { fillLane } from '#tests/filled-lane.ts';
import { replay, startReplay } from '#tests/replay-tool.ts';
import { type System, startSystem } from '#tests/system.ts';
import { withTool } from '../tool/tool.ts';
import { otherThreads } from './threads.ts';
import { projectionOf } from './views.ts';

/** Rebuilds a log that is long enough for more than one thread. */

const lanes = 3;
const eventsOfLane = 40_000;
const events = lanes * eventsOfLane;
const projection = projectionOf('rankings');

let system: System;
beforeAll(async () => {
  system = await startSystem('threads');
  for (let lane = 0; lane < lanes; lane += 1) await fillLane(system, lane, eventsOfLane);
});
afterAll(() => system?.stop());

const expectRight = async () => {
  const { code, out, err } = await replay(system, 'verify', 'rankings');
  expect(`${code} ${out}${err}`).toMatch(/^0 .* are right$/);
};

it('other threads build the lanes that they take', async () => {
  const config = settings.read(system.settings);
  await withTool(async (tool) => {
    await prepareProjections(tool.db);
    const over = Promise.withResolvers<void>();
    const others = otherThreads({ config, projection, threads: lanes });
    const help: Help = (share, stop) => others!(share, stop).finally(over.resolve);
    // This thread builds one lane and waits there, so the other threads take all other lanes.
    const onProgress = () => over.promise;
    const { generation, ...built } = await build({ ...tool, projection, help, onProgress });
    expect(built).toEqual({ events, documents: lanes, parked: 0, added: false });
    await new Generations(tool.db, projection.view).activate(generation);
  }, config);
  await expectRight();
});

it('Ctrl-C ends all threads, and the same command resumes the build', async () => {
  const client = await MongoClient.connect(system.settings.MONGO_URL!);
  const db = client.db(system.settings.MONGO_DATABASE);
  const loaded = async () => {
    const generation = (await new Generations(db, projection.view).read())?.building;
    return generation ? checkpointsOf(db).countDocuments({ generation }) : 0;
  };
  const pace = ['--throttle', String(eventsOfLane)];
  const stopped = startReplay(system, 'rebuild', 'rankings', '--threads', '2', ...pace);
  await until(async () => (await loaded()) > 0);
  stopped.end('SIGINT');
  expect(await stopped.done).toMatchObject({ code: 130, err: expect.stringMatching(/^Interr/) });
  const left = lanes - (await loaded());
  const { out } = await replay(system, 'rebuild', 'rankings', '--threads', '2');
  const told = `${left * eventsOfLane} further events, ${lanes} documents,`;
  expect(out).toContain(`is served now (${told}`);
  await expectRight();
  await client.close();
});

it('no thread is started once the build was stopped', async () => {
  const lanesToBuild: LaneToBuild[] = Array.from({ length: lanes }, (_, lane) => [
    lane,
    { ranking: eventsOfLane },
  ]);
  const share = { ...LaneBoard.of(lanesToBuild).shared, generation: 'none' };
  let started = 0;
  const count = () => {
    started += 1;
  };
  process.on('worker', count);
  const config = settings.read(system.settings);
  await otherThreads({ config, projection, threads: lanes })!(share, AbortSignal.abort());
  process.off('worker', count);
  expect(started).toBe(0);
});

it('an invalid number of threads is refused', async () => {
  const { code, err } = await replay(system, 'rebuild', 'rankings', '--threads', 'all');
  expect([code, err]).toEqual([2, expect.stringContaining('is a whole number from 1 to 999.')]);
});
