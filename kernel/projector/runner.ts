import type { Db, MongoClient } from 'mongodb';
import type { Registry } from 'prom-client';
import { aborted, sleep } from '../backoff.ts';
import type { Codec } from '../codec/codec.ts';
import type { Readiness } from '../http/operations.ts';
import type { DatabaseClock } from '../leases/database-clock.ts';
import { type Member, newMember } from '../leases/leases.ts';
import type { Log, LogReader } from '../log/log.ts';
import { messageOf } from '../message-of.ts';
import { ensureCollection } from '../mongo/ensure-collection.ts';
import type { AnyProjection } from '../projection.ts';
import { WorkDurations } from '../tracing/messaging-metrics.ts';
import type { Traced } from '../tracing/tracing.ts';

import { checkpointsOf } from './checkpoint.ts';
import { deadLettersOf, letterIndexes } from './dead-letters/dead-letters.ts';
import { DocumentCache } from './document-cache.ts';
import { loadedCopiesOf } from './generations/loaded-copies.ts';
import { SwitchWatch } from './generations/switch-watch.ts';
import { GroupCommit } from './group-commit.ts';
import { LagMeter, type ViewLag } from './lag.ts';
import { publishMetrics } from './metrics.ts';
import { ViewProjector } from './view-projector.ts';

export type ProjectorsOptions = Traced & {
  projections: readonly AnyProjection[];
  client: MongoClient;
  database: string;
  log: Log;
  codec: Codec;
  lanes: number;
  /** Stands before the topics' names in the log. */
  prefix?: string;
  member?: Member;
  leaseTtlMs?: number;
  clock?: DatabaseClock;
  registry?: Registry;
  onWarning?(message: string): void;
};

export type Projectors = {
  /**
   * Ready once every view has been caught up, as long as Kafka and Mongo answer and no lane that
   * is worked here is stopped.
   */
  ready(): Readiness;
  /** As last measured: every two seconds, and more often until all views have been caught up. */
  lag(): readonly ViewLag[];
  close(): Promise<void>;
};

const measureEveryMs = 2_000;
const freshForMs = 7_000;

/**
 * Projects events into documents until closed, sharing the lanes with every other process that
 * runs the same views.
 * @throws MongoError if Mongo is away at the start; later on the projectors wait for it.
 */
export async function startProjectors(options: ProjectorsOptions): Promise<Projectors> {
  const db = options.client.db(options.database, { readPreference: 'primary' });
  await prepareProjections(db);
  return new RunningProjectors(options, db);
}

/** Creates collections and indexes beforehand: inside transactions that would block. */
export async function prepareProjections(db: Db): Promise<void> {
  for (const name of ['checkpoints', 'changes', 'dead_letters', 'read_models', 'loaded_copies']) {
    await ensureCollection(db, name);
  }
  await checkpointsOf(db).createIndex({ generation: 1 });
  await loadedCopiesOf(db).createIndex({ seenAt: 1 }, { expireAfterSeconds: 60 });
  for (const index of Object.values(letterIndexes)) await deadLettersOf(db).createIndex(index);
}

class RunningProjectors implements Projectors {
  readonly #views: ViewProjector[];
  readonly #reader: LogReader;
  readonly #meter: LagMeter;
  readonly #closing = new AbortController();
  readonly #measuring: Promise<void>;
  readonly #switches: SwitchWatch;
  readonly #caughtUp = new Set<string>();
  #lag: ViewLag[] = [];
  #measuredAt = Number.NEGATIVE_INFINITY;
  #trouble: string | null = 'not measured yet';

  constructor(options: ProjectorsOptions, db: Db) {
    const { projections, prefix = '', lanes, log } = options;
    this.#reader = log.reader();
    const shared = {
      ...options,
      db,
      prefix,
      reader: this.#reader,
      commits: new GroupCommit(db),
      cache: new DocumentCache(),
      member: options.member ?? newMember(),
      leaseTtlMs: options.leaseTtlMs ?? 3_000,
      onWarning: options.onWarning ?? (() => {}),
      durations: options.registry && new WorkDurations(options.registry, 'process'),
    };
    this.#views = projections.map((projection) => new ViewProjector({ ...shared, projection }));
    const views = projections.map(({ view }) => view);
    this.#meter = new LagMeter({ db, log, prefix, views, lanes });
    this.#measuring = this.#measure();
    this.#switches = new SwitchWatch(db, () => {
      for (const view of this.#views) view.look();
    });
    if (options.registry) publishMetrics(options.registry, this.#views, () => this.#lag);
  }

  ready(): Readiness {
    const isFresh = performance.now() - this.#measuredAt < freshForMs;
    const views = this.#views.map((view) => this.#viewDetails(view));
    return {
      ready: isFresh && this.#views.every(({ view }) => this.#isWell(view)),
      details: { trouble: this.#trouble, views: Object.fromEntries(views) },
    };
  }

  lag(): readonly ViewLag[] {
    return this.#lag;
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await Promise.all([this.#switches, ...this.#views].map((part) => part.close()));
    await Promise.all([this.#reader.close(), this.#measuring]);
  }

  async #measure(): Promise<void> {
    const { signal } = this.#closing;
    const closing = aborted(signal);
    while (!signal.aborted) {
      try {
        // While Kafka is away an answer may take long; closing doesn't wait for it.
        const lag = await Promise.race([this.#meter.measure(), closing]);
        if (!lag) return;
        for (const { view, caughtUp } of lag) {
          if (caughtUp && !this.#isStopped(view)) this.#caughtUp.add(view);
        }
        this.#lag = lag;
        this.#measuredAt = performance.now();
        this.#trouble = null;
      } catch (error) {
        this.#trouble = messageOf(error);
      }
      const isReady = this.#caughtUp.size === this.#views.length;
      await sleep(isReady ? measureEveryMs : measureEveryMs / 5, signal);
    }
  }

  #isWell(view: string): boolean {
    return this.#caughtUp.has(view) && !this.#isStopped(view);
  }

  #isStopped(view: string): boolean {
    const projector = this.#views.find((one) => one.view === view);
    return [...(projector?.statuses.values() ?? [])].some(({ stopped }) => stopped !== null);
  }

  #viewDetails({ view, statuses, building }: ViewProjector): [string, unknown] {
    const lag = this.#lag.find((one) => one.view === view);
    const lanes = lag?.lanes.map((lane) => ({ ...lane, ...statuses.get(lane.lane) }));
    const { generation, parked } = lag ?? { generation: null, parked: 0 };
    return [view, { caughtUp: this.#caughtUp.has(view), generation, building, parked, lanes }];
  }
}
