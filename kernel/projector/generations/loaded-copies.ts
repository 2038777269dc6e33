import type { Collection, Db } from 'mongodb';

/** A copy of a view in some process's memory. Switches wait until it has the next generation. */
export type LoadedCopy = {
  _id: string;
  /** As in `parcels@1`. */
  view: string;
  generations: readonly string[];
  seenAt: Date;
};

/** How often a process tells of its copies, at least. */
export const toldEveryMs = 2_000;
/** A copy that is silent for longer is gone. */
const silentAfterMs = 10_000;

export const loadedCopiesOf = (db: Db): Collection<LoadedCopy> =>
  db.collection<LoadedCopy>('loaded_copies');

/** Tells which generations a copy has loaded. */
export async function tellLoaded(
  db: Db,
  { _id, view, generations }: Omit<LoadedCopy, 'seenAt'>,
): Promise<void> {
  const told = { view, generations: { $literal: generations }, seenAt: '$$NOW' };
  await loadedCopiesOf(db).updateOne({ _id }, [{ $set: told }], { upsert: true });
}

export async function tellGone(db: Db, ids: readonly string[]): Promise<void> {
  await loadedCopiesOf(db).deleteMany({ _id: { $in: [...ids] } });
}

/** Whether all copies of the view have this generation. */
export async function isLoadedByAll(db: Db, view: string, generation: string): Promise<boolean> {
  const isThere = { $gt: ['$seenAt', { $subtract: ['$$NOW', silentAfterMs] }] };
  const lacking = { view, generations: { $ne: generation }, $expr: isThere };
  return (await loadedCopiesOf(db).findOne(lacking)) === null;
}
