import { setTimeout as pause } from 'node:timers/promises';
import type { Collection, Db, MongoClient } from 'mongodb';
import type { ConsistencyToken } from '../consistency-token.ts';
import { Problem } from '../problems.ts';
import { readModelsOf, viewId } from '../projector/generations/generations.ts';
import { SwitchWatch } from '../projector/generations/switch-watch.ts';
import type { View } from '../view.ts';
import { AsOfs } from './as-of.ts';
import type { PinnedViews, Source } from './pinned-views.ts';
import { noProgress, type Progress, progressOf } from './progress.ts';
import { type CopyModel, FollowedCopy, type ViewCopy } from './view-copy.ts';
import { WaitingReads } from './waiting-reads.ts';

/** The read models as queries see them: the generation of each view, and how far it has come. */
export type ReadModels = Omit<PinnedViews, 'generations'> & {
  /**
   * The generations that serve these sources now.
   * @throws Problem `read-model-building` as `collection`.
   */
  pin(sources: readonly Source[]): PinnedViews;
  /**
   * The views as they stood at a time, by the name it was given.
   * @throws Problem `as-of-unknown`
   */
  asOf(name: string, copies: readonly ViewCopy[]): Promise<PinnedViews>;
  /**
   * Waits until every source has passed the token. Topics that don't feed a view don't count.
   * @returns false if a source took longer than the time given.
   * @throws Problem `read-model-building` as `collection`.
   */
  waitFor(sources: readonly Source[], token: ConsistencyToken, timeoutMs: number): Promise<boolean>;
  /** A lower bound of what all of these sources have seen of the log. */
  seen(sources: readonly Source[]): ConsistencyToken;
  /** Whether each view has a generation, copies are loaded, and MongoDB has answered lately. */
  ready(): boolean;
  close(): Promise<void>;
};

export type ReadModelsOptions = {
  client: MongoClient;
  database: string;
  views: readonly View[];
  /** The copies of these views that are kept in memory. */
  copies?: readonly ViewCopy[];
  /** The id of the log, for tokens. */
  log: string;
};

/** How often progress is read: while reads wait, and while none does. */
const waitingTickMs = 5;
const idleTickMs = 200;
const pointersEveryMs = 2_000;
const readyWithinMs = 5_000;

/** @throws MongoError when MongoDB is away. Once open, the read models reconnect by themselves. */
export async function openReadModels(options: ReadModelsOptions): Promise<ReadModels> {
  const readModels = new FollowedReadModels(options);
  await readModels.open();
  return readModels;
}

const viewOf = (source: Source): View => ('make' in source ? source.view : source);

class FollowedReadModels implements ReadModels {
  readonly #db: Db;
  readonly #options: ReadModelsOptions;
  /** The generation that serves a view, by view id. */
  #active = new Map<string, string>();
  /** By generation. */
  #progress = new Map<string, Progress>();
  readonly #copies: ReadonlyMap<ViewCopy, FollowedCopy>;
  readonly #waiting = new WaitingReads();
  #answeredAt = 0;
  /** How many reads of the pointers have begun, and which of them was the last to be answered. */
  #pointerReads = 0;
  #lastAnswered = 0;
  readonly #closing = new AbortController();
  readonly #asOfs: AsOfs;
  #switches: SwitchWatch | undefined;
  #loops: Promise<void>[] = [];

  constructor(options: ReadModelsOptions) {
    this.#options = options;
    const { copies = [] } = options;
    this.#copies = new Map(copies.map((copy) => [copy, new FollowedCopy(copy)]));
    this.#db = options.client.db(options.database, { readPreference: 'primary' });
    this.#asOfs = new AsOfs(this.#db);
  }

  async open(): Promise<void> {
    await this.#readPointers();
    await this.#followCopies();
    this.#loops = [this.#followProgress(), this.#followPointers()];
    // The watch tells of a switch at once; the loop finds it also when the watch has missed it.
    this.#switches = new SwitchWatch(this.#db, () => void this.#readPointers().catch(() => {}));
  }

  collection<Document extends { _id: string }>(view: View<Document>): Collection<Document> {
    return this.#db.collection<Document>(this.#generationOf(view));
  }

  copy<Model extends CopyModel>(copy: ViewCopy<Model>): Model {
    const held = this.#copies.get(copy)?.held;
    if (held) return held.model as Model;
    const { name } = copy.view;
    throw new Problem('read-model-building', `The copy of ${name} is being loaded into memory.`);
  }

  pin(sources: readonly Source[]): PinnedViews {
    const generations = new Map<string, string>();
    for (const source of sources) {
      const view = viewOf(source);
      const held = 'make' in source ? this.#copies.get(source)?.held : null;
      // A copy may lag one generation behind after a switch; its view is read from that one too.
      if (held) generations.set(viewId(view), held.generation);
      else if (!generations.has(viewId(view))) {
        generations.set(viewId(view), this.#generationOf(view));
      }
    }
    const held = new Map([...this.#copies].map(([copy, { held }]) => [copy, held?.model]));
    return {
      collection: (view) =>
        this.#db.collection(generations.get(viewId(view)) ?? this.#generationOf(view)),
      copy: <Model extends CopyModel>(copy: ViewCopy<Model>) =>
        (held.get(copy) as Model | undefined) ?? this.copy(copy),
      generations: [...generations.values()],
    };
  }

  asOf(name: string, copies: readonly ViewCopy[]): Promise<PinnedViews> {
    return this.#asOfs.find(name, copies);
  }

  async waitFor(
    sources: readonly Source[],
    token: ConsistencyToken,
    timeoutMs: number,
  ): Promise<boolean> {
    const missing = () =>
      sources
        .filter((source) => !this.#hasPassed(source, token))
        .map((source) => this.#generationOf(viewOf(source)));
    return this.#waiting.wait(missing, timeoutMs);
  }

  seen(sources: readonly Source[]): ConsistencyToken {
    const seen: ConsistencyToken['seen'] = {};
    const topics = new Set(sources.flatMap((source) => viewOf(source).topics));
    for (const topic of topics) {
      const fed = sources.filter((source) => viewOf(source).topics.includes(topic));
      const all = fed.map((source) => this.#progressOf(source).next);
      for (const [at, next] of all[0]!) {
        if (!at.startsWith(`${topic}:`)) continue;
        const least = Math.min(next, ...all.map((positions) => positions.get(at) ?? 0));
        if (least > 0) seen[at as `${string}:${number}`] = least - 1;
      }
    }
    return { log: this.#options.log, seen };
  }

  ready(): boolean {
    const isFresh = performance.now() - this.#answeredAt < readyWithinMs;
    const isLoaded = [...this.#copies.values()].every(({ held }) => held !== null);
    return isFresh && isLoaded && this.#options.views.every((view) => this.#isServed(view));
  }

  async close(): Promise<void> {
    this.#closing.abort();
    this.#waiting.wake();
    await this.#switches?.close();
    await Promise.all(this.#loops);
    await this.#followCopies().catch(() => {});
  }

  #isServed(view: View): boolean {
    return this.#active.has(viewId(view));
  }

  #generationOf(view: View): string {
    const generation = this.#active.get(viewId(view));
    if (generation !== undefined) return generation;
    throw new Problem('read-model-building', `The read model ${view.name} is being built.`);
  }

  #progressOf(source: Source): Progress {
    if ('make' in source) return this.#copies.get(source)?.held ?? noProgress;
    return this.#progress.get(this.#active.get(viewId(source)) ?? '') ?? noProgress;
  }

  #hasPassed(source: Source, token: ConsistencyToken): boolean {
    const view = viewOf(source);
    this.#generationOf(view);
    // A copy may lag one generation behind after a switch; its offsets hold all the same.
    const { next } = this.#progressOf(source);
    return Object.entries(token.seen).every(([at, offset]) => {
      const topic = at.slice(0, at.lastIndexOf(':'));
      return !view.topics.includes(topic) || (next.get(at) ?? 0) > offset;
    });
  }

  /** Lets each copy catch up with its view's progress, as last read. */
  async #followCopies(): Promise<void> {
    const { signal } = this.#closing;
    const all = [...this.#copies].map(async ([{ view }, copy]) => {
      if (this.#isServed(view)) {
        await copy.follow(this.collection(view), this.#progressOf(view), signal);
      }
    });
    await Promise.all(all);
  }

  /** One query serves all waiting reads, and asks only for the generations they wait for. */
  async #followProgress(): Promise<void> {
    let allReadAt = Number.NEGATIVE_INFINITY;
    while (!this.#closing.signal.aborted) {
      const awaited = this.#waiting.awaited();
      const isForAll = awaited.size === 0 || performance.now() - allReadAt >= idleTickMs;
      const isAnswered = await this.#readProgress(
        isForAll ? [...this.#active.values()] : [...awaited],
      ).then(
        () => true,
        () => false,
      );
      if (isAnswered && isForAll) allReadAt = performance.now();
      // Not awaited: reads that need views only don't wait for copies.
      if (isAnswered) this.#followCopies().catch(() => {});
      if (this.#waiting.awaited().size > 0) await pause(isAnswered ? waitingTickMs : 100);
      else if (!this.#closing.signal.aborted) await this.#waiting.untilOne(idleTickMs);
    }
  }

  async #readProgress(generations: readonly string[]): Promise<void> {
    const read = await progressOf(this.#db, generations);
    // If a view was switched meanwhile, its new generation's progress was read with the pointer.
    const served = new Set(this.#active.values());
    this.#progress = new Map(
      [...this.#progress, ...read].filter(([generation]) => served.has(generation)),
    );
    this.#answeredAt = performance.now();
  }

  async #followPointers(): Promise<void> {
    while (!this.#closing.signal.aborted) {
      await this.#readPointers().catch(() => {});
      await pause(pointersEveryMs, undefined, { signal: this.#closing.signal }).catch(() => {});
    }
  }

  async #readPointers(): Promise<void> {
    this.#pointerReads += 1;
    const turn = this.#pointerReads;
    const ids = this.#options.views.map(viewId);
    const rows = await readModelsOf(this.#db)
      .find({ _id: { $in: ids } })
      .toArray();
    const active = new Map(rows.flatMap(({ _id, active }) => (active ? [[_id, active]] : [])));
    const progress = await progressOf(this.#db, [...active.values()]);
    // Two reads may overlap: the result of an older one is dropped.
    if (turn < this.#lastAnswered) return;
    this.#lastAnswered = turn;
    // Set together, so that `seen` never finds a pointer without its progress.
    this.#progress = new Map(progress);
    this.#active = active;
    this.#answeredAt = performance.now();
  }
}
