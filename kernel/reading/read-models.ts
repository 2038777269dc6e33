import { setTimeout as pause } from 'node:timers/promises';
import type { Collection, Db, MongoClient } from 'mongodb';
import type { ConsistencyToken } from '../consistency-token.ts';
import { Problem } from '../problems.ts';
import { readModelsOf, viewId } from '../projector/generations/generations.ts';
import { SwitchWatch } from '../projector/generations/switch-watch.ts';
import type { View } from '../view.ts';
import { AsOfs } from './as-of.ts';
import { nowhere, type Standing, standingsIn } from './standings.ts';
import { type CopyModel, FollowedCopy, type ViewCopy } from './view-copy.ts';
import { Waiters } from './waiters.ts';

/** What an answer is made from. */
export type Source = View | ViewCopy;

/** Where views are read from. */
export type Served = {
  /** @throws Problem `read-model-building` while there is none yet. */
  collection<Document extends { _id: string }>(view: View<Document>): Collection<Document>;
  /** @throws Problem `read-model-building` until it was loaded for the first time. */
  copy<Model extends CopyModel>(copy: ViewCopy<Model>): Model;
  /** One for each view. */
  generations: readonly string[];
};

/** The read models as query-api sees them: where each is now, and how far it has come. */
export type ReadModels = Omit<Served, 'generations'> & {
  /**
   * What serves these sources now. A request reads all that it needs from one of these, so that
   * no answer mixes generations, whatever is switched meanwhile.
   * @throws Problem `read-model-building` as `collection`.
   */
  pin(sources: readonly Source[]): Served;
  /**
   * The views as they stood at a time, by the name it was given.
   * @throws Problem `as-of-unknown`
   */
  asOf(name: string, copies: readonly ViewCopy[]): Promise<Served>;
  /**
   * Waits until every source has passed the token. Topics that a view isn't fed by don't count.
   * @returns false if that took longer than the time given.
   * @throws Problem `read-model-building` as `collection`.
   */
  waitFor(sources: readonly Source[], token: ConsistencyToken, timeoutMs: number): Promise<boolean>;
  /** What all of these have certainly seen already: a lower bound. */
  seen(sources: readonly Source[]): ConsistencyToken;
  /** Every view has a generation to read from, copies are loaded, and Mongo answered lately. */
  ready(): boolean;
  close(): Promise<void>;
};

export type ReadModelsOptions = {
  client: MongoClient;
  database: string;
  views: readonly View[];
  /** Which of them are kept in memory too. */
  copies?: readonly ViewCopy[];
  /** The id of the log, for tokens. */
  log: string;
};

/** Somebody waits: look this often. Nobody waits: this often, to know what was seen. */
const waitingTickMs = 5;
const idleTickMs = 200;
const pointersEveryMs = 2_000;
const readyWithinMs = 5_000;

/** @throws MongoError when Mongo is away; once open it keeps trying by itself. */
export async function openReadModels(options: ReadModelsOptions): Promise<ReadModels> {
  const readModels = new FollowedReadModels(options);
  await readModels.open();
  return readModels;
}

const viewOf = (source: Source): View => ('make' in source ? source.view : source);

class FollowedReadModels implements ReadModels {
  readonly #db: Db;
  readonly #options: ReadModelsOptions;
  /** By view id, the collection that serves it. */
  #active = new Map<string, string>();
  /** By collection. */
  #standings = new Map<string, Standing>();
  readonly #copies: ReadonlyMap<ViewCopy, FollowedCopy>;
  readonly #waiters = new Waiters();
  #answeredAt = 0;
  /** Questions where the pointers are, and the latest of them that was answered. */
  #asked = 0;
  #answered = 0;
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
    this.#loops = [this.#followPositions(), this.#followPointers()];
    // Makes a switch known at once; reading now and then makes it known whatever happens.
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

  pin(sources: readonly Source[]): Served {
    const generations = new Map<string, string>();
    for (const source of sources) {
      const view = viewOf(source);
      const held = 'make' in source ? this.#copies.get(source)?.held : null;
      // A copy may still be of the generation before; then the view is read from that one too.
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

  asOf(name: string, copies: readonly ViewCopy[]): Promise<Served> {
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
    return this.#waiters.wait(missing, timeoutMs);
  }

  seen(sources: readonly Source[]): ConsistencyToken {
    const seen: ConsistencyToken['seen'] = {};
    const topics = new Set(sources.flatMap((source) => viewOf(source).topics));
    for (const topic of topics) {
      const fed = sources.filter((source) => viewOf(source).topics.includes(topic));
      const all = fed.map((source) => this.#standingOf(source).next);
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
    this.#waiters.wake();
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

  #standingOf(source: Source): Standing {
    if ('make' in source) return this.#copies.get(source)?.held ?? nowhere;
    return this.#standings.get(this.#active.get(viewId(source)) ?? '') ?? nowhere;
  }

  #hasPassed(source: Source, token: ConsistencyToken): boolean {
    const view = viewOf(source);
    this.#generationOf(view);
    // A copy may still be of the generation before; what its offsets say it has seen all the same.
    const { next } = this.#standingOf(source);
    return Object.entries(token.seen).every(([at, offset]) => {
      const topic = at.slice(0, at.lastIndexOf(':'));
      return !view.topics.includes(topic) || (next.get(at) ?? 0) > offset;
    });
  }

  /** Lets each copy catch up with what was last read of its view's positions. */
  async #followCopies(): Promise<void> {
    const { signal } = this.#closing;
    const all = [...this.#copies].map(async ([{ view }, copy]) => {
      if (this.#isServed(view)) {
        await copy.follow(this.collection(view), this.#standingOf(view), signal);
      }
    });
    await Promise.all(all);
  }

  /** One query serves all who wait, however many they are; for what they wait, and no more. */
  async #followPositions(): Promise<void> {
    let allReadAt = Number.NEGATIVE_INFINITY;
    while (!this.#closing.signal.aborted) {
      const awaited = this.#waiters.awaited();
      const isForAll = awaited.size === 0 || performance.now() - allReadAt >= idleTickMs;
      const isAnswered = await this.#readPositions(
        isForAll ? [...this.#active.values()] : [...awaited],
      ).then(
        () => true,
        () => false,
      );
      if (isAnswered && isForAll) allReadAt = performance.now();
      // Not awaited: whoever waits for views only need not wait for copies.
      if (isAnswered) this.#followCopies().catch(() => {});
      if (this.#waiters.awaited().size > 0) await pause(isAnswered ? waitingTickMs : 100);
      else if (!this.#closing.signal.aborted) await this.#waiters.untilOne(idleTickMs);
    }
  }

  async #readPositions(generations: readonly string[]): Promise<void> {
    const read = await standingsIn(this.#db, generations);
    // Those of a generation that came meanwhile were read with its pointer.
    const served = new Set(this.#active.values());
    this.#standings = new Map(
      [...this.#standings, ...read].filter(([generation]) => served.has(generation)),
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
    this.#asked += 1;
    const turn = this.#asked;
    const ids = this.#options.views.map(viewId);
    const rows = await readModelsOf(this.#db)
      .find({ _id: { $in: ids } })
      .toArray();
    const active = new Map(rows.flatMap(({ _id, active }) => (active ? [[_id, active]] : [])));
    const standings = await standingsIn(this.#db, [...active.values()]);
    // Of two at once, the one that was asked later knows better.
    if (turn < this.#answered) return;
    this.#answered = turn;
    // Both at once: whoever asks what was seen is not told "nothing" in between.
    this.#standings = new Map(standings);
    this.#active = active;
    this.#answeredAt = performance.now();
  }
}
