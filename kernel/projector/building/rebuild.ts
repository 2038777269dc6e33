import type { Db } from 'mongodb';
import { checkpointsOf } from '../checkpoint.ts';
import { deadLettersOf } from '../dead-letters/dead-letters.ts';
import { buildLanes, type LanesOptions } from './build-lanes.ts';
import { type Built, LaneBoard, offsetsOf, type SharedLanes } from './lane-board.ts';
import { endsOf } from './lane-fold.ts';

export type RebuildOptions = LanesOptions & {
  lanes: number;
  /** Has other threads build lanes too. Lanes that they leave unbuilt are built here. */
  help?: Help | undefined;
};

/** What a generation has in the end, and the events that were read for it this time. */
export type Rebuilt = Built & {
  /** Earlier builds of it have read other events. */
  added: boolean;
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
export async function rebuild(options: RebuildOptions): Promise<Rebuilt> {
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
  const { events, ...here } = board.total;
  // A lane without events is complete at once, and tells nothing of an earlier build.
  const added = ends.some((end, lane) => complete.has(lane) && offsetsOf(end) > 0);
  return { events, added, ...(added ? await contentOf(db, generation) : here) };
}

/** What a generation has, also of the lanes that earlier builds of it have left complete. */
async function contentOf(db: Db, generation: string): Promise<Omit<Built, 'events'>> {
  const documents = await db.collection(generation).countDocuments();
  return { documents, parked: await deadLettersOf(db).countDocuments({ generation }) };
}
