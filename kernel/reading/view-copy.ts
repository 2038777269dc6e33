import { setImmediate as letOthersRun } from 'node:timers/promises';
import type { Collection, Db, Document as Fields } from 'mongodb';
import { changedBetween } from '../projector/changes.ts';
import type { View } from '../view.ts';
import type { Progress } from './progress.ts';

type Document = { _id: string };

/** A view's documents in this process's memory, in a shape that answers fast. */
export type CopyModel<D extends Document = Document> = {
  /** Takes a document that is new or has changed. */
  put(document: D): void;
  /** Does nothing for an id it doesn't have. */
  remove(id: string): void;
  /** The ids of the documents it has. */
  ids(): Iterable<string>;
};

/** A view that is kept in memory too, and the model that keeps it. */
export type ViewCopy<Model extends CopyModel = CopyModel> = {
  view: View<Document>;
  /** Makes an empty model. */
  make(): Model;
  /** Leaves out fields that the model doesn't need, such as `{ history: 0 }`. */
  projection?: Fields;
};

/**
 * Lets a view's document type flow into its copy.
 * @throws if the view is not `copied`.
 */
export function viewCopy<D extends Document, Model extends CopyModel<D>>(
  definition: { view: View<D> } & Pick<ViewCopy<Model>, 'make' | 'projection'>,
): ViewCopy<Model> {
  const { name, copied } = definition.view;
  if (!copied) throw new Error(`A copy of ${name} needs \`copied: true\` in its view.`);
  return definition;
}

type Held<Model> = Progress & { generation: string; model: Model };

/** How many documents are taken over before other work gets its turn. */
const takenAtOnce = 20;
const readAtOnce = 200;

/** Keeps a copy up to date with the generation that serves its view. */
export class FollowedCopy<Model extends CopyModel = CopyModel> {
  readonly #copy: ViewCopy<Model>;
  #held: Held<Model> | null = null;
  #refreshing: Promise<void> | null = null;

  constructor(copy: ViewCopy<Model>) {
    this.#copy = copy;
  }

  /** Null until loaded once. After a switch it is of the previous generation for a moment. */
  get held(): Readonly<Held<Model>> | null {
    return this.#held;
  }

  /**
   * Catches up if the generation has moved. Calls share a refresh that is under way.
   * @param progress read before the documents are, so that these are at least as new.
   */
  async follow(db: Db, generation: string, progress: Progress, stop: AbortSignal): Promise<void> {
    if (this.#refreshing) return this.#refreshing;
    if (stop.aborted || this.#isAt(generation, progress)) return;
    this.#refreshing = this.#refresh(db, generation, progress, stop).finally(() => {
      this.#refreshing = null;
    });
    return this.#refreshing;
  }

  #isAt(generation: string, { next, changes }: Progress): boolean {
    const held = this.#held;
    if (held?.generation !== generation) return false;
    // A generation without offsets was dropped: keep what was read from it before.
    return next.size === 0 || (isSame(held.next, next) && isSame(held.changes, changes));
  }

  async #refresh(db: Db, generation: string, progress: Progress, stop: AbortSignal): Promise<void> {
    const held = this.#held?.generation === generation ? this.#held : null;
    const changed = held && (await changedBetween(db, generation, held.changes, progress.changes));
    const model = held?.model ?? this.#copy.make();
    const documents = db.collection<Document>(generation);
    const { projection = {} } = this.#copy;
    if (changed) await takeChanged(model, documents, projection, [...changed], stop);
    else await takeAll(model, documents, projection, stop);
    this.#held = { ...progress, generation, model };
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
