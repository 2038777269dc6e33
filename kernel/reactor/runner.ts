import type { Db, MongoClient } from 'mongodb';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import { sleep } from '../backoff.ts';
import type { Codec } from '../codec/codec.ts';
import type { Readiness } from '../http/operations.ts';
import type { DatabaseClock } from '../leases/database-clock.ts';
import {
  holdLeases,
  type LaneWork,
  type Lease,
  type LeaseHolder,
  type Member,
} from '../leases/leases.ts';
import type { Log, LogReader } from '../log/log.ts';
import type { AnyClock, AnyReactor } from '../reactor.ts';
import type { OpenService } from '../service/run-service.ts';
import type { Traced } from '../tracing/tracing.ts';
import type { CommandClient } from './command-client.ts';
import { measureLag, type ReactorLag } from './lag.ts';
import { type MeasuredReactor, publishMetrics } from './metrics.ts';
import { type ReactionStatus, reactToLane } from './reaction-pass.ts';
import { RunningClock } from './running-clock.ts';

export type ReactorsOptions = Traced & {
  reactors: readonly { reactor: AnyReactor; commands: CommandClient }[];
  clocks: readonly { clock: AnyClock; commands: CommandClient }[];
  client: MongoClient;
  database: string;
  log: Log;
  codec: Codec;
  lanes: number;
  /** Stands before the topics' names in the log. */
  prefix: string;
  member: Member;
  leaseTtlMs: number;
  clock: DatabaseClock;
  registry: Registry;
  logger: Logger;
};

const measureEveryMs = 1_000;
const freshForMs = 5_000;

/** Runs reactors and clocks until closed, sharing them with every other process that runs them. */
export function startReactors(options: ReactorsOptions): OpenService {
  const { reactors, clocks, clock: databaseClock } = options;
  const running = [
    ...reactors.map((one) => new RunningReactor({ ...options, ...one })),
    ...clocks.map((one) => new RunningClock({ ...options, databaseClock, ...one })),
  ];
  publishMetrics(options.registry, running);
  return {
    ready(): Readiness {
      const details = Object.fromEntries(running.map((one) => [one.name, one.details()]));
      return { ready: running.every((one) => one.isReady()), details };
    },
    async close() {
      await Promise.all(running.map((one) => one.close()));
    },
  };
}

type RunningOptions = ReactorsOptions & { reactor: AnyReactor; commands: CommandClient };

/** One reactor in this process, with its share of the lanes. */
class RunningReactor implements MeasuredReactor {
  /** By lane; only lanes that this process works. */
  readonly statuses = new Map<number, ReactionStatus>();
  lag: ReactorLag | null = null;
  readonly #options: RunningOptions;
  readonly #db: Db;
  readonly #reader: LogReader;
  readonly #leases: LeaseHolder;
  readonly #closing = new AbortController();
  readonly #measuring: Promise<void>;
  readonly #before = { done: 0, refused: 0 };
  #measuredAt = Number.NEGATIVE_INFINITY;
  #trouble: string | null = 'not measured yet';

  constructor(options: RunningOptions) {
    const { client, database, log, lanes, member, clock, logger } = options;
    const { leaseTtlMs: ttlMs } = options;
    this.#options = options;
    this.#db = client.db(database, { readPreference: 'primary' });
    this.#reader = log.reader();
    this.#leases = holdLeases({
      ...{ client, database, lanes, member, ttlMs, clock },
      role: `reactor:${this.name}`,
      dropAtDeadline: true,
      work: (lease) => this.#work(lease),
      onWarning: (message) => logger.warn(message),
    });
    this.#measuring = this.#measure();
  }

  get name(): string {
    return this.#options.reactor.name;
  }

  /** Commands answered since this process began. */
  get answered(): { done: number; refused: number } {
    const all = [this.#before, ...this.statuses.values()];
    const sum = (of: 'done' | 'refused') => all.reduce((total, one) => total + one[of], 0);
    return { done: sum('done'), refused: sum('refused') };
  }

  /** Kafka and Mongo answer, and no lane worked here is stopped or being tried again. */
  isReady(): boolean {
    const isFresh = performance.now() - this.#measuredAt < freshForMs;
    const isWell = [...this.statuses.values()].every((one) => !one.stopped && !one.trouble);
    return isFresh && isWell;
  }

  details(): unknown {
    const lanes = this.lag?.behind.map((eventsBehind, lane) => {
      return { lane, eventsBehind, ...this.statuses.get(lane) };
    });
    return { trouble: this.#trouble, parked: this.lag?.parked ?? 0, lanes };
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#leases.close();
    await Promise.all([this.#reader.close(), this.#measuring]);
  }

  #work(lease: Lease): LaneWork {
    const own = new AbortController();
    const stop = AbortSignal.any([own.signal, lease.lost]);
    const status: ReactionStatus = { stopped: null, trouble: null, done: 0, refused: 0 };
    this.statuses.set(lease.lane, status);
    const following = reactToLane({
      ...this.#options,
      ...{ lease, stop, status, db: this.#db, reader: this.#reader },
    });
    const done = following.finally(() => {
      if (this.statuses.get(lease.lane) === status) this.statuses.delete(lease.lane);
      this.#before.done += status.done;
      this.#before.refused += status.refused;
    });
    const drain = () => {
      own.abort();
      return done;
    };
    return { drain };
  }

  async #measure(): Promise<void> {
    const { signal } = this.#closing;
    const { reactor } = this.#options;
    const parts = { ...this.#options, db: this.#db };
    while (!signal.aborted) {
      try {
        this.lag = await measureLag(reactor, parts);
        this.#measuredAt = performance.now();
        this.#trouble = null;
      } catch (error) {
        this.#trouble = error instanceof Error ? error.message : String(error);
      }
      await sleep(measureEveryMs, signal);
    }
  }
}
