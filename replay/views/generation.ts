import { setTimeout as pause } from 'node:timers/promises';
import { type ClientSession, MongoServerError } from 'mongodb';
import type { Lease } from '#kernel/leases/leases.ts';
import type { AnyProjection } from '#kernel/projection.ts';
import { type Checkpoint, checkpointsOf } from '#kernel/projector/checkpoint.ts';
import { catchUp } from '#kernel/projector/generations/catch-up.ts';
import { Generations, viewId } from '#kernel/projector/generations/generations.ts';
import { switchTo } from '#kernel/projector/generations/switch.ts';
import { ToolError } from '../tool/exit.ts';
import type { Tool } from '../tool/tool.ts';
import { compareAll, type Differences } from './differences.ts';

/** A generation that is not served, and the lease of its view's builder. */
export type Beside = { projection: AnyProjection; generation: string; lease: Lease };

const inLogOrder = { _id: 1 } as const;
const servedIsThereWithinMs = 10_000;

export const builderOf = (projection: AnyProjection) => {
  const id = viewId(projection.view);
  return { role: `builder:${id}`, what: `Building or switching ${id}` };
};

/** Switches to the generation. @throws ToolError when it can't be switched to any more. */
export async function serve(tool: Tool, beside: Beside): Promise<void> {
  if (await switchTo({ ...tool, ...beside })) return;
  const { generation } = beside;
  throw new ToolError(`${generation} could not be switched to; see \`npm run replay -- status\`.`);
}

/**
 * Compares a new generation with the served one, at exactly the same place in the log.
 * @returns null if no generation is served yet.
 */
export async function differencesFromServed(
  tool: Tool,
  beside: Beside,
): Promise<Differences | null> {
  const { db, client, stop } = tool;
  const { generation, projection } = beside;
  const active = (await new Generations(db, projection.view).read())?.active;
  if (!active) return null;
  await untilReached(tool, active, generation);
  return inSnapshot(client, async (session) => {
    const rows = await rowsOf(tool, active, session);
    await catchUp({ ...tool, ...beside }, new Map(rows.map(({ lane, next }) => [lane, next])));
    const served = db.collection<{ _id: string }>(active).find({}, { session });
    const built = db.collection<{ _id: string }>(generation).find();
    return compareAll(served.sort(inLogOrder), built.sort(inLogOrder), stop);
  });
}

/** Waits for projectors to reach the new generation's offsets, which are the end of the log. */
async function untilReached(tool: Tool, active: string, generation: string): Promise<void> {
  const end = performance.now() + servedIsThereWithinMs;
  for (;;) {
    const [served, built] = await Promise.all([rowsOf(tool, active), rowsOf(tool, generation)]);
    const reached = new Map(served.map(({ lane, next }) => [lane, next]));
    const isThere = built.every(({ lane, next }) =>
      Object.entries(next).every(([topic, to]) => (reached.get(lane)?.[topic] ?? 0) >= to),
    );
    if (isThere) return;
    if (performance.now() > end) {
      const cure = 'Start the projectors, or leave out --diff.';
      throw new ToolError(`${active} doesn't catch up, so it can't be compared. ${cure}`);
    }
    await pause(100, undefined, { signal: tool.stop });
  }
}

/**
 * Options for reads whose results a snapshot opened later must show too: the latest writes may not
 * be in that snapshot yet. Reads in the snapshot take its session.
 */
export const settled = (session?: ClientSession) =>
  session ? { session } : { readConcern: { level: 'majority' as const } };

const rowsOf = ({ db }: Tool, generation: string, session?: ClientSession): Promise<Checkpoint[]> =>
  checkpointsOf(db).find({ generation }, settled(session)).toArray();

const snapshotTooOld = 239;

/**
 * Lets reads with the session see the data of one moment.
 * @throws ToolError when the reads take longer than MongoDB keeps a snapshot.
 */
export async function inSnapshot<T>(
  client: Tool['client'],
  read: (session: ClientSession) => Promise<T>,
): Promise<T> {
  const session = client.startSession({ snapshot: true });
  try {
    return await read(session);
  } catch (error) {
    if (!(error instanceof MongoServerError && error.code === snapshotTooOld)) throw error;
    const cure = 'raise minSnapshotHistoryWindowInSeconds (300 by default) of mongod.';
    throw new ToolError(`Reading took longer than MongoDB keeps a snapshot: ${cure}`);
  } finally {
    await session.endSession();
  }
}
