import type { Db } from 'mongodb';
import type { Millis } from '../event.ts';
import type { Offset } from '../log/log.ts';
import type { Stream } from './streams.ts';

/**
 * The documents of `write_state`: the streams of all lanes, a cache of the log that may be dropped
 * at any time. Rows and streams share one collection, so that nobody can drop the streams and leave
 * the row.
 */

/** How far a lane's cached streams have followed the log, per topic. */
export type Progress = {
  /** Every event below is in the cached streams. */
  next: Record<string, Offset>;
  /** The last folded event: shows at start whether this is still the same log. */
  last: Record<string, { offset: Offset; id: string }>;
  /** No event of the lane is later. */
  lastTime: Millis;
  /** How many events of each numbered type the lane has. */
  numbers: Record<string, number>;
  /** The types of the events in the cached streams. */
  types: string[];
};

export type LaneRow = Progress & {
  /** Names the cache; a dropped cache comes back under another id. */
  cacheId: string;
};

export type RowDocument = LaneRow & { _id: string; at: Date };
export type StreamDocument = Stream & { _id: string };

/** The cached streams were dropped: the lane's state has to be built anew from the log. */
export class CacheLostError extends Error {
  override name = 'CacheLostError';
}

export const collectionName = 'write_state';
/** The ids of lanes' rows lie between these; those of streams don't, they begin with a UUID. */
export const rowsBegin = 'lane:';
export const rowsEnd = 'lane;';
export const laneRowsIn = (db: Db) => db.collection<RowDocument>(collectionName);
export const streamsIn = (db: Db) => db.collection<StreamDocument>(collectionName);
/** Lanes' rows and streams. */
export const rowsAndStreamsIn = (db: Db) =>
  db.collection<RowDocument | StreamDocument>(collectionName);
export const laneRowId = (lane: number, stateVersion: string) =>
  `${rowsBegin}${lane}@${stateVersion}`;
export const documentId = (cacheId: string, name: string) => `${cacheId}/${name}`;

/** All ids of a cache begin with `cacheId/`; 0 is the character after the slash. */
export const streamIds = (cacheId: string) => ({ from: `${cacheId}/`, to: `${cacheId}0` });
