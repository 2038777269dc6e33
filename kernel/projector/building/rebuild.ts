import { checkpointsOf } from '../checkpoint.ts';
import { buildLanes, type LanesOptions } from './build-lanes.ts';
import { type Built, LaneBoard, type SharedLanes } from './lane-board.ts';
import { endsOf } from './lane-fold.ts';

export type RebuildOptions = LanesOptions & {
  lanes: number;
  /** Has other threads build lanes too. Lanes that they leave unbuilt are built here. */
  help?: Help | undefined;
};

/**
 * Resolves once the other threads have ended, for whichever reason; never rejects.
 * @param stop ends the threads at once.
 */
export type Help = (share: Share, stop: AbortSignal) => Promise<void>;

/** What a thread needs to know of a build to help with it. */
export type Share = SharedLanes & Pick<LanesOptions, 'generation' | 'resumed' | 'asOf'>;

/**
 * Builds a generation from the first event up to the end of the log as it is now. The caller
 * creates the secondary indexes afterwards; a small view has them already.
 * @throws LogChangedError when the log does not begin at its first event.
 */
export async function rebuild(options: RebuildOptions): Promise<Built> {
  const { db, log, generation, resumed, asOf, stop, help } = options;
  const ends = await endsOf(log, options);
  const rows = await checkpointsOf(db)
    .find({ generation }, { projection: { lane: 1 } })
    .toArray();
  const complete = new Set(rows.map(({ lane }) => lane));
  const board = LaneBoard.of([...ends.entries()].filter(([lane]) => !complete.has(lane)));
  const over = new AbortController();
  const stopHelp = stop ? AbortSignal.any([stop, over.signal]) : over.signal;
  const helped = help?.({ ...board.shared, generation, resumed, asOf }, stopHelp);
  try {
    await buildLanes({ ...options, ahead: !help }, board, board.free());
  } catch (error) {
    over.abort();
    throw error;
  } finally {
    await helped;
  }
  stop?.throwIfAborted();
  await buildLanes({ ...options, resumed: true }, board, board.unbuilt().values());
  return board.total;
}
