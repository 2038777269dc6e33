import type { ClientSession } from 'mongodb';
import { unpausedNow } from './clock.ts';

/** A process that holds leases; `url` is its advertised HTTP address, '' if it has none. */
export type Member = { id: string; url: string };

/**
 * The right to work one lane for one role. A lease only decides which process tries; a fence in
 * Kafka or MongoDB keeps two that both try from doing harm.
 */
export type Lease = {
  readonly role: string;
  readonly lane: number;
  /** Higher than that of every lease of this lane before it. */
  readonly term: number;
  /** The `unpausedNow()` until which the lease surely holds, counted from before its renewal. */
  readonly deadline: number;
  readonly valid: boolean;
  /** Aborted as soon as the lease is lost. */
  readonly lost: AbortSignal;
  /** The explicit Mongo session whose id stands in the lease document. */
  readonly session: ClientSession;
  /**
   * Gives up a lane that this process can't work, if another member stands by that has not failed
   * it. @returns false if there is none, so that this process had better try on.
   */
  passOn(reason: string): boolean;
};

export type LaneWork = {
  /**
   * Ends the work for a planned move, in bounded time; the lease is released afterwards. When the
   * lease is lost, resolves as soon as the work has stopped.
   */
  drain(): Promise<void>;
};

type HolderOfLease = {
  passOn(lease: HeldLease, reason: string): boolean;
  /** Called when the deadline passes, if the lane has to be dropped then. */
  onDeadline: ((lease: HeldLease) => void) | undefined;
};

/** A lease as its holder keeps it. */
export class HeldLease implements Lease {
  readonly role: string;
  readonly lane: number;
  readonly term: number;
  readonly session: ClientSession;
  readonly takenAt = performance.now();
  work: Promise<LaneWork> | undefined;
  /** Set while the lane moves away on purpose. */
  leaving = false;
  #deadline: number;
  #timer: NodeJS.Timeout | undefined;
  readonly #holder: HolderOfLease;
  readonly #lost = new AbortController();

  constructor(
    lease: Pick<Lease, 'role' | 'lane' | 'term' | 'session' | 'deadline'>,
    holder: HolderOfLease,
  ) {
    this.role = lease.role;
    this.lane = lease.lane;
    this.term = lease.term;
    this.session = lease.session;
    this.#deadline = lease.deadline;
    this.#holder = holder;
    this.#watch();
  }

  get deadline(): number {
    return this.#deadline;
  }

  /** Asks the clock: after a sleep of the process this is right before any timer has run. */
  get valid(): boolean {
    return !this.#lost.signal.aborted && unpausedNow() < this.#deadline;
  }

  get lost(): AbortSignal {
    return this.#lost.signal;
  }

  passOn(reason: string): boolean {
    return this.valid && this.#holder.passOn(this, reason);
  }

  renewed(deadline: number): void {
    this.#deadline = deadline;
    this.#watch();
  }

  lose(reason: string): void {
    clearTimeout(this.#timer);
    this.#deadline = Number.NEGATIVE_INFINITY;
    if (!this.#lost.signal.aborted) this.#lost.abort(new Error(reason));
  }

  #watch(): void {
    const { onDeadline } = this.#holder;
    if (!onDeadline || this.#lost.signal.aborted) return;
    clearTimeout(this.#timer);
    const restMs = Math.max(0, this.#deadline - unpausedNow());
    this.#timer = setTimeout(onDeadline, Math.ceil(restMs), this);
    this.#timer.unref();
  }
}
