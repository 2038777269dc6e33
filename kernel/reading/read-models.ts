import { setTimeout as pause } from 'node:timers/promises';
import type { Collection, Db, MongoClient } from 'mongodb';
import type { ConsistencyToken } from '../consistency-token.ts';
import { Problem } from '../problems.ts';
import { viewId } from '../projector/generations/generations.ts';
import { generationsIn, type Pointer, pointersOf } from '../projector/generations/pointers.ts';
import { SwitchWatch } from '../projector/generations/switch-watch.ts';
import type { View } from '../view.ts';
import { AsOfs } from './as-of.ts';
import { type CopyState, FollowedCopies } from './followed-copies.ts';
import { type PinnedViews, pinnedViews, placesOf, type Source, viewOf } from './pinned-views.ts';
import { hasFolded, noProgress, type Progress, progressOf } from './progress.ts';
import type { KeptModel, ViewCopy } from './view-copy.ts';
import { type Place, WaitingReads } from './waiting-reads.ts';

/** The read models as queries see them: the generation of each view, and how far it has come. */
export type ReadModels = Pick<PinnedViews, 'collection' | 'copy'> & {
  /**
   * The generations that serve these sources now.
   * @param sources the same array for the same sources: what is known of it is kept.
   * @throws Problem `read-model-building` as `collection`.
   */
  pin(sources: readonly Source[]): PinnedViews;
  /**
   * The views as they stood at a time, by the name it was given.
   * @throws Problem `as-of-unknown`
   */
  asOf(name: string, copies: readonly ViewCopy[], gone: AbortSignal): Promise<PinnedViews>;
  /**
   * Waits until every source has passed the token. Topics that don't feed a view don't count.
   * @param gone ends the waiting when it is aborted.
   * @returns false if a source took longer than the time given.
   * @throws Problem `read-model-building` as `collection`.
   */
  waitFor(
    sources: readonly Source[],
    token: ConsistencyToken,
    timeoutMs: number,
    gone?: AbortSignal,
  ): Promise<boolean>;
  /** Whether each view has a generation, copies are loaded, and MongoDB has answered lately. */
  ready(): boolean;
  copies(): readonly CopyState[];
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

/** While reads wait, progress is read again after as long as that took, within these. */
const waitingPauseMs = { least: 2, most: 5 };
const pauseAfter = (tookMs: number) =>
  Math.min(waitingPauseMs.most, Math.max(waitingPauseMs.least, tookMs));
/** How often progress is read while no read waits. */
const idleTickMs = 200;
const pointersEveryMs = 2_000;
const readyWithinMs = 5_000;

/** @throws MongoError when MongoDB is away. Once open, the read models reconnect by themselves. */
export async function openReadModels(options: ReadModelsOptions): Promise<ReadModels> {
  const readModels = new FollowedReadModels(options);
  await readModels.open();
  return readModels;
}

class FollowedReadModels implements ReadModels {
  readonly #db: Db;
  readonly #options: ReadModelsOptions;
  /** By view id. */
  #pointers: ReadonlyMap<string, Pointer> = new Map();
  /** By generation. */
  #progress = new Map<string, Progress>();
  /** When each was served last, by `performance.now()`; some bytes for each rebuild. */
  readonly #servedAt = new Map<string, number>();
  /** What was pinned since anything moved. */
  #pinned = new WeakMap<readonly Source[], PinnedViews>();
  readonly #copies: FollowedCopies;
  readonly #waiting = new WaitingReads<Source>();
  #answeredAt = 0;
  /** Reads of progress follow one another: of two that overlap, an older one could be kept. */
  #reading: Promise<void> = Promise.resolve();
  readonly #closing = new AbortController();
  readonly #asOfs: AsOfs;
  #switches: SwitchWatch | undefined;
  #loops: Promise<void>[] = [];

  constructor(options: ReadModelsOptions) {
    this.#options = options;
    this.#db = options.client.db(options.database, { readPreference: 'primary' });
    this.#copies = new FollowedCopies(this.#db, options.copies ?? [], {
      stop: this.#closing.signal,
      moved: () => this.#copyMoved(),
    });
    this.#asOfs = new AsOfs(this.#db, options.log);
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

  copy<Model extends KeptModel>(copy: ViewCopy<Model>): Model {
    const held = this.#copies.held(copy);
    if (held) return held.model;
    const { name } = copy.view;
    throw new Problem('read-model-building', `The copy of ${name} is being loaded into memory.`);
  }

  pin(sources: readonly Source[]): PinnedViews {
    const known = this.#pinned.get(sources);
    if (known) return known;
    const pinned = this.#pinNow(sources);
    this.#pinned.set(sources, pinned);
    return pinned;
  }

  #pinNow(sources: readonly Source[]): PinnedViews {
    return pinnedViews(sources, {
      ...{ db: this.#db, log: this.#options.log, models: this.#copies.models() },
      held: (copy) => this.#copies.held(copy)?.generation,
      active: (view) => this.#generationOf(view),
      progressOf: (source) => this.#progressOf(source),
      servedAt: (generation) => this.#servedAt.get(generation) ?? 0,
      copy: (copy) => this.copy(copy),
    });
  }

  asOf(name: string, copies: readonly ViewCopy[], gone: AbortSignal): Promise<PinnedViews> {
    return this.#asOfs.find(name, copies, gone);
  }

  async waitFor(
    sources: readonly Source[],
    token: ConsistencyToken,
    timeoutMs: number,
    gone?: AbortSignal,
  ): Promise<boolean> {
    return this.#waiting.wait(() => this.#lacking(sources, token), timeoutMs, gone);
  }

  ready(): boolean {
    const isFresh = performance.now() - this.#answeredAt < readyWithinMs;
    return (
      isFresh &&
      this.#copies.areLoaded &&
      this.#options.views.every((view) => this.#pointers.has(viewId(view)))
    );
  }

  copies = (): readonly CopyState[] => this.#copies.states();

  async close(): Promise<void> {
    this.#closing.abort();
    this.#waiting.wake();
    await this.#switches?.close();
    await Promise.all(this.#loops);
    await this.#followCopies().catch(() => {});
    await this.#copies.close().catch(() => {});
  }

  #generationOf(view: View): string {
    const pointer = this.#pointers.get(viewId(view));
    if (pointer) return pointer.active;
    throw new Problem('read-model-building', `The read model ${view.name} is being built.`);
  }

  #progressOf(source: Source): Progress {
    if ('make' in source) return this.#copies.held(source)?.progress ?? noProgress;
    return this.#progressIn(this.#pointers.get(viewId(source))?.active ?? '');
  }

  #progressIn(generation: string): Progress {
    return this.#progress.get(generation) ?? noProgress;
  }

  #lacking(sources: readonly Source[], token: ConsistencyToken): Place<Source> | null {
    for (const source of sources) this.#generationOf(viewOf(source));
    for (const source of sources) {
      const progress = this.#progressOf(source);
      const place = placesOf(source, token).find((one) => !hasFolded(progress, one));
      if (place) return { source, ...place };
    }
    return null;
  }

  #hasPassed({ source, ...place }: Place<Source>): boolean {
    this.#generationOf(viewOf(source));
    return hasFolded(this.#progressOf(source), place);
  }

  /** Lets each copy catch up with its view's progress, as last read. */
  async #followCopies(): Promise<void> {
    const all = this.#copies.all.map((copy) => {
      const pointer = this.#pointers.get(viewId(copy.view));
      return pointer && this.#copies.follow(copy, pointer, (name) => this.#progressIn(name));
    });
    await Promise.all(all);
  }

  /**
   * In the moment in which a copy has moved, reads find that it has seen their tokens: none may go
   * on with what was pinned before. Those that wait don't wait for the next look at progress.
   */
  #copyMoved(): void {
    this.#pinned = new WeakMap();
    this.#letPassedGoOn();
  }

  /** One query serves all waiting reads, and asks only for the generations they wait for. */
  async #followProgress(): Promise<void> {
    let allReadAt = Number.NEGATIVE_INFINITY;
    while (!this.#closing.signal.aborted) {
      const awaited = this.#awaited();
      const isForAll = awaited.length === 0 || performance.now() - allReadAt >= idleTickMs;
      const begunAt = performance.now();
      const isAnswered = await this.#readProgress(
        isForAll ? generationsIn(this.#pointers) : awaited,
      ).then(
        () => true,
        () => false,
      );
      const now = performance.now();
      if (isAnswered && isForAll) allReadAt = now;
      // Not awaited: reads that need views only don't wait for copies.
      if (isAnswered) this.#followCopies().catch(() => {});
      this.#copies.tell().catch(() => {});
      if (this.#awaited().length > 0) await pause(isAnswered ? pauseAfter(now - begunAt) : 100);
      else if (!this.#closing.signal.aborted) await this.#waiting.untilOne(idleTickMs);
    }
  }

  /** The generations that reads wait for. Reads with nothing left to wait for go on. */
  #awaited(): string[] {
    this.#letPassedGoOn();
    const views = new Set(this.#waiting.awaited().map(viewOf));
    return [...views].map((view) => this.#generationOf(view));
  }

  #letPassedGoOn(): void {
    this.#waiting.look((place) => this.#hasPassed(place));
  }

  #inTurn(read: () => Promise<void>): Promise<void> {
    const done = this.#reading.then(read);
    this.#reading = done.catch(() => {});
    return done;
  }

  #readProgress(generations: readonly string[]): Promise<void> {
    return this.#inTurn(() => this.#readProgressNow(generations));
  }

  async #readProgressNow(generations: readonly string[]): Promise<void> {
    const read = await progressOf(this.#db, generations);
    // If a view was switched before, its new generation's progress was read with the pointer.
    const known = new Set(generationsIn(this.#pointers));
    this.#progress = new Map(
      [...this.#progress, ...read].filter(([generation]) => known.has(generation)),
    );
    this.#pinned = new WeakMap();
    this.#answeredAt = performance.now();
  }

  async #followPointers(): Promise<void> {
    while (!this.#closing.signal.aborted) {
      await this.#readPointers().catch(() => {});
      await pause(pointersEveryMs, undefined, { signal: this.#closing.signal }).catch(() => {});
    }
  }

  #readPointers(): Promise<void> {
    return this.#inTurn(() => this.#readPointersNow());
  }

  async #readPointersNow(): Promise<void> {
    const askedAt = performance.now();
    const pointers = await pointersOf(this.#db, this.#options.views.map(viewId));
    for (const { active } of pointers.values()) this.#servedAt.set(active, askedAt);
    const progress = await progressOf(this.#db, generationsIn(pointers));
    // Set together, so that `seen` never finds a pointer without its progress.
    this.#progress = new Map(progress);
    this.#pointers = pointers;
    this.#pinned = new WeakMap();
    this.#answeredAt = performance.now();
  }
}
