import { randomUUID } from 'node:crypto';
import type { Lease } from '../leases/leases.ts';
import type { LogReader } from '../log/log.ts';
import type { AnyProjection } from '../projection.ts';
import { checkpointId, checkpointsOf, initialProgress } from '../projector/checkpoint.ts';
import { DocumentCache } from '../projector/document-cache.ts';
import { GroupCommit } from '../projector/group-commit.ts';
import { type ProjectionStatus, projectLane } from '../projector/projection-pass.ts';
import { type Journal, journal, type ScanLog } from './journal.ts';

/** An empty generation of a journal, with a checkpoint for its lane 0. */
export async function newJournal({ db }: Pick<ScanLog, 'db'>) {
  const generation = `journal.${randomUUID().slice(0, 8)}`;
  await db.createCollection(generation);
  const checkpoint = { ...initialProgress(['depots', 'parcels']), updatedAt: new Date() };
  const _id = checkpointId(generation, 0);
  await checkpointsOf(db).insertOne({ _id, generation, lane: 0, ...checkpoint });
  const documents = async () => {
    const found = await db.collection<Journal>(generation).find().toArray();
    return new Map(found.map((document) => [document._id, document]));
  };
  const next = async () => (await checkpointsOf(db).findOne({ _id }))!.next.parcels!;
  return { generation, documents, next };
}

type Parts = { reader?: LogReader; projection?: AnyProjection; commits?: GroupCommit };

/** Follows lane 0 with a lease that never runs out. */
export function follow(
  { db, client, log, codec, prefix }: ScanLog,
  generation: string,
  { reader = log.reader(), projection = journal, commits = new GroupCommit(db) }: Parts = {},
) {
  const stop = new AbortController();
  const session = client.startSession();
  const lost = new AbortController().signal;
  const lease: Lease = {
    ...{ role: 'test', lane: 0, term: 1, deadline: Number.POSITIVE_INFINITY },
    ...{ valid: true, passOn: () => false, lost, session },
  };
  const status: ProjectionStatus = { stopped: null, trouble: null, events: 0, parked: 0 };
  const place = { view: 'journal@1', generation, lane: 0 };
  const cache = new DocumentCache();
  const parts = { db, log, codec, prefix, reader, projection, commits, cache };
  const done = projectLane({ ...parts, lease, place, status, stop: stop.signal });
  const end = async () => {
    stop.abort();
    await done;
    await reader.close();
    await session.endSession();
  };
  return { status, end };
}
