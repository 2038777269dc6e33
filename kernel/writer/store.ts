import { randomUUID } from 'node:crypto';
import type { ClientSession, Db, MongoClient } from 'mongodb';
import type { Offset } from '../log/log.ts';
import { ensureCollection } from '../mongo/ensure-collection.ts';
import type { StreamReads } from './stream-reads.ts';
import type { Stream } from './streams.ts';
import {
  CacheLostError,
  collectionName,
  documentId,
  type LaneRow,
  laneRowId,
  laneRowsIn,
  rowsBegin,
  rowsEnd,
  streamIds,
  streamsIn,
} from './write-state.ts';

/** One lane's part of `write_state`. */
export type LaneStore = {
  /** The lane's row; a new one, of an empty cache, if there is none. */
  take(): Promise<LaneRow>;
  /**
   * The cached streams by name, null for those that the cache doesn't have. `names` is called when
   * they are read. @throws CacheLostError if the cache was replaced meanwhile.
   */
  load(cacheId: string, names: () => readonly string[]): Promise<Map<string, Stream | null>>;
  /** Writes all or nothing; false if the stored row is another cache's or is ahead. */
  flush(row: LaneRow, streams: readonly [string, Stream][]): Promise<boolean>;
};

export type StoreOptions = {
  client: MongoClient;
  database: string;
  lane: number;
  /** Changes with any aggregate's state version; each has a cache of its own. */
  stateVersion: string;
  /** The session of the lane's lease: the next owner ends a transaction that it left open. */
  session: ClientSession;
  /** Shared by all lanes of this node. */
  reads: StreamReads;
};

export function mongoLaneStore(options: StoreOptions): LaneStore {
  const { client, database, lane, stateVersion, session, reads } = options;
  const db = client.db(database);
  const rowId = laneRowId(lane, stateVersion);
  const store: LaneStore = {
    async take() {
      const rows = laneRowsIn(db);
      const empty = { next: {}, last: {}, lastTime: 0, numbers: {}, types: [] };
      const fresh = { cacheId: randomUUID(), ...empty, at: new Date() };
      const row = await rows.findOneAndUpdate(
        { _id: rowId },
        { $setOnInsert: fresh },
        { upsert: true, returnDocument: 'after', writeConcern: { w: 'majority' } },
      );
      if (!row) throw new CacheLostError(`The row of lane ${lane} is gone again.`);
      const { cacheId, next, last, lastTime, numbers, types = [] } = row;
      return { cacheId, next, last, lastTime, numbers, types };
    },

    load: (cacheId, names) => reads.read({ lane, rowId, cacheId, names }),

    flush: (row, changed) =>
      session.withTransaction(
        async () => {
          const { next, last, lastTime, numbers, types } = row;
          const { matchedCount } = await laneRowsIn(db).updateOne(
            { _id: rowId, cacheId: row.cacheId, $and: notAhead(next) },
            { $set: { next, last, lastTime, numbers, types, at: new Date() } },
            { session },
          );
          if (matchedCount === 0) return false;
          const writes = changed.map(replacement(row.cacheId));
          if (writes.length > 0) await streamsIn(db).bulkWrite(writes, { session, ordered: false });
          return true;
        },
        { writeConcern: { w: 'majority' } },
      ),
  };
  return store;
}

const notAhead = (next: Record<string, Offset>) => [
  { _id: { $exists: true } },
  ...Object.entries(next).map(([topic, offset]) => ({
    $or: [{ [`next.${topic}`]: { $lte: offset } }, { [`next.${topic}`]: { $exists: false } }],
  })),
];

const replacement =
  (cacheId: string) =>
  ([name, stream]: [string, Stream]) => {
    const _id = documentId(cacheId, name);
    return { replaceOne: { filter: { _id }, replacement: stream, upsert: true } };
  };

/** Creates the collection beforehand, so that no transaction waits for that. */
export async function prepareStore(db: Db): Promise<void> {
  await ensureCollection(db, collectionName);
}

/** Deletes caches that no lane row has named for `olderThanMs`. */
export async function sweepCaches(db: Db, stateVersion: string, olderThanMs: number) {
  const before = new Date(Date.now() - olderThanMs);
  const suffix = `@${stateVersion}`;
  const rows = laneRowsIn(db).find({ _id: { $gte: rowsBegin, $lt: rowsEnd }, at: { $lt: before } });
  for await (const row of rows) {
    if (row._id.endsWith(suffix)) continue;
    await laneRowsIn(db).deleteOne({ _id: row._id, cacheId: row.cacheId });
    const { from, to } = streamIds(row.cacheId);
    await streamsIn(db).deleteMany({ _id: { $gte: from, $lt: to } });
  }
}
