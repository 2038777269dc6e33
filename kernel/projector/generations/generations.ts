import type { ClientSession, Collection, Db } from 'mongodb';
import type { View } from '../../view.ts';
import { forgetChanges } from '../changes.ts';
import { checkpointId, checkpointsOf } from '../checkpoint.ts';
import { deadLettersOf } from '../dead-letters/dead-letters.ts';
import {
  isReserved,
  type Reservation,
  reserve,
  retireAbandoned,
  unreserve,
  withoutReservation,
} from './reservations.ts';

/** The generations of a view version. Switching is one atomic update of this document. */
export type ReadModel = {
  /** `<view>@<version>`, as in `parcels@1`. */
  _id: string;
  view: string;
  version: number;
  /** Names of collections, as in `parcels.g1`. */
  active: string | null;
  /** Not complete yet; the holder of the `builder` lease goes on with it. */
  building: string | null;
  /** Complete, until they are switched to or dropped by hand. */
  kept?: string[];
  /** The generation that was active before: rollback goes back to it. */
  previous: string | null;
  /** No longer needed since the last switch; dropped when no query can be reading them. */
  retired?: string[];
  reserved?: Reservation[];
  /** To be served once copies of it are loaded, unless that takes until this time. */
  announced?: { generation: string; until: Date };
  switchedAt: Date | null;
};

type Counter = { _id: string; last: number };

export const readModelsOf = (db: Db): Collection<ReadModel> =>
  db.collection<ReadModel>('read_models');

export const viewId = ({ name, version }: Pick<View, 'name' | 'version'>): string =>
  `${name}@${version}`;

/**
 * Longer than an answer in one piece may take; one in lines may take longer, and looks in the end
 * whether its generations are still there. Nothing is dropped so soon after it was served.
 */
export const readForMs = 10_000;
const majority = { writeConcern: { w: 'majority' as const } };
/** A list of generations that a row may lack. */
const listed = (list: string) => ({ $ifNull: [list, []] });
const without = (list: string, generation: string) => ({
  $setDifference: [listed(list), [generation]],
});

/** The generations of one view version: begins, resumes, keeps, serves and drops them. */
export class Generations {
  readonly #db: Db;
  readonly #view: View;

  constructor(db: Db, view: View) {
    this.#db = db;
    this.#view = view;
  }

  get id(): string {
    return viewId(this.#view);
  }

  async read(): Promise<ReadModel | null> {
    return readModelsOf(this.#db).findOne({ _id: this.id });
  }

  /**
   * Makes an empty generation, in place of one that was being built.
   * @throws Error if it took so long that somebody thought this process dead.
   */
  async begin(): Promise<string> {
    const generation = await newGeneration(this.#db, this.#view);
    const replaced = { $cond: [{ $ne: ['$building', null] }, ['$building'], []] };
    const before = await readModelsOf(this.#db).findOneAndUpdate(
      { _id: this.id, ...isReserved(generation) },
      [
        {
          $set: {
            building: generation,
            retired: { $setUnion: [listed('$retired'), replaced] },
            ...withoutReservation(generation),
          },
        },
      ],
      { returnDocument: 'before', ...majority },
    );
    if (!before) throw new Error(`${generation} was taken for abandoned`);
    if (before.building) await this.#discardRetired(before.building);
    return generation;
  }

  /** Takes over the generation being built, and fences its builder. @returns null if none is. */
  async resume(): Promise<string | null> {
    const building = (await this.read())?.building;
    const generation = building && (await takenOver(this.#db, this.#view, building));
    if (!generation) return null;
    const { matchedCount } = await readModelsOf(this.#db).updateOne(
      { _id: this.id, building, ...isReserved(generation) },
      [{ $set: { building: generation, ...withoutReservation(generation) } }],
      majority,
    );
    if (matchedCount === 1) return generation;
    await discardReserved(this.#db, this.#view, generation);
    return null;
  }

  /** Marks a complete generation as kept. @returns false if it is not being built any more. */
  async keep(generation: string): Promise<boolean> {
    const { matchedCount } = await readModelsOf(this.#db).updateOne(
      { _id: this.id, building: generation },
      { $set: { building: null }, $push: { kept: generation } },
      majority,
    );
    return matchedCount === 1;
  }

  /**
   * Serves a generation from now on.
   * @param instead the generation that has to be the served one until then.
   * @returns false if another one was served, or the generation is not this view's any more.
   */
  async activate(
    generation: string,
    instead?: { active: string | null; session: ClientSession },
  ): Promise<boolean> {
    const known = [{ building: generation }, { kept: generation }, { previous: generation }];
    const isOther = { $ne: ['$previous', generation] };
    const gone = { $and: [isOther, { $ne: ['$previous', null] }] };
    const { matchedCount } = await readModelsOf(this.#db).updateOne(
      { _id: this.id, ...(instead && { active: instead.active }), $or: known },
      [
        {
          $set: {
            active: generation,
            building: { $cond: [{ $eq: ['$building', generation] }, null, '$building'] },
            kept: without('$kept', generation),
            previous: '$active',
            retired: {
              $setUnion: [without('$retired', generation), { $cond: [gone, ['$previous'], []] }],
            },
            switchedAt: '$$NOW',
          },
        },
      ],
      instead ? { session: instead.session } : majority,
    );
    return matchedCount === 1;
  }

  async createIndexes(generation: string): Promise<void> {
    const indexes = [...this.#view.indexes];
    if (indexes.length > 0) await this.#db.collection(generation).createIndexes(indexes);
  }

  /** Drops a generation that is not served. @returns false if there is none of this name. */
  async drop(generation: string): Promise<boolean> {
    const all = { $concatArrays: [['$building', '$previous'], listed('$kept')] };
    const isKnown = { $in: [generation, all] };
    const before = await readModelsOf(this.#db).findOneAndUpdate(
      { _id: this.id, active: { $ne: generation } },
      [
        {
          $set: {
            building: { $cond: [{ $eq: ['$building', generation] }, null, '$building'] },
            kept: without('$kept', generation),
            previous: { $cond: [{ $eq: ['$previous', generation] }, null, '$previous'] },
            retired: {
              $setUnion: [listed('$retired'), { $cond: [isKnown, [generation], []] }],
            },
          },
        },
      ],
      { returnDocument: 'before', ...majority },
    );
    if (!before || !generationsOf(before).includes(generation)) return false;
    // Queries that began before the last switch may be reading it still.
    if (before.previous === generation) await this.sweep();
    else await this.#discardRetired(generation);
    return true;
  }

  /**
   * Drops retired generations, once every query that began before the switch has ended, and those
   * that a process left behind when it died.
   */
  async sweep(): Promise<void> {
    await retireAbandoned(this.#db, this.id);
    const row = await readModelsOf(this.#db).findOne({
      _id: this.id,
      $expr: { $lt: ['$switchedAt', { $subtract: ['$$NOW', readForMs] }] },
    });
    for (const generation of row?.retired ?? []) await this.#discardRetired(generation);
  }

  async #discardRetired(generation: string): Promise<void> {
    await discard(this.#db, generation);
    await readModelsOf(this.#db).updateOne({ _id: this.id }, { $pull: { retired: generation } });
  }
}

/** All generations of a view version, in whichever state. */
export const generationsOf = ({ active, building, kept, previous, retired }: ReadModel): string[] =>
  [active, building, previous, ...(kept ?? []), ...(retired ?? [])].filter((one) => one !== null);

/**
 * Creates an empty collection with a new number, so that no transaction has to create it. Its name
 * is reserved.
 */
export async function newGeneration(db: Db, view: View): Promise<string> {
  const generation = await newName(db, view);
  await db.createCollection(generation);
  return generation;
}

async function newName(db: Db, view: View): Promise<string> {
  const { name } = view;
  const counter = await db
    .collection<Counter>('generations')
    .findOneAndUpdate(
      { _id: name },
      { $inc: { last: 1 } },
      { upsert: true, returnDocument: 'after', ...majority },
    );
  const generation = `${name}.g${counter!.last}`;
  await reserve(db, viewId(view), view, generation);
  return generation;
}

/**
 * Renames a generation that another process was building. If that process only slept, its bulk
 * inserts go into a collection that nobody reads, so they need no transaction. The checkpoints are
 * renamed first: they fence its transactions. The new name is reserved.
 * @returns null if the collection is gone.
 */
export async function takenOver(db: Db, view: View, from: string): Promise<string | null> {
  const to = await newName(db, view);
  await db.client.withSession((session) =>
    session.withTransaction(async () => {
      const rows = await checkpointsOf(db).find({ generation: from }, { session }).toArray();
      const letters = await deadLettersOf(db).find({ generation: from }, { session }).toArray();
      const moved = { generation: to };
      if (rows.length > 0) {
        const copies = rows.map((row) => ({ ...row, _id: checkpointId(to, row.lane), ...moved }));
        await checkpointsOf(db).insertMany(copies, { session });
        await checkpointsOf(db).deleteMany({ generation: from }, { session });
      }
      if (letters.length > 0) {
        const renamed = (id: string) => to + id.slice(from.length);
        const copies = letters.map((one) => ({ ...one, _id: renamed(one._id), ...moved }));
        await deadLettersOf(db).insertMany(copies, { session });
        await deadLettersOf(db).deleteMany({ generation: from }, { session });
      }
    }, majority),
  );
  try {
    await db.collection(from).rename(to);
    return to;
  } catch (error) {
    if ((error as { codeName?: string }).codeName !== 'NamespaceNotFound') throw error;
    await discardReserved(db, view, to);
    return null;
  }
}

async function discardReserved(db: Db, view: View, generation: string): Promise<void> {
  await discard(db, generation);
  await unreserve(db, viewId(view), generation);
}

/**
 * Drops a generation that nobody serves or builds. Its checkpoints go first: whoever finds them in
 * a snapshot finds its documents there, too.
 */
export async function discard(db: Db, generation: string): Promise<void> {
  await checkpointsOf(db).deleteMany({ generation });
  await db.collection(generation).drop();
  await deadLettersOf(db).deleteMany({ generation });
  await forgetChanges(db, generation);
}
