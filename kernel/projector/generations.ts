import type { Collection, Db } from 'mongodb';
import type { View } from '../view.ts';

/** Which generations of a view version there are. Switching is one atomic update of this. */
export type ReadModel = {
  /** `<view>@<version>`, as in `rankings@1`. */
  _id: string;
  view: string;
  version: number;
  /** Names of collections, as in `rankings.g1`. */
  active: string | null;
  building: string | null;
  previous: string | null;
  switchedAt: Date | null;
};

type Counter = { _id: string; last: number };

export const readModelsOf = (db: Db): Collection<ReadModel> =>
  db.collection<ReadModel>('read_models');

export const viewId = ({ name, version }: Pick<View, 'name' | 'version'>): string =>
  `${name}@${version}`;

/** The generations of one view version, as whoever builds them sees them. */
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
   * Makes an empty generation with a number never used before, in place of any that was being
   * built. Collections are made here, since transactions should not.
   */
  async begin(): Promise<string> {
    const counter = await this.#db
      .collection<Counter>('generations')
      .findOneAndUpdate(
        { _id: this.#view.name },
        { $inc: { last: 1 } },
        { upsert: true, returnDocument: 'after', writeConcern: { w: 'majority' } },
      );
    const generation = `${this.#view.name}.g${counter!.last}`;
    await this.#db.createCollection(generation);
    const { name: view, version } = this.#view;
    const before = await readModelsOf(this.#db).findOneAndUpdate(
      { _id: this.id },
      {
        $set: { view, version, building: generation },
        $setOnInsert: { active: null, previous: null, switchedAt: null },
      },
      { upsert: true, returnDocument: 'before', writeConcern: { w: 'majority' } },
    );
    if (before?.building) await this.discard(before.building);
    return generation;
  }

  /**
   * Serves a generation from now on.
   * @returns false when it is not the one being built any more.
   */
  async activate(generation: string): Promise<boolean> {
    const before = await readModelsOf(this.#db).findOneAndUpdate(
      { _id: this.id, building: generation },
      [
        {
          $set: {
            active: generation,
            building: null,
            previous: '$active',
            switchedAt: '$$NOW',
          },
        },
      ],
      { returnDocument: 'before', writeConcern: { w: 'majority' } },
    );
    if (!before) return false;
    if (before.previous) await this.discard(before.previous);
    return true;
  }

  async createIndexes(generation: string): Promise<void> {
    const indexes = [...this.#view.indexes];
    if (indexes.length > 0) await this.#db.collection(generation).createIndexes(indexes);
  }

  /** Drops a generation that nobody serves or builds. */
  async discard(generation: string): Promise<void> {
    await this.#db.collection(generation).drop();
    await this.#db.collection('checkpoints').deleteMany({ generation });
    await this.#db.collection('dead_letters').deleteMany({ generation });
  }
}
