import type { ClientSession, Collection, Db } from 'mongodb';
import type { LastRecord } from '../following/last-record.ts';
import type { Offset } from '../log/log.ts';

/** One lane's progress in a generation; stored in the same transaction as its documents. */
export type Checkpoint = {
  /** `<generation>/<lane>`, as in `parcels.g1/0`. */
  _id: string;
  generation: string;
  lane: number;
  /** The offset read next, by topic (without prefix). */
  next: Record<string, Offset>;
  /** Raised by any other writer of the lane's documents, so that the owner drops its cache. */
  turn: number;
  /** How often the lane's documents were changed; counted if queries keep copies of the view. */
  changes: number;
  last: Record<string, LastRecord>;
  /** The Kafka timestamp of the newest record folded, in milliseconds; 0 before the first. */
  lastTime: number;
  updatedAt: Date;
  /** The lane may not be moved before this time: another generation is being switched to. */
  heldUntil?: Date;
};

/** The part of a checkpoint that the compare-and-set compares, and sets. */
export type LaneProgress = Pick<Checkpoint, 'next' | 'turn' | 'changes' | 'last' | 'lastTime'>;

/** The stored offsets are not those that this chunk began at: another process moved the lane. */
export class FencedError extends Error {
  override name = 'FencedError';
}

/** The lane may not be moved for a moment: another generation is being switched to. */
export class HeldError extends Error {
  override name = 'HeldError';
}

export const checkpointsOf = (db: Db): Collection<Checkpoint> =>
  db.collection<Checkpoint>('checkpoints');

export const checkpointId = (generation: string, lane: number): string => `${generation}/${lane}`;

export const initialProgress = (topics: readonly string[]): LaneProgress => ({
  next: Object.fromEntries(topics.map((topic) => [topic, 0])),
  turn: 0,
  changes: 0,
  last: {},
  lastTime: 0,
});

/** An expression that is true for a lane that is not held: null sorts before any time. */
export const isFree = { $lte: [{ $ifNull: ['$heldUntil', null] }, '$$NOW'] };

type Move = { id: string; from: LaneProgress; to: LaneProgress };

/** Matches the checkpoint only if it is still at `from`. */
const isAtFrom = ({ id, from }: Move) => {
  const same = Object.entries(from.next).map(([topic, next]) => [`next.${topic}`, next]);
  return { _id: id, turn: from.turn, ...Object.fromEntries(same) };
};

const moved = ({ to: { next, changes, last, lastTime } }: Move) => ({
  $set: { next, changes, last, lastTime, updatedAt: new Date() },
});

/**
 * Moves the lane from `from` to `to`, if it is still at `from`: the fence of every chunk. For an
 * owner that lost the lane without noticing, the comparison matches nothing.
 * @throws FencedError if the lane is elsewhere, HeldError if it may not be moved for a moment.
 */
export async function advance(
  checkpoints: Collection<Checkpoint>,
  move: Move,
  session: ClientSession,
): Promise<void> {
  const unmoved = isAtFrom(move);
  const free = { ...unmoved, $expr: isFree };
  const { matchedCount } = await checkpoints.updateOne(free, moved(move), { session });
  if (matchedCount === 1) return;
  if (await checkpoints.findOne(unmoved, { session })) throw new HeldError(`${move.id} is held`);
  throw new FencedError(`${move.id} was moved by somebody else`);
}

/**
 * Moves several lanes, if each may be moved.
 * @throws FencedError if any may not; `advance` tells which, and why.
 */
export async function advanceAll(
  checkpoints: Collection<Checkpoint>,
  moves: readonly Move[],
  session: ClientSession,
): Promise<void> {
  const updates = moves.map((move) => ({
    updateOne: { filter: { ...isAtFrom(move), $expr: isFree }, update: moved(move) },
  }));
  const { matchedCount } = await checkpoints.bulkWrite(updates, { session });
  if (matchedCount < moves.length) throw new FencedError('a lane is held, or was moved');
}
