import { randomUUID } from 'node:crypto';
import type { Db } from 'mongodb';
import { viewId } from '../projector/generations/generations.ts';
import { tellGone, tellLoaded, toldEveryMs } from '../projector/generations/loaded-copies.ts';
import type { Pointer } from '../projector/generations/pointers.ts';
import { GenerationCopy } from './generation-copy.ts';
import type { Progress } from './progress.ts';
import type { KeptModel, ViewCopy } from './view-copy.ts';

type Loaded<Model extends KeptModel> = GenerationCopy<Model> & { readonly model: Model };

/** The generation that reads are answered from, once loaded; and another, to take its place. */
type Copies = { id: string; held: GenerationCopy | null; other: GenerationCopy | null };

/** A copy as operators see it. */
export type CopyState = {
  /** As in `parcels@1`. */
  view: string;
  /** That reads are answered from; null until it is loaded. */
  generation: string | null;
  /** For how long it is not known to have seen all that there is. */
  secondsBehind: number | null;
};

export type FollowedCopiesOptions = {
  stop: AbortSignal;
  /** Called in the moment in which a copy has seen more, or another one takes its place. */
  moved(): void;
};

/**
 * Keeps copies of views in memory. The generation that is to be served next is loaded beforehand,
 * and the switch waits for that, so that no read has to. Of each view there are two generations in
 * memory at most, and only around a switch.
 */
export class FollowedCopies {
  readonly #db: Db;
  readonly #options: FollowedCopiesOptions;
  readonly #copies: ReadonlyMap<ViewCopy, Copies>;
  #told = { copies: 0, what: '', at: Number.NEGATIVE_INFINITY };
  #isTelling = false;

  constructor(db: Db, copies: readonly ViewCopy[], options: FollowedCopiesOptions) {
    this.#db = db;
    this.#options = options;
    this.#copies = new Map(
      copies.map((copy) => [copy, { id: randomUUID(), held: null, other: null }]),
    );
  }

  get all(): ViewCopy[] {
    return [...this.#copies.keys()];
  }

  /** Whether all have been loaded, and switches know of them. */
  get areLoaded(): boolean {
    return this.#told.copies === this.#copies.size;
  }

  /** Null until loaded once. After a switch that didn't wait, it is of the generation before. */
  held<Model extends KeptModel>(copy: ViewCopy<Model>): Loaded<Model> | null {
    return (this.#copies.get(copy)?.held as Loaded<Model> | null | undefined) ?? null;
  }

  states(): CopyState[] {
    const now = performance.now();
    return [...this.#copies].map(([{ view }, { held }]) => ({
      view: viewId(view),
      generation: held?.generation ?? null,
      secondsBehind: held && Math.round(now - held.currentAt) / 1_000,
    }));
  }

  /** The models that reads are answered from now; null for those that are not loaded. */
  models(): ReadonlyMap<ViewCopy, KeptModel | null> {
    return new Map([...this.#copies].map(([copy, { held }]) => [copy, held?.model ?? null]));
  }

  /** Lets a copy catch up with these generations, as far as they are known to have come. */
  async follow(
    copy: ViewCopy,
    { active, next }: Pointer,
    progressOf: (generation: string) => Progress,
  ): Promise<void> {
    const copies = this.#copies.get(copy)!;
    const { stop, moved } = this.#options;
    const wanted = copies.held?.generation === active ? next : active;
    if (copies.other?.generation !== wanted) {
      copies.other = wanted === null ? null : new GenerationCopy(copy, wanted, moved);
    }
    const { held, other } = copies;
    const served = progressOf(active);
    const catchUp = (one: GenerationCopy) => {
      const progress = one.generation === active ? served : progressOf(one.generation);
      return one.follow(this.#db, progress, stop);
    };
    await Promise.all([held?.generation === active && catchUp(held), other && catchUp(other)]);
    if (!other || other !== copies.other || other.generation !== active) return;
    // A refresh that began before the switch may not have come as far as the generation before.
    // The next call makes its own, however fast the generation moves.
    if (!other.isAt(served)) return;
    Object.assign(copies, { held: other, other: null });
    moved();
  }

  /** Tells what is loaded, whenever that has changed, and now and then: switches wait for it. */
  async tell(): Promise<void> {
    const loaded = [...this.#copies].flatMap(([{ view }, { id, held, other }]) => {
      const all = [held, other].filter((one) => one?.model);
      const generations = all.map((one) => one!.generation);
      return generations.length > 0 ? { _id: id, view: viewId(view), generations } : [];
    });
    const [what, now] = [JSON.stringify(loaded), performance.now()];
    if (this.#isTelling || (what === this.#told.what && now - this.#told.at < toldEveryMs)) return;
    this.#isTelling = true;
    try {
      await Promise.all(loaded.map((one) => tellLoaded(this.#db, one)));
      this.#told = { copies: loaded.length, what, at: now };
    } finally {
      this.#isTelling = false;
    }
  }

  async close(): Promise<void> {
    await tellGone(
      this.#db,
      [...this.#copies.values()].map(({ id }) => id),
    );
  }
}
