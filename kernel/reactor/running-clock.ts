import type { MongoClient } from 'mongodb';
import type { Logger } from 'pino';
import { Backoff, sleep } from '../backoff.ts';
import type { LaneStatus } from '../following/follow-lane.ts';
import type { DatabaseClock } from '../leases/database-clock.ts';
import { holdLeases, type Lease, type LeaseHolder, type Member } from '../leases/leases.ts';
import type { AnyClock, DueReaction } from '../reactor.ts';
import type { CommandClient, Outcome } from './command-client.ts';
import { DueDocuments } from './due-documents.ts';
import type { ReactorLag } from './lag.ts';
import type { MeasuredReactor } from './metrics.ts';

export type ClockOptions = {
  clock: AnyClock;
  commands: CommandClient;
  client: MongoClient;
  database: string;
  member: Member;
  leaseTtlMs: number;
  databaseClock: DatabaseClock;
  logger: Logger;
};

const lookEveryMs = 1_000;
const pauses = { firstMs: 100, factor: 2, maxMs: 10_000 };

/** A clock in this process; of all processes, the one with the lease works it. */
export class RunningClock implements MeasuredReactor {
  readonly lag: ReactorLag | null = null;
  readonly statuses = new Map<number, LaneStatus>();
  readonly answered = { done: 0, refused: 0 };
  readonly #options: ClockOptions;
  readonly #documents: DueDocuments;
  readonly #lease: LeaseHolder;

  constructor(options: ClockOptions) {
    const { clock, commands, client, database, member, databaseClock, logger } = options;
    const db = client.db(database, { readPreference: 'primary' });
    this.#options = options;
    this.#documents = new DueDocuments(clock, db, commands);
    this.#lease = holdLeases({
      ...{ client, database, member, ttlMs: options.leaseTtlMs, clock: databaseClock },
      ...{ role: `clock:${clock.name}`, lanes: 1, dropAtDeadline: true },
      work: (lease) => {
        const own = new AbortController();
        const done = this.#work(lease, AbortSignal.any([own.signal, lease.lost]));
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
    return this.#options.clock.name;
  }

  isReady(): boolean {
    return [...this.statuses.values()].every(({ trouble }) => !trouble);
  }

  details(): unknown {
    const status = this.statuses.get(0);
    return { trouble: status?.trouble ?? null, isWorkedHere: status !== undefined };
  }

  close(): Promise<void> {
    return this.#lease.close();
  }

  async #work(lease: Lease, stop: AbortSignal): Promise<void> {
    const status: LaneStatus = { stopped: null, trouble: null };
    const backoff = new Backoff(pauses);
    this.statuses.set(0, status);
    const mayGoOn = () => !stop.aborted && lease.valid;
    while (!stop.aborted) {
      try {
        await this.#documents.send({
          ...{ mayGoOn, signal: stop },
          answered: (reaction, outcome) => this.#count(reaction, outcome),
        });
        status.trouble = null;
        backoff.reset();
        await sleep(lookEveryMs, stop);
      } catch (error) {
        if (stop.aborted) break;
        this.#tellTrouble(status, (error as Error).message);
        await backoff.pause(undefined, stop);
      }
    }
    if (this.statuses.get(0) === status) this.statuses.delete(0);
  }

  #tellTrouble(status: LaneStatus, message: string): void {
    if (status.trouble === message) return;
    status.trouble = message;
    this.#options.logger.warn(`${this.name}: ${message}; it is tried again`);
  }

  #count(reaction: DueReaction, outcome: Outcome): void {
    const { logger } = this.#options;
    const about = { clock: this.name };
    if (outcome.kind === 'done') {
      this.answered.done += 1;
      const line = reaction.done?.(outcome.answer);
      if (line) logger.info(about, line);
      return;
    }
    this.answered.refused += 1;
    const { status, code, detail } = outcome;
    logger.warn(about, `${reaction.POST} is refused with ${status} ${code}: ${detail}`);
  }
}
