import { setImmediate as letOthersRun } from 'node:timers/promises';
import type { Collection, Db, Document as Fields } from 'mongodb';
import { changedBetween } from '../projector/changes.ts';
import { noProgress, type Progress } from './progress.ts';
import type { CopyModel, ViewCopy } from './view-copy.ts';

type Document = { _id: string };

/** How many documents are taken over before other work gets its turn. */
const takenAtOnce = 20;
const readAtOnce = 200;

/** One generation of a view in memory, kept up to date. */
export class GenerationCopy<Model extends CopyModel = CopyModel> {
  readonly generation: string;
  readonly #copy: ViewCopy<Model>;
  #model: Model | null = null;
  #progress = noProgress;
  #refreshing: Promise<void> | null = null;

  constructor(copy: ViewCopy<Model>, generation: string) {
    this.#copy = copy;
    this.generation = generation;
  }

  /** Null until it is loaded. */
  get model(): Model | null {
    return this.#model;
  }

  /** What the model has seen of the log. */
  get progress(): Progress {
    return this.#progress;
  }

  /**
   * Catches up if the generation has moved. Calls share a refresh that is under way.
   * @param progress read before the documents are, so that these are at least as new.
   */
  async follow(db: Db, progress: Progress, stop: AbortSignal): Promise<void> {
    if (this.#refreshing) return this.#refreshing;
    if (stop.aborted || this.isAt(progress)) return;
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
    const changed = this.#model && (await changedBetween(db, generation, from, progress.changes));
    const model = this.#model ?? this.#copy.make();
    const documents = db.collection<Document>(generation);
    const { projection = {} } = this.#copy;
    if (changed) await takeChanged(model, documents, projection, [...changed], stop);
    else await takeAll(model, documents, projection, stop);
    this.#progress = progress;
    this.#model = model;
  }
}

const isSame = <K>(one: ReadonlyMap<K, number>, other: ReadonlyMap<K, number>): boolean =>
  one.size === other.size && [...one].every(([key, value]) => other.get(key) === value);

async function takeChanged(
  model: CopyModel,
  documents: Collection<Document>,
  projection: Fields,
  changed: readonly string[],
  stop: AbortSignal,
): Promise<void> {
  for (let from = 0; from < changed.length; from += readAtOnce) {
    const ids = changed.slice(from, from + readAtOnce);
    await take(model, documents.find({ _id: { $in: ids } }, { projection }), new Set(ids), stop);
  }
}

/** Documents stream into the model, and never lie in memory all at once. */
const takeAll = (
  model: CopyModel,
  documents: Collection<Document>,
  projection: Fields,
  stop: AbortSignal,
): Promise<void> => {
  const all = documents.find({}, { projection, batchSize: readAtOnce });
  return take(model, all, new Set(model.ids()), stop);
};

/** @param gone ids that are removed from the model unless their documents are found. */
async function take(
  model: CopyModel,
  found: AsyncIterable<Document>,
  gone: Set<string>,
  stop: AbortSignal,
): Promise<void> {
  let taken = 0;
  for await (const document of found) {
    gone.delete(document._id);
    model.put(document);
    taken += 1;
    if (taken % takenAtOnce > 0) continue;
    await letOthersRun();
    stop.throwIfAborted();
  }
  for (const id of gone) model.remove(id);
}
