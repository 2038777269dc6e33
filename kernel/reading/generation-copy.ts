import type { Collection, Db } from 'mongodb';
import { type Changed, changesBetween } from '../projector/changes.ts';
import { noProgress, type Progress } from './progress.ts';
import { takeAll, takeChanged } from './taking.ts';
import { type CopyModel, isByGroup, type KeptModel, type ViewCopy } from './view-copy.ts';

type Document = { _id: string };

/** One generation of a view in memory, kept up to date. */
export class GenerationCopy<Model extends KeptModel = KeptModel> {
  readonly generation: string;
  readonly #copy: ViewCopy<Model>;
  readonly #moved: () => void;
  #model: Model | null = null;
  #progress = noProgress;
  #currentAt = noProgress.readAt;
  #refreshing: Promise<void> | null = null;

  /** @param moved called in the moment in which it has seen more. */
  constructor(copy: ViewCopy<Model>, generation: string, moved: () => void = () => {}) {
    this.#copy = copy;
    this.generation = generation;
    this.#moved = moved;
  }

  /** Null until it is loaded. */
  get model(): Model | null {
    return this.#model;
  }

  /** What the model has seen of the log. */
  get progress(): Progress {
    return this.#progress;
  }

  /** When it is known to have seen all that the generation had, by `performance.now()`. */
  get currentAt(): number {
    return this.#currentAt;
  }

  /**
   * Catches up if the generation has moved. Calls share a refresh that is under way.
   * @param progress read before the documents are, so that these are at least as new.
   */
  async follow(db: Db, progress: Progress, stop: AbortSignal): Promise<void> {
    if (this.#refreshing) return this.#refreshing;
    if (stop.aborted) return;
    if (this.isAt(progress)) {
      this.#currentAt = Math.max(this.#currentAt, progress.readAt);
      return;
    }
    this.#refreshing = this.#refresh(db, progress, stop).finally(() => {
      this.#refreshing = null;
    });
    return this.#refreshing;
  }

  /** Whether it is loaded, and has seen just as much as the generation at this progress. */
  isAt({ next, changes }: Progress): boolean {
    if (!this.#model) return false;
    // A generation without offsets was dropped: keep what was read from it before.
    if (next.size === 0) return true;
    return isSame(this.#progress.next, next) && isSame(this.#progress.changes, changes);
  }

  async #refresh(db: Db, progress: Progress, stop: AbortSignal): Promise<void> {
    const { generation } = this;
    const from = this.#progress.changes;
    const changes = this.#model && (await changesBetween(db, generation, from, progress.changes));
    const model = this.#model ?? this.#copy.make();
    if (isByGroup(this.#copy)) removeGroups(model, changes);
    else await this.#take(model as unknown as CopyModel, db.collection(generation), changes, stop);
    this.#progress = progress;
    this.#currentAt = progress.readAt;
    this.#model = model;
    this.#moved();
  }

  /** Takes the documents that have changed; all of them if that is not known. */
  async #take(
    model: CopyModel,
    from: Collection<Document>,
    changes: readonly Changed[] | null,
    stop: AbortSignal,
  ): Promise<void> {
    const taking = { from, ...this.#copy, stop };
    if (!changes) return takeAll(model, taking);
    await takeChanged(model, taking, [...new Set(changes.flatMap(({ ids }) => ids))]);
  }
}

/** Removes what has changed; all groups if that is not known. */
function removeGroups(model: KeptModel, changes: readonly Changed[] | null): void {
  if (!changes) for (const group of model.ids()) model.remove(group);
  for (const { ids, documents } of changes ?? []) {
    for (const [at, group] of ids.entries()) model.remove(group, documents?.[at]);
  }
}

const isSame = <K>(one: ReadonlyMap<K, number>, other: ReadonlyMap<K, number>): boolean =>
  one.size === other.size && [...one].every(([key, value]) => other.get(key) === value);
