import type { Db } from 'mongodb';
import { asOfsIn } from './as-of-documents.ts';

/**
 * The name of a generation, from before its collection is made or renamed until the view's row or
 * an as-of has it, or until it is dropped. So no collection is left that nobody knows of when a
 * process dies in between.
 */
export type Reservation = { generation: string; since: Date };

type Row = { _id: string; reserved?: Reservation[]; retired?: string[] };
const rowsOf = (db: Db) => db.collection<Row>('read_models');

/** Longer than anybody takes who is alive. Whoever takes longer finds the name gone, and stops. */
const abandonedAfterMs = 60_000;
const majority = { writeConcern: { w: 'majority' as const } };

const orElse = (field: string, value: unknown) => ({ $ifNull: [field, { $literal: value }] });
const reserved = orElse('$reserved', []);
const retired = orElse('$retired', []);

/** @param id of the view's row, which is made if there is none. */
export async function reserve(
  db: Db,
  id: string,
  view: { name: string; version: number },
  generation: string,
): Promise<void> {
  const none = {
    ...{ active: orElse('$active', null), building: orElse('$building', null) },
    ...{ kept: orElse('$kept', []), previous: orElse('$previous', null), retired },
    switchedAt: orElse('$switchedAt', null),
  };
  const one = [{ generation: { $literal: generation }, since: '$$NOW' }];
  const all = { reserved: { $concatArrays: [reserved, one] } };
  const { name, version } = view;
  await rowsOf(db).updateOne({ _id: id }, [{ $set: { view: name, version, ...none, ...all } }], {
    ...{ upsert: true, ...majority },
  });
}

/** A condition for the update that puts a name into the row: it was not taken for abandoned. */
export const isReserved = (generation: string) => ({ 'reserved.generation': generation });

/** The part of that update that ends the reservation, in a pipeline. */
export const withoutReservation = (generation: string) => ({
  reserved: {
    $filter: { input: reserved, cond: { $ne: ['$$this.generation', { $literal: generation }] } },
  },
});

/** @returns false if the name was taken for abandoned. */
export async function unreserve(db: Db, id: string, generation: string): Promise<boolean> {
  const { modifiedCount } = await rowsOf(db).updateOne(
    { _id: id, ...isReserved(generation) },
    { $pull: { reserved: { generation } } },
    majority,
  );
  return modifiedCount === 1;
}

/** Retires what was reserved by processes that have died since. */
export async function retireAbandoned(db: Db, id: string): Promise<void> {
  const asOfs = await asOfsIn(db).find().toArray();
  const inUse = asOfs.flatMap(({ views }) => views.map(({ generation }) => generation));
  const before = { $subtract: ['$$NOW', abandonedAfterMs] };
  const old = { $filter: { input: reserved, cond: { $lt: ['$$this.since', before] } } };
  const names = { $map: { input: old, in: '$$this.generation' } };
  const orphans = { $setDifference: [names, { $literal: inUse }] };
  const young = { $filter: { input: reserved, cond: { $gte: ['$$this.since', before] } } };
  await rowsOf(db).updateOne({ _id: id }, [
    { $set: { retired: { $setUnion: [retired, orphans] }, reserved: young } },
  ]);
}
