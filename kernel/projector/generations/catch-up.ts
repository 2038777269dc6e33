import type { Db } from 'mongodb';
import { Backoff } from '../../backoff.ts';
import type { Codec } from '../../codec/codec.ts';
import { needsMending } from '../../following/follow-lane.ts';
import type { Lease } from '../../leases/leases.ts';
import type { Log, LogReader, Offset } from '../../log/log.ts';
import type { AnyProjection } from '../../projection.ts';
import { checkpointsOf } from '../checkpoint.ts';
import { DocumentCache } from '../document-cache.ts';
import { GroupCommit } from '../group-commit.ts';
import { ProjectionPass, type ProjectionStatus } from '../projection-pass.ts';
import { viewId } from './generations.ts';

export type CatchUpOptions = {
  projection: AnyProjection;
  db: Db;
  log: Log;
  codec: Codec;
  prefix: string;
  /** A generation that no projector works on. */
  generation: string;
  /** The `builder` lease of the view; its session is used for the transactions. */
  lease: Lease;
  stop: AbortSignal;
  /** A reader that is connected already; without it, one is opened for this. */
  reader?: LogReader;
};

const tries = 10;
const pauses = { firstMs: 50, factor: 1.5, maxMs: 450 };

/** Folds a generation on, as a projector does, up to these offsets by lane and topic. */
export async function catchUp(
  options: CatchUpOptions,
  ends: ReadonlyMap<number, Record<string, Offset>>,
): Promise<void> {
  const { db, generation, log } = options;
  const rows = await checkpointsOf(db).find({ generation }).toArray();
  const reached = new Map(rows.map(({ lane, next }) => [lane, next]));
  const isThere = (lane: number, until: Record<string, Offset>) =>
    Object.entries(until).every(([topic, end]) => (reached.get(lane)?.[topic] ?? 0) >= end);
  const reader = options.reader ?? log.reader();
  try {
    for (const [lane, until] of ends) {
      if (!isThere(lane, until)) await foldOn({ ...options, reader }, lane, until);
    }
  } finally {
    if (!options.reader) await reader.close();
  }
}

async function foldOn(
  options: CatchUpOptions & { reader: LogReader },
  lane: number,
  until: Record<string, Offset>,
): Promise<void> {
  const { projection, generation, lease, db } = options;
  const shared = { commits: new GroupCommit(db), cache: new DocumentCache() };
  const stop = AbortSignal.any([options.stop, lease.lost]);
  const place = { view: viewId(projection.view), generation, lane };
  const status: ProjectionStatus = { stopped: null, trouble: null, events: 0, parked: 0 };
  const backoff = new Backoff(pauses);
  for (let failures = 0; ; ) {
    const pass = new ProjectionPass({ ...options, ...shared, place, status, stop, until });
    try {
      await pass.run();
      stop.throwIfAborted();
      if (!lease.valid) throw new Error(`The lease ${lease.role} ran out.`);
      return;
    } catch (error) {
      stop.throwIfAborted();
      failures = pass.moved ? 1 : failures + 1;
      if (needsMending(error) || failures === tries) throw error;
      if (pass.moved) backoff.reset();
      await backoff.pause();
    }
  }
}
