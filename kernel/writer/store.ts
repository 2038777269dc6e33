import { randomUUID } from 'node:crypto';
import type { AnyBulkWriteOperation, ClientSession, Db, MongoClient } from 'mongodb';
import type { Offset } from '../log/log.ts';
import { isDuplicate } from '../mongo/duplicate.ts';
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
  type StreamDocument,
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
  /**
   * Writes all or nothing; false if the stored row is another cache's or is ahead.
   * @param added the names of those that the cache didn't have when they were read.
   */
  flush(
    row: LaneRow,
    streams: readonly [string, Stream][],
    added: ReadonlySet<string>,
  ): Promise<boolean>;
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

    async flush(row, changed, added) {
      const written = (writes: readonly Write[]) =>
        session.withTransaction(
          async () => {
            if (!(await advance(db, rowId, row, session))) return false;
            if (writes.length === 0) return true;
            await streamsIn(db).bulkWrite(writes, { session, ordered: false });
            return true;
          },
          { writeConcern: { w: 'majority' } },
        );
      const replace = replacement(row.cacheId);
      const insert = insertion(row.cacheId);
      try {
        return await written(changed.map((one) => (added.has(one[0]) ? insert : replace)(one)));
      } catch (error) {
        if (!isDuplicate(error)) throw error;
        // An earlier owner's flush came late, or the answer to one of this owner was lost.
        return written(changed.map(replace));
      }
    },
  };
  return store;
}

/** Moves the lane's row on; false if it is another cache's or is ahead. */
async function advance(
  db: Db,
  _id: string,
  { cacheId, next, last, lastTime, numbers, types }: LaneRow,
  session: ClientSession,
): Promise<boolean> {
  const { matchedCount } = await laneRowsIn(db).updateOne(
    { _id, cacheId, $and: notAhead(next) },
    { $set: { next, last, lastTime, numbers, types, at: new Date() } },
    { session },
  );
  return matchedCount === 1;
}

const notAhead = (next: Record<string, Offset>) => [
  { _id: { $exists: true } },
  ...Object.entries(next).map(([topic, offset]) => ({
    $or: [{ [`next.${topic}`]: { $lte: offset } }, { [`next.${topic}`]: { $exists: false } }],
  })),
];

type Write = AnyBulkWriteOperation<StreamDocument>;

const replacement =
  (cacheId: string) =>
  ([name, stream]: [string, Stream]): Write => {
    const _id = documentId(cacheId, name);
    return { replaceOne: { filter: { _id }, replacement: stream, upsert: true } };
  };

/** Of a stream that is not stored yet: an insert costs MongoDB half of what an upsert does. */
const insertion =
  (cacheId: string) =>
  ([name, stream]: [string, Stream]): Write => {
    return { insertOne: { document: { _id: documentId(cacheId, name), ...stream } } };
  };

/** Creates the collection beforehand, so that no transaction waits for that. */
export async function prepareStore(db: Db): Promise<void> {
  await ensureCollection(db, collectionName);
}

/** Deletes caches of other state versions whose rows nobody has written for `olderThanMs`. */
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
