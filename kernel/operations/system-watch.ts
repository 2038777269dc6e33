import type { Db } from 'mongodb';
import { aborted, sleep } from '../backoff.ts';
import type { Millis } from '../event.ts';
import type { Log } from '../log/log.ts';
import { perSecond } from '../per-second.ts';
import { type Checkpoint, checkpointsOf } from '../projector/checkpoint.ts';
import { type AsOf, asOfsIn } from '../projector/generations/as-of-documents.ts';
import { type ReadModel, readModelsOf } from '../projector/generations/generations.ts';
import { LagMeter, type ViewLag } from '../projector/lag.ts';
import type { View } from '../view.ts';
import {
  askNodes,
  askReaders,
  type NodeReport,
  type ReaderReport,
  readLeases,
  type ShownLease,
} from './nodes.ts';

/** The whole system at one moment. */
export type SystemSnapshot = {
  at: Millis;
  lags: readonly ViewLag[];
  models: readonly ReadModel[];
  asOfs: readonly AsOf[];
  checkpoints: readonly Pick<Checkpoint, 'generation' | 'lane' | 'next'>[];
  leases: readonly ShownLease[];
  nodes: readonly NodeReport[];
  readers: readonly ReaderReport[];
  /** The one about a second before it; null in the first. */
  before: SystemSnapshot | null;
};

/** How far a view was behind at a time. */
export type TrendPoint = {
  at: Millis;
  eventsBehind: number;
  secondsBehind: number;
  eventsPerSecond: number;
};

export type SystemWatchOptions = {
  db: Db;
  log: Log;
  prefix: string;
  views: readonly View[];
  lanes: number;
};

const freshForMs = 1_000;
const trendEveryMs = 5_000;
const trendPoints = (15 * 60_000) / trendEveryMs;

/**
 * Looks at the system for all who ask: once a second at most, however many they are. Every five
 * seconds it looks by itself, and keeps the trend of a quarter of an hour.
 */
export class SystemWatch {
  readonly lanes: number;
  readonly #options: SystemWatchOptions;
  readonly #meter: LagMeter;
  readonly #trends = new Trends();
  readonly #closing = new AbortController();
  readonly #watching: Promise<void>;
  #latest: SystemSnapshot | null = null;
  #looking: Promise<SystemSnapshot> | null = null;

  constructor(options: SystemWatchOptions) {
    this.#options = options;
    this.lanes = options.lanes;
    this.#meter = new LagMeter(options);
    this.#watching = this.#watch();
  }

  /** The system now, or a second ago. */
  async snapshot(): Promise<SystemSnapshot> {
    if (this.#latest && Date.now() - this.#latest.at < freshForMs) return this.#latest;
    this.#looking ??= this.#look().finally(() => {
      this.#looking = null;
    });
    return this.#looking;
  }

  /** A point every five seconds, the newest last. */
  trendOf(view: string): readonly TrendPoint[] {
    return this.#trends.of(view);
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#watching;
  }

  async #look(): Promise<SystemSnapshot> {
    const { db } = this.#options;
    const at = Date.now();
    const project = { _id: 0, generation: 1, lane: 1, next: 1 };
    const [lags, models, asOfs, checkpoints, leases] = await Promise.all([
      this.#meter.measure(),
      readModelsOf(db).find().sort({ _id: 1 }).toArray(),
      asOfsIn(db).find().sort({ _id: 1 }).toArray(),
      checkpointsOf(db).find().project<SystemSnapshot['checkpoints'][number]>(project).toArray(),
      readLeases(db),
    ]);
    const [nodes, readers] = await Promise.all([askNodes(leases), askReaders(db)]);
    // Without the link, a snapshot would keep all that were ever made.
    const before = this.#latest && { ...this.#latest, before: null };
    this.#latest = { at, lags, models, asOfs, checkpoints, leases, nodes, readers, before };
    return this.#latest;
  }

  async #watch(): Promise<void> {
    const { signal } = this.#closing;
    const closing = aborted(signal);
    while (!signal.aborted) {
      const snapshot = await Promise.race([this.snapshot().catch(() => null), closing]);
      if (snapshot) this.#trends.keep(snapshot);
      await sleep(trendEveryMs, signal);
    }
  }
}

/** What views were behind at the last snapshots: a quarter of an hour, one every five seconds. */
export class Trends {
  readonly #points = new Map<string, TrendPoint[]>();

  keep(snapshot: SystemSnapshot): void {
    for (const lag of snapshot.lags) {
      const points = this.#points.get(lag.view) ?? [];
      points.push({ at: snapshot.at, ...behindOf(lag), eventsPerSecond: rateOf(lag, snapshot) });
      if (points.length > trendPoints) points.shift();
      this.#points.set(lag.view, points);
    }
  }

  /** The newest last. */
  of = (view: string): readonly TrendPoint[] => this.#points.get(view) ?? [];
}

export const behindOf = ({ lanes }: Pick<ViewLag, 'lanes'>) => ({
  eventsBehind: lanes.reduce((sum, one) => sum + one.eventsBehind, 0),
  secondsBehind: Math.max(0, ...lanes.map((one) => one.secondsBehind)),
});

/** Events a second that the served generation has passed since the snapshot before. */
export function rateOf({ generation }: Pick<ViewLag, 'generation'>, now: SystemSnapshot): number {
  const { before } = now;
  if (!before || generation === null) return 0;
  const passed = ({ checkpoints }: SystemSnapshot) => {
    const own = checkpoints.filter((row) => row.generation === generation);
    if (own.length === 0) return null;
    return own.flatMap(({ next }) => Object.values(next)).reduce((sum, one) => sum + one, 0);
  };
  const [from, to] = [passed(before), passed(now)];
  if (from === null || to === null) return 0;
  return perSecond(to - from, now.at - before.at);
}
