import type { ClientSession } from 'mongodb';
import { aggregatesOf } from '#kernel/aggregate.ts';
import { topicName } from '#kernel/log/topic-names.ts';
import { LaneState } from '#kernel/writer/lane-state.ts';
import { stateVersionOf } from '#kernel/writer/lanes.ts';
import type { LaneStore } from '#kernel/writer/store.ts';
import { foldTo } from '#kernel/writer/take-lane.ts';
import {
  type LaneRow,
  laneRowId,
  laneRowsIn,
  streamIds,
  streamsIn,
} from '#kernel/writer/write-state.ts';
import { application } from '../tool/application.ts';
import { ToolError } from '../tool/exit.ts';
import type { Tool } from '../tool/tool.ts';
import { compare, type Differences, noDifferences } from './differences.ts';
import { inSnapshot, settled } from './generation.ts';
import { asStored, type Verified } from './verify-view.ts';

const aggregates = aggregatesOf(application.commands);

/** All streams of a lane stay in memory until they are compared. */
const limits = {
  streams: Number.POSITIVE_INFINITY,
  bytes: Number.POSITIVE_INFINITY,
  dirtyStreams: Number.POSITIVE_INFINITY,
  dirtyBytes: Number.POSITIVE_INFINITY,
};
const silenceMs = 30_000;

/** Begins empty, so that every stream comes from the log, and stores nothing. */
const nowhere: LaneStore = {
  take: async () => ({
    cacheId: 'nowhere',
    next: {},
    last: {},
    lastTime: 0,
    numbers: {},
    types: [],
  }),
  load: async (_, names) => new Map(names().map((name) => [name, null])),
  flush: async () => false,
};

/** Folds every stream afresh and compares it with `write_state`, at the offsets of its lane. */
export async function verifyState(tool: Tool): Promise<Verified> {
  const { lanes } = tool;
  const differences = noDifferences();
  let stored = 0;
  for (let lane = 0; lane < lanes; lane += 1) {
    const state = new LaneState(
      new Map(aggregates.map((one) => [one.topic, one])),
      nowhere,
      limits,
    );
    await state.take();
    const row = await rowOf(tool, lane);
    if (!row) continue;
    stored += 1;
    await foldOn(tool, lane, state, row);
    await compareLane(tool, lane, state, differences);
  }
  if (stored === 0) {
    throw new ToolError('write_state is empty: start command-api once to fill it.');
  }
  const { same, added, removed, changed } = differences;
  const documents = same + added + removed + changed;
  return { view: 'write_state', generation: 'write_state', documents, differences };
}

const rowOf = ({ db }: Tool, lane: number, session?: ClientSession): Promise<LaneRow | null> =>
  laneRowsIn(db).findOne({ _id: laneRowId(lane, stateVersionOf(aggregates)) }, settled(session));

function foldOn(
  { log, codec, prefix, stop, config }: Tool,
  lane: number,
  state: LaneState,
  row: LaneRow,
): Promise<void> {
  stop.throwIfAborted();
  const topics = aggregates.map(({ topic }) => topic);
  const ends = topics.map((topic) => ({
    topic: topicName(prefix, topic),
    lane,
    next: row.next[topic] ?? 0,
  }));
  const skipped = new Set(config.skippedRecords);
  return foldTo(ends, { log, codec, prefix, lane, topics, state, skipped, silenceMs });
}

const compareLane = (
  tool: Tool,
  lane: number,
  state: LaneState,
  differences: Differences,
): Promise<void> =>
  inSnapshot(tool.client, async (session) => {
    const row = await rowOf(tool, lane, session);
    if (!row) throw new ToolError('write_state was dropped meanwhile; try again.');
    await foldOn(tool, lane, state, row);
    const { last, lastTime, numbers } = state.row;
    const id = `lane ${lane}`;
    const stands = { _id: id, last: row.last, lastTime: row.lastTime, numbers: row.numbers };
    compare(differences, id, asStored({ _id: id, last, lastTime, numbers }), stands);
    const expected = new Map(state.hot.dirty());
    const { from, to } = streamIds(row.cacheId);
    const found = streamsIn(tool.db).find({ _id: { $gte: from, $lt: to } }, { session });
    for await (const { _id, ...stored } of found) {
      const name = _id.slice(from.length);
      const stream = expected.get(name);
      expected.delete(name);
      const a = stream ? asStored({ _id: name, ...stream }) : null;
      compare(differences, name, a, { _id: name, ...stored });
    }
    for (const [name, stream] of expected)
      compare(differences, name, { _id: name, ...stream }, null);
  });
