import type { ClientSession, Collection, Db } from 'mongodb';
import type { LastRecord } from '../following/last-record.ts';
import type { Offset } from '../log/log.ts';

/** How far one lane of a generation has come. Moves in the same transaction as its documents. */
export type Checkpoint = {
  /** `<generation>/<lane>`, as in `parcels.g1/0`. */
  _id: string;
  generation: string;
  lane: number;
  /** The offset read next, by topic (without prefix). */
  next: Record<string, Offset>;
  /** Raised by whoever else writes the lane's documents, so that its owner's cache is dropped. */
  turn: number;
  last: Record<string, LastRecord>;
  /** The Kafka timestamp of the newest record folded, in milliseconds; 0 before the first. */
  lastTime: number;
  updatedAt: Date;
  /** Until then nobody moves the lane: another generation is being switched to. */
  heldUntil?: Date;
};

/** Where a lane stands: what the compare-and-set compares, and what it sets. */
export type Standing = Pick<Checkpoint, 'next' | 'turn' | 'last' | 'lastTime'>;

/** The stored offsets are not those this chunk began at: somebody else moved the lane. */
export class FencedError extends Error {
  override name = 'FencedError';
}

/** Nobody moves the lane for a moment, since another generation is being switched to. */
export class HeldError extends Error {
  override name = 'HeldError';
}

export const checkpointsOf = (db: Db): Collection<Checkpoint> =>
  db.collection<Checkpoint>('checkpoints');

export const checkpointId = (generation: string, lane: number): string => `${generation}/${lane}`;

export const newStanding = (topics: readonly string[]): Standing => ({
  next: Object.fromEntries(topics.map((topic) => [topic, 0])),
  turn: 0,
  last: {},
  lastTime: 0,
});

/** Of a lane that is not held. Null comes before any time. */
export const isFree = { $lte: [{ $ifNull: ['$heldUntil', null] }, '$$NOW'] };

type Move = { id: string; from: Standing; to: Standing };

/** The checkpoint, where it still stands as somebody left it. */
const standsAt = ({ id, from }: Move) => {
  const same = Object.entries(from.next).map(([topic, next]) => [`next.${topic}`, next]);
  return { _id: id, turn: from.turn, ...Object.fromEntries(same) };
};

const moved = ({ to: { next, last, lastTime } }: Move) => ({
  $set: { next, last, lastTime, updatedAt: new Date() },
});

/**
 * Moves the lane from one standing to the next, if it still stands there: the fence of every
 * chunk. A zombie's compare matches nothing.
 * @throws FencedError, or HeldError where it stands as it should and may be moved again soon.
 */
export async function advance(
  checkpoints: Collection<Checkpoint>,
  move: Move,
  session: ClientSession,
): Promise<void> {
  const stands = standsAt(move);
  const free = { ...stands, $expr: isFree };
  const { matchedCount } = await checkpoints.updateOne(free, moved(move), { session });
  if (matchedCount === 1) return;
  if (await checkpoints.findOne(stands, { session })) throw new HeldError(`${move.id} is held`);
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
    updateOne: { filter: { ...standsAt(move), $expr: isFree }, update: moved(move) },
  }));
  const { matchedCount } = await checkpoints.bulkWrite(updates, { session });
  if (matchedCount < moves.length) throw new FencedError('a lane is held, or was moved');
}
