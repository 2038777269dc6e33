import { parentPort, workerData } from 'node:worker_threads';
import { buildLanes } from '#kernel/projector/building/build-lanes.ts';
import { type BuildProgress, LaneBoard } from '#kernel/projector/building/lane-board.ts';
import { withTool } from '../tool/tool.ts';
import { keepPace } from './pace.ts';
import type { ThreadData } from './threads.ts';
import { projectionOf } from './views.ts';

/** A thread that helps to build a generation: takes its lanes as long as there are any. */

const { config, view, share, pace } = workerData as ThreadData;
const { generation, resumed, asOf } = share;
const projection = projectionOf(view);
const board = new LaneBoard(share);
const onProgress = (now: BuildProgress) => {
  parentPort?.postMessage(now);
  return keepPace(now, pace);
};
await withTool(async (tool) => {
  const build = {
    ...{ ...tool, projection, generation, resumed, asOf, onProgress, ahead: false },
    atOnce: pace?.eventsPerSecond,
  };
  await buildLanes(build, board, board.free());
}, config);
