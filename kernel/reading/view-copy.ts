import { setImmediate as letOthersRun } from 'node:timers/promises';
import type { Collection } from 'mongodb';
import type { View } from '../view.ts';
import type { Progress } from './progress.ts';

/** A document whose version is raised whenever it changes. */
type Versioned = { _id: string; version: number };

/** A view's documents in this process's memory, in a shape that answers fast. */
export type CopyModel<Document extends Versioned = Versioned> = {
  /** Takes a document that is new or has changed. */
  put(document: Document): void;
  /** Does nothing for an id it doesn't have. */
  remove(id: string): void;
};

/** A view that is kept in memory too, and the model that keeps it. */
export type ViewCopy<Model extends CopyModel = CopyModel> = {
  view: View<Versioned>;
  /** Makes an empty model. */
  make(): Model;
};

/** Lets a view's document type flow into its copy. */
export const viewCopy = <Document extends Versioned, Model extends CopyModel<Document>>(
  definition: { view: View<Document> } & Pick<ViewCopy<Model>, 'make'>,
): ViewCopy<Model> => definition;

type Held<Model> = Progress & {
  generation: string;
  model: Model;
  versions: Map<string, number>;
};

/** How many documents are taken over before other work gets its turn. */
const takenAtOnce = 100;

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
  async follow(
    documents: Collection<Versioned>,
    progress: Progress,
    stop: AbortSignal,
  ): Promise<void> {
    if (this.#refreshing) return this.#refreshing;
    if (stop.aborted || this.#isAt(documents.collectionName, progress)) return;
    this.#refreshing = this.#refresh(documents, progress, stop).finally(() => {
      this.#refreshing = null;
    });
    return this.#refreshing;
  }

  #isAt(generation: string, { next, turns }: Progress): boolean {
    const held = this.#held;
    if (held?.generation !== generation) return false;
    // A generation without offsets was dropped: keep what was read from it before.
    if (next.size === 0) return true;
    if (held.turns !== turns) return false;
    return held.next.size === next.size && [...next].every(([at, to]) => held.next.get(at) === to);
  }

  async #refresh(
    documents: Collection<Versioned>,
    progress: Progress,
    stop: AbortSignal,
  ): Promise<void> {
    const generation = documents.collectionName;
    const isSame = this.#held?.generation === generation && this.#held.turns === progress.turns;
    const { model, versions } =
      isSame && this.#held ? this.#held : { model: this.#copy.make(), versions: new Map() };
    const now = await documents
      .find({}, { projection: { version: 1 }, batchSize: 10_000 })
      .toArray();
    const ids = new Set(now.map(({ _id }) => _id));
    for (const id of versions.keys()) {
      if (ids.has(id)) continue;
      model.remove(id);
      versions.delete(id);
    }
    const changed = now.filter(({ _id, version }) => versions.get(_id) !== version);
    for (let from = 0; from < changed.length; from += takenAtOnce) {
      stop.throwIfAborted();
      const wanted = changed.slice(from, from + takenAtOnce).map(({ _id }) => _id);
      for (const document of await documents.find({ _id: { $in: wanted } }).toArray()) {
        model.put(document);
        versions.set(document._id, document.version);
      }
      await letOthersRun();
    }
    this.#held = { ...progress, generation, model, versions };
  }
}
