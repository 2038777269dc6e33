import { LRUCache } from 'lru-cache';
import type { Db } from 'mongodb';
import { Problem } from '../problems.ts';
import { asOfsIn } from '../projector/generations/as-of-documents.ts';
import { viewId } from '../projector/generations/generations.ts';
import { GenerationCopy } from './generation-copy.ts';
import type { PinnedViews } from './pinned-views.ts';
import { noProgress } from './progress.ts';
import { isByGroup, type KeptModel, type ViewCopy } from './view-copy.ts';

/** Copies take memory, and operators seldom look at more than one point in time. */
const copiesAtOnce = 2;
/** Copies by group are empty at first, and bounded by themselves. */
const groupCopiesAtOnce = 6;

/** Finds the generations of an as-of, and loads copies of them. */
export class AsOfs {
  readonly #db: Db;
  readonly #log: string;
  readonly #copies = new LRUCache<string, GenerationCopy>({ max: copiesAtOnce });
  readonly #groupCopies = new LRUCache<string, GenerationCopy>({ max: groupCopiesAtOnce });

  /** @param log the id of the log, for tokens. */
  constructor(db: Db, log: string) {
    this.#db = db;
    this.#log = log;
  }

  /** @throws Problem `as-of-unknown` for a name that does not exist or is still being built. */
  async find(name: string, copies: readonly ViewCopy[], gone: AbortSignal): Promise<PinnedViews> {
    const found = await asOfsIn(this.#db).findOne({ _id: name }, { signal: gone });
    if (!found?.builtAt) {
      const why = found ? 'is still being built' : 'is not there';
      const detail = `${name} ${why}; the replay tool lists all names.`;
      throw new Problem('as-of-unknown', detail);
    }
    const generations = new Map(found.views.map(({ view, generation }) => [view, generation]));
    const collection: PinnedViews['collection'] = (view) => {
      const generation = generations.get(viewId(view));
      if (generation !== undefined) return this.#db.collection(generation);
      const has = [...generations.keys()].join(', ');
      throw new Problem('as-of-unknown', `${name} has no ${viewId(view)}, only ${has}.`);
    };
    const models = new Map<ViewCopy, KeptModel>();
    for (const copy of copies) {
      if (generations.has(viewId(copy.view))) models.set(copy, await this.#load(copy, collection));
    }
    const copy: PinnedViews['copy'] = <Model extends KeptModel>(one: ViewCopy<Model>) => {
      collection(one.view);
      return models.get(one) as Model;
    };
    const seen = { log: this.#log, seen: {} };
    const state = JSON.stringify([...generations.values()]);
    // Its name goes before its collections do.
    const thereUntil = () => Number.POSITIVE_INFINITY;
    return { collection, copy, thereUntil, seen, state, epoch: state };
  }

  async #load(copy: ViewCopy, collection: PinnedViews['collection']): Promise<KeptModel> {
    const { collectionName: generation } = collection(copy.view);
    const copies = isByGroup(copy) ? this.#groupCopies : this.#copies;
    const held = copies.get(generation) ?? new GenerationCopy(copy, generation);
    copies.set(generation, held);
    const complete = { ...noProgress, next: new Map([['built', 1]]) };
    await held.follow(this.#db, complete, new AbortController().signal);
    return held.model!;
  }
}
