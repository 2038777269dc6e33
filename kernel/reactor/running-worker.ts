import type { MongoClient } from 'mongodb';
import type { Logger } from 'pino';
import { Backoff } from '../backoff.ts';
import type { LaneStatus } from '../following/follow-lane.ts';
import type { DatabaseClock } from '../leases/database-clock.ts';
import { holdLeases, type LeaseHolder, type Member } from '../leases/leases.ts';
import type { Worker } from '../reactor.ts';
import type { ReactorLag } from './lag.ts';
import type { MeasuredReactor } from './metrics.ts';
import type { ReactorParts } from './parts.ts';

export type WorkerOptions = {
  worker: Worker;
  parts: ReactorParts;
  client: MongoClient;
  database: string;
  /** Into how many shares the work is divided. */
  lanes: number;
  member: Member;
  leaseTtlMs: number;
  databaseClock: DatabaseClock;
  logger: Logger;
};

const pauses = { firstMs: 100, factor: 2, maxMs: 10_000 };

/** A worker's shares in this process; each share is worked by one process at a time. */
export class RunningWorker implements MeasuredReactor {
  readonly lag: ReactorLag | null = null;
  readonly statuses = new Map<number, LaneStatus>();
  readonly answered = { done: 0, refused: 0 };
  readonly #options: WorkerOptions;
  readonly #leases: LeaseHolder;

  constructor(options: WorkerOptions) {
    const { worker, client, database, member, lanes, databaseClock: clock, logger } = options;
    this.#options = options;
    this.#leases = holdLeases({
      ...{ client, database, member, ttlMs: options.leaseTtlMs, clock },
      ...{ role: `worker:${worker.name}`, lanes, dropAtDeadline: true },
      work: (lease) => {
        const own = new AbortController();
        const done = this.#work(lease.lane, AbortSignal.any([own.signal, lease.lost]));
        const drain = () => {
          own.abort();
          return done;
        };
        return { drain };
      },
      onWarning: (message) => logger.warn(message),
    });
  }

  get name(): string {
    return this.#options.worker.name;
  }

  isReady(): boolean {
    return [...this.statuses.values()].every(({ trouble }) => !trouble);
  }

  details(): unknown {
    return { shares: [...this.statuses].map(([share, status]) => ({ share, ...status })) };
  }

  close(): Promise<void> {
    return this.#leases.close();
  }

  async #work(share: number, stop: AbortSignal): Promise<void> {
    const { worker, parts, lanes: shares } = this.#options;
    const status: LaneStatus = { stopped: null, trouble: null };
    const backoff = new Backoff(pauses);
    this.statuses.set(share, status);
    const onWell = () => {
      status.trouble = null;
      backoff.reset();
    };
    while (!stop.aborted) {
      try {
        await worker.work(parts, { share, shares, stop, onWell });
      } catch (error) {
        if (stop.aborted) break;
        this.#tellTrouble(status, (error as Error).message);
        await backoff.pause(undefined, stop);
      }
    }
    if (this.statuses.get(share) === status) this.statuses.delete(share);
  }

  #tellTrouble(status: LaneStatus, message: string): void {
    if (status.trouble === message) return;
    status.trouble = message;
    this.#options.logger.warn(`${this.name}: ${message}; it is tried again`);
  }
}
