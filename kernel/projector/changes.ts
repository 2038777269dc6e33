import type { AnyBulkWriteOperation, ClientSession, Collection, Db } from 'mongodb';
import type { View } from '../view.ts';
import type { Document, Slot } from './fold.ts';

/**
 * The documents that one step of a lane has changed, of a view that queries keep copies of. It is
 * stored in the step's transaction, so that copies read only what has changed.
 */
export type Change = Changed & {
  /** `<generation>/<lane>/<number>`; a lane's changes are numbered from 1 without a gap. */
  _id: string;
};

/** What has changed; nothing is stored if `ids` is empty. */
export type Changed = {
  /** Or the names of their groups, of a view that is copied by group. */
  ids: readonly string[];
  /** The ids of the documents of each group, of a view that is copied by group. */
  documents?: readonly (readonly string[])[];
};

export type LaneChange = Changed & {
  /** The id of the lane's checkpoint. */
  checkpoint: string;
  /** The checkpoint's `changes` after the step. */
  number: number;
};

/** Who lies further behind reads all documents: a copy, or a client of a live stream. */
const keptChanges = 5_000;

export const changesOf = (db: Db): Collection<Change> => db.collection<Change>('changes');

const changeId = (checkpoint: string, number: number) => `${checkpoint}/${number}`;

/** What is stored of these documents' changes; nothing of a view without copies. */
export function changedIn(
  { copied }: Pick<View, 'copied'>,
  changed: readonly (readonly [id: string, slot: Slot])[],
): Changed {
  if (!copied) return { ids: [] };
  if (copied === true) return { ids: changed.map(([id]) => id) };
  const { by } = copied;
  const groups = new Map<string, Set<string>>();
  for (const [id, { before, document }] of changed) {
    for (const one of [before, document]) {
      if (!one) continue;
      const group = String(one[by as keyof Document]);
      groups.set(group, (groups.get(group) ?? new Set()).add(id));
    }
  }
  return { ids: [...groups.keys()], documents: [...groups.values()].map((ids) => [...ids]) };
}

/** Stores changes, each in place of an old one. */
export async function recordChanges(
  changes: Collection<Change>,
  made: readonly LaneChange[],
  session: ClientSession,
): Promise<void> {
  const writes = made
    .filter(({ ids }) => ids.length > 0)
    .flatMap(({ checkpoint, number, ...changed }): AnyBulkWriteOperation<Change>[] => [
      { insertOne: { document: { _id: changeId(checkpoint, number), ...changed } } },
      { deleteOne: { filter: { _id: changeId(checkpoint, number - keptChanges) } } },
    ]);
  if (writes.length > 0) await changes.bulkWrite(writes, { session, ordered: false });
}

/** How many changes each lane has had. */
export type ChangeCounts = ReadonlyMap<number, number>;

/**
 * The changes in between of all lanes.
 * @returns null if they are not known any more.
 */
export async function changesBetween(
  db: Db,
  generation: string,
  from: ChangeCounts,
  to: ChangeCounts,
): Promise<Change[] | null> {
  const wanted: string[] = [];
  for (const [lane, last] of to) {
    const first = (from.get(lane) ?? Number.NEGATIVE_INFINITY) + 1;
    if (last < first - 1 || last - first >= keptChanges) return null;
    for (let number = first; number <= last; number += 1) {
      wanted.push(changeId(`${generation}/${lane}`, number));
    }
  }
  if (wanted.length === 0) return [];
  const found = await changesOf(db)
    .find({ _id: { $in: wanted } })
    .toArray();
  return found.length === wanted.length ? found : null;
}

/** Forgets the changes of a generation. */
export async function forgetChanges(db: Db, generation: string): Promise<void> {
  // In the order of text, 0 comes right after the slash.
  const isOfGeneration = { $gte: `${generation}/`, $lt: `${generation}0` };
  await changesOf(db).deleteMany({ _id: isOfGeneration });
}
