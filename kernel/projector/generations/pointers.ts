import type { Db } from 'mongodb';
import { readModelsOf } from './generations.ts';

/** The generation that serves a view, and the one that is to be served next, if it is known. */
export type Pointer = { active: string; next: string | null };

export const generationsIn = (pointers: ReadonlyMap<string, Pointer>): string[] =>
  [...pointers.values()].flatMap(({ active, next }) => (next ? [active, next] : [active]));

/** The pointers of these views, by view id; of those that are served. */
export async function pointersOf(
  db: Db,
  ids: readonly string[],
): Promise<ReadonlyMap<string, Pointer>> {
  const isStillSo = { $gt: ['$announced.until', '$$NOW'] };
  const next = { $cond: [isStillSo, '$announced.generation', null] };
  const rows = await readModelsOf(db)
    .find({ _id: { $in: [...ids] }, active: { $ne: null } })
    .project<Pointer & { _id: string }>({ active: 1, next })
    .toArray();
  return new Map(
    rows.map(({ _id, active, next }) => [_id, { active, next: next === active ? null : next }]),
  );
}

const majority = { writeConcern: { w: 'majority' as const } };

/** Says which generation of a view is to be served next, for so long at most. */
export async function announce(
  db: Db,
  id: string,
  generation: string,
  forMs: number,
): Promise<void> {
  const announced = { generation: { $literal: generation }, until: { $add: ['$$NOW', forMs] } };
  await readModelsOf(db).updateOne({ _id: id }, [{ $set: { announced } }], majority);
}

/** Takes back what was announced, unless another generation has been announced since. */
export async function unannounce(db: Db, id: string, generation: string): Promise<void> {
  const own = { _id: id, 'announced.generation': generation };
  await readModelsOf(db).updateOne(own, { $unset: { announced: 1 } }, majority);
}
