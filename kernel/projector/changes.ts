import type { AnyBulkWriteOperation, ClientSession, Collection, Db } from 'mongodb';
import type { View } from '../view.ts';
import type { Document, Slot } from './fold.ts';

/**
 * The documents that one step of a lane has changed, of a view that queries keep copies of. It is
 * stored in the step's transaction, so that copies read only what has changed.
 */
export type Change = {
  /** `<generation>/<lane>/<number>`; a lane's changes are numbered from 1 without a gap. */
  _id: string;
  /** Or the names of their groups, of a view that is copied by group. */
  ids: readonly string[];
};

export type LaneChange = {
  /** The id of the lane's checkpoint. */
  checkpoint: string;
  /** The checkpoint's `changes` after the step. */
  number: number;
  /** If there is none, nothing is stored. */
  ids: readonly string[];
};

/** A copy that lies further behind reads all documents. */
const keptChanges = 1_000;

export const changesOf = (db: Db): Collection<Change> => db.collection<Change>('changes');

const changeId = (checkpoint: string, number: number) => `${checkpoint}/${number}`;

/** What copies of the view have to know of these documents; nothing of a view without copies. */
export function changedIn(
  { copied }: Pick<View, 'copied'>,
  changed: readonly (readonly [id: string, slot: Slot])[],
): string[] {
  if (!copied) return [];
  if (copied === true) return changed.map(([id]) => id);
  const documents = changed.flatMap(([, { before, document }]) => [before, document]);
  const groups = documents.flatMap((one) =>
    one ? [String(one[copied.by as keyof Document])] : [],
  );
  return [...new Set(groups)];
}

/** Stores changes, each in place of an old one. */
export async function recordChanges(
  changes: Collection<Change>,
  made: readonly LaneChange[],
  session: ClientSession,
): Promise<void> {
  const writes = made
    .filter(({ ids }) => ids.length > 0)
    .flatMap(({ checkpoint, number, ids }): AnyBulkWriteOperation<Change>[] => [
      { insertOne: { document: { _id: changeId(checkpoint, number), ids } } },
      { deleteOne: { filter: { _id: changeId(checkpoint, number - keptChanges) } } },
    ]);
  if (writes.length > 0) await changes.bulkWrite(writes, { session, ordered: false });
}

/** How many changes each lane has had. */
export type ChangeCounts = ReadonlyMap<number, number>;

/**
 * The ids of the documents that were changed in between.
 * @returns null if that is not known any more.
 */
export async function changedBetween(
  db: Db,
  generation: string,
  from: ChangeCounts,
  to: ChangeCounts,
): Promise<Set<string> | null> {
  const wanted: string[] = [];
  for (const [lane, last] of to) {
    const first = (from.get(lane) ?? Number.NEGATIVE_INFINITY) + 1;
    if (last < first - 1 || last - first >= keptChanges) return null;
    for (let number = first; number <= last; number += 1) {
      wanted.push(changeId(`${generation}/${lane}`, number));
    }
  }
  if (wanted.length === 0) return new Set();
  const found = await changesOf(db)
    .find({ _id: { $in: wanted } })
    .toArray();
  return found.length === wanted.length ? new Set(found.flatMap(({ ids }) => ids)) : null;
}

/** Forgets the changes of a generation. */
export async function forgetChanges(db: Db, generation: string): Promise<void> {
  // In the order of text, 0 comes right after the slash.
  const isOfGeneration = { $gte: `${generation}/`, $lt: `${generation}0` };
  await changesOf(db).deleteMany({ _id: isOfGeneration });
}
