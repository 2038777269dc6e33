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
import { messageOf } from '../message-of.ts';
import { perSecond } from '../per-second.ts';
import type { AnyClock, AnyReactor, Worker } from '../reactor.ts';
import type { OpenService } from '../service/run-service.ts';
import { type Measured, WorkDurations } from '../tracing/messaging-metrics.ts';
import type { Traced } from '../tracing/tracing.ts';
import type { CommandClient } from './command-client.ts';
import { measureLag, type ReactorLag } from './lag.ts';
import { type MeasuredReactor, publishMetrics } from './metrics.ts';
import type { ReactorParts } from './parts.ts';
import { type ReactionStatus, reactToLane } from './reaction-pass.ts';
import { RunningClock } from './running-clock.ts';
import { RunningWorker } from './running-worker.ts';

export type ReactorsOptions = Traced & {
  reactors: readonly { reactor: AnyReactor; commands: CommandClient }[];
  clocks: readonly { clock: AnyClock; commands: CommandClient }[];
  workers: readonly { worker: Worker; parts: ReactorParts }[];
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

const measureEveryMs = 2_000;
const freshForMs = 7_000;

/** Runs reactors and clocks until closed, sharing them with every other process that runs them. */
export function startReactors(options: ReactorsOptions): OpenService {
  const { reactors, clocks, workers, clock: databaseClock } = options;
  const durations = new WorkDurations(options.registry, 'process');
  const running = [
    ...reactors.map((one) => new RunningReactor({ ...options, durations, ...one })),
    ...clocks.map((one) => new RunningClock({ ...options, databaseClock, ...one })),
    ...workers.map((one) => new RunningWorker({ ...options, databaseClock, ...one })),
  ];
  publishMetrics(options.registry, running);
  const own = workers.flatMap(({ worker }) => worker.metrics ?? []);
  for (const metric of own) options.registry.registerMetric(metric);
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

type RunningOptions = ReactorsOptions & Measured & { reactor: AnyReactor; commands: CommandClient };

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
  readonly #before = { events: 0, done: 0, refused: 0 };
  #measuredAt = Number.NEGATIVE_INFINITY;
  #answeredBefore = 0;
  #rates: Rates = { eventsPerSecond: 0, commandsPerSecond: 0 };
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
    return { done: this.#sum('done'), refused: this.#sum('refused') };
  }

  get events(): number {
    return this.#sum('events');
  }

  #sum(of: 'events' | 'done' | 'refused'): number {
    return [this.#before, ...this.statuses.values()].reduce((sum, one) => sum + one[of], 0);
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
    const { topic } = this.#options.reactor;
    return { topic, ...this.#rates, trouble: this.#trouble, parked: this.lag?.parked ?? 0, lanes };
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#leases.close();
    await Promise.all([this.#reader.close(), this.#measuring]);
  }

  #work(lease: Lease): LaneWork {
    const own = new AbortController();
    const stop = AbortSignal.any([own.signal, lease.lost]);
    const counts = { events: 0, done: 0, refused: 0 };
    const status: ReactionStatus = { stopped: null, trouble: null, ...counts };
    this.statuses.set(lease.lane, status);
    const following = reactToLane({
      ...this.#options,
      ...{ lease, stop, status, db: this.#db, reader: this.#reader },
    });
    const done = following.finally(() => {
      if (this.statuses.get(lease.lane) === status) this.statuses.delete(lease.lane);
      this.#before.events += status.events;
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
        const lag = await measureLag(reactor, parts);
        this.#measured(lag, performance.now());
        this.#trouble = null;
      } catch (error) {
        this.#trouble = messageOf(error);
      }
      await sleep(measureEveryMs, signal);
    }
  }

  #measured(lag: ReactorLag, at: number): void {
    const { done, refused } = this.answered;
    const answered = done + refused;
    if (this.lag) {
      const ms = at - this.#measuredAt;
      this.#rates = {
        eventsPerSecond: perSecond(lag.passed - this.lag.passed, ms),
        commandsPerSecond: perSecond(answered - this.#answeredBefore, ms),
      };
    }
    this.lag = lag;
    this.#measuredAt = at;
    this.#answeredBefore = answered;
  }
}

/** Of the whole reactor, and of the commands of this process. */
type Rates = { eventsPerSecond: number; commandsPerSecond: number };
