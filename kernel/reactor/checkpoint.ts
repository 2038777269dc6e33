import type { Collection, Db } from 'mongodb';
import type { LastRecord } from '../following/last-record.ts';
import type { Offset } from '../log/log.ts';
import { FencedError } from '../projector/checkpoint.ts';

/** A reactor's progress in one lane: the command of every event below has been answered. */
export type ReactorCheckpoint = {
  /** `<reactor>/<lane>`. */
  _id: string;
  reactor: string;
  lane: number;
  /** The offset read next. */
  next: Offset;
  /** The last event before `next`: shows at the start whether the log is still the same one. */
  last: LastRecord | null;
  updatedAt: Date;
};

export const reactorCheckpointsOf = (db: Db): Collection<ReactorCheckpoint> =>
  db.collection<ReactorCheckpoint>('reactor_checkpoints', {
    readConcern: { level: 'majority' },
    writeConcern: { w: 'majority' },
  });

/** A lane's stored checkpoint. A new reactor begins with the first event of the log. */
export async function loadCheckpoint(
  checkpoints: Collection<ReactorCheckpoint>,
  reactor: string,
  lane: number,
): Promise<ReactorCheckpoint> {
  const _id = `${reactor}/${lane}`;
  const fresh = { reactor, lane, next: 0, last: null, updatedAt: new Date() };
  await checkpoints.updateOne({ _id }, { $setOnInsert: fresh }, { upsert: true });
  const row = await checkpoints.findOne({ _id });
  if (!row) throw new FencedError(`${_id} is gone again`);
  return row;
}

/** Moves a lane from one checkpoint on. @throws FencedError if another process has moved it. */
export async function advance(
  checkpoints: Collection<ReactorCheckpoint>,
  from: ReactorCheckpoint,
  to: Pick<ReactorCheckpoint, 'next' | 'last'>,
): Promise<ReactorCheckpoint> {
  const { _id, next } = from;
  const moved = { ...to, updatedAt: new Date() };
  const { matchedCount } = await checkpoints.updateOne({ _id, next }, { $set: moved });
  if (matchedCount !== 1) throw new FencedError(`${_id} was moved by somebody else`);
  return { ...from, ...moved };
}
