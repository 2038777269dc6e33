import { sleep } from '../backoff.ts';
import { Patience } from '../leases/patience.ts';
import { AbortedError, InDoubtError, type TopicLane } from '../log/log.ts';
import { messageOf } from '../message-of.ts';
import { outcomeOf } from './batch-builder.ts';
import type { Taken } from './claims/lane-claim.ts';
import type { Tenure } from './claims/tenure.ts';
import { LaneBatch } from './lane-batch.ts';
import { LaneState } from './lane-state.ts';
import { Latencies } from './latencies.ts';
import { LaneQueue } from './queue.ts';
import type { Outcome, Request } from './request.ts';
import { foldLane, isFinal, laneOfTopics } from './take-lane.ts';
import { CacheLostError } from './write-state.ts';
import type { WriterOptions } from './writer-options.ts';

/** How often a lane looks for commands that wait too long, and for a flush that is due. */
const tickMs = 500;

/** This node doesn't own the lane (any more). Whether the command was done can't be known here. */
export class LaneMovedError extends Error {
  override name = 'LaneMovedError';
}

/**
 * The one writer of a lane. It decides the waiting commands when the node forms a transaction, of
 * which there is one at a time, so that no decision rests on one that could still fail.
 */
export class LaneWriter {
  readonly state: LaneState;
  readonly #options: WriterOptions;
  readonly #queue: LaneQueue;
  readonly #topics: readonly string[];
  readonly #partitions: TopicLane[];
  /** How much this node has done for the lane since it took it. */
  readonly done = { transactions: 0, commands: 0, events: 0, inDoubt: 0, fenced: 0 };
  /** How long its last transactions took. */
  readonly latencies = new Latencies();
  /** Under which the lane was taken. */
  #tenure: Tenure | null = null;
  #status: 'taking' | 'open' | 'draining' | 'closed' = 'taking';
  #ended: Promise<void> | null = null;
  readonly #patience: Patience;
  #isCommitting = false;
  /** When the last flush beside the commits began: a `performance.now()`. */
  #flushedAt = Number.NEGATIVE_INFINITY;
  /** How far taking the lane had come at the last look. */
  #taken = 0;
  #trouble = 'no answer';

  constructor(options: WriterOptions) {
    this.#options = options;
    this.state = new LaneState(options.aggregates, options.store, options.limits.streams);
    this.#queue = new LaneQueue(this.state, options.limits);
    this.#patience = new Patience(options.lease);
    this.#topics = [...options.aggregates.keys()];
    this.#partitions = laneOfTopics({ ...options, topics: this.#topics });
    options.lease.lost.addEventListener('abort', () => this.#close());
  }

  get open() {
    return this.#status === 'open';
  }
  get closed() {
    return this.#status === 'closed';
  }
  get waiting() {
    return this.#queue.size;
  }

  /**
   * Decides and appends a command.
   * @throws Problem as its decision says, or because too much waits.
   * @throws LaneMovedError when the lane is no longer here: the lane's next owner gives the one
   *   answer to the same key.
   */
  submit(request: Request): Promise<Outcome> {
    if (this.#status === 'draining' || this.#status === 'closed') {
      return Promise.reject(moved());
    }
    return this.#queue.add(request);
  }

  /**
   * Works until the lane is drained or lost.
   * @throws LaneBrokenError, LaneReadError or UndecodableError if the lane can't be worked.
   */
  run(): Promise<void> {
    this.#ended ??= this.#run();
    return this.#ended;
  }

  /** Decides the commands that wait, flushes the state and ends `run`. */
  async drain(): Promise<void> {
    if (this.#status === 'taking' || this.#status === 'closed') return this.#close();
    this.#status = 'draining';
    this.#queue.wake();
    await this.run().catch(() => undefined);
  }

  async #run(): Promise<void> {
    const { committer, lane, limits } = this.#options;
    const timer = setInterval(() => this.#tick(), Math.min(limits.flushMs, tickMs));
    const entered = committer.enter(lane);
    try {
      await entered.ready;
      while (this.#status === 'taking') if (await this.#take()) await this.#serve();
      if (this.#status === 'draining') await this.state.flush().catch((e) => this.#warn(e));
    } finally {
      clearInterval(timer);
      this.#close();
      this.#queue.end(moved());
      await entered.leave();
    }
  }

  /** True once the lane is taken; false if taking it has to be tried again. */
  async #take(): Promise<boolean> {
    const { lease, limits, log, codec, committer, lane, prefix, skipped } = this.#options;
    if (!lease.valid) {
      // Without this two nodes that both believe in their lease would fence each other for ever.
      await sleep(20);
      return false;
    }
    const { silenceMs } = limits;
    const { state } = this;
    try {
      const taken = await committer.take(lane, this.#partitions);
      const place = { lane, prefix, topics: this.#topics };
      await foldLane(taken.barriers, { ...place, log, codec, state, skipped, silenceMs });
      // A node that slept before this may have fenced the lane's true owner. That owner answers
      // "unchanged" on its lease alone, so nobody else may append: the lease has to hold even now.
      if (this.#status !== 'taking' || !lease.valid || taken.tenure.over.aborted) return false;
      this.#open(taken);
      return true;
    } catch (error) {
      if (isFinal(error)) throw error;
      if (error instanceof CacheLostError) this.state.drop();
      this.#warn(error);
      await sleep(50 + Math.random() * 200);
      return false;
    }
  }

  #open({ tenure, tidy }: Taken): void {
    this.#tenure = tenure;
    this.#status = 'open';
    this.#queue.open();
    tenure.over.addEventListener('abort', () => {
      if (this.#tenure === tenure) this.#queue.fail(tenure.lost);
    });
    // A claim that stays only leads the next taker to fence its name once more.
    tidy().catch(() => undefined);
  }

  /** Decides and commits until the lane is closed, or its tenure or cache can't be used on. */
  async #serve(): Promise<void> {
    while (this.#status === 'open' || (this.#status === 'draining' && this.#queue.size > 0)) {
      try {
        await this.#queue.untilWork();
        await this.#decideWaiting();
      } catch (error) {
        if (this.closed) return;
        if (error instanceof AbortedError) {
          this.#warn(error);
          this.#queue.wake();
          continue;
        }
        if (error instanceof CacheLostError) this.state.drop();
        else if (!(error instanceof InDoubtError)) throw error;
        else this.done[error.fenced ? 'fenced' : 'inDoubt'] += 1;
        this.#warn(error);
        await this.#queue.pause();
        // A draining lane leaves commands in doubt to its next owner.
        if (this.#status === 'open') this.#status = 'taking';
        else this.#close();
        return;
      }
    }
  }

  async #decideWaiting(): Promise<void> {
    if (this.state.hot.dirtyFull && !(await this.#flushNow())) return;
    const waiting = new LaneBatch({ ...this.#options, state: this.state, queue: this.#queue });
    const { batch, offsets } = await this.#commit(waiting);
    if (batch.decided.length === 0) return;
    const lasted = performance.now() - waiting.formedAt;
    if (offsets.length > 0) this.latencies.add(lasted);
    this.#queue.lasted(lasted);
    // If the lane was closed meanwhile, its state is gone; the commit holds all the same.
    if (this.state.taken) this.state.commit(batch, offsets);
    this.done.transactions += batch.events.length > 0 ? 1 : 0;
    this.done.commands += batch.decided.length;
    this.done.events += batch.events.length;
    for (const { request, decision } of batch.decided) {
      this.#queue.settle(
        request,
        decision.kind === 'fails' ? decision.problem : outcomeOf(decision, offsets),
      );
    }
    if (this.state.hot.dirtySize >= this.#options.limits.flushStreams) this.#flushBeside();
  }

  /**
   * Commits what waits, with the other lanes of the node. A batch without events holds only while
   * no other writer can exist.
   */
  async #commit(waiting: LaneBatch) {
    const { lease, committer } = this.#options;
    const tenure = this.#tenure as Tenure;
    this.#isCommitting = true;
    try {
      const offsets = await committer.commit(tenure, this.#partitions, waiting);
      const { batch } = waiting;
      const restsOnLease = batch.decided.length > 0 && batch.events.length === 0;
      if (restsOnLease && !lease.valid) await committer.confirm(tenure, this.#partitions);
      return { batch, offsets };
    } catch (error) {
      const decided = waiting.batch.decided.map(({ request }) => request);
      if (error instanceof AbortedError) this.#queue.putBack(decided);
      else this.#queue.putBackInDoubt(decided);
      throw error;
    } finally {
      this.#isCommitting = false;
    }
  }

  #tick(): void {
    this.#queue.refuseLate();
    this.#passOnIfStuck();
    const isDue = performance.now() - this.#flushedAt >= this.#options.limits.flushMs;
    if (this.open && isDue && this.state.hot.dirtySize > 0) this.#flushBeside();
  }

  /** A lane whose partitions only this node can't reach is open again as soon as it has moved. */
  #passOnIfStuck(): void {
    const taken = this.state.taken ? sumOf(this.state.row.next) : 0;
    const isBusy = this.#status === 'taking' || this.#isCommitting;
    if (!isBusy || taken !== this.#taken) this.#patience.well();
    else this.#patience.check(this.#trouble);
    this.#taken = taken;
  }

  /** False if `write_state` is away: then nothing more may be appended for now. */
  async #flushNow(): Promise<boolean> {
    try {
      await this.state.flush();
      return true;
    } catch (error) {
      if (error instanceof CacheLostError) throw error;
      this.#warn(error);
      await sleep(100);
      this.#queue.wake();
      return false;
    }
  }

  #flushBeside(): void {
    if (this.state.flushing) return;
    this.#flushedAt = performance.now();
    this.state.flush().then(
      () => this.#queue.wake(),
      (error) => {
        this.#warn(error);
        if (error instanceof CacheLostError) this.#queue.fail(error);
      },
    );
  }

  #close(): void {
    if (this.#status === 'closed') return;
    this.#status = 'closed';
    this.#queue.close(moved());
    this.state.drop();
  }

  #warn(error: unknown): void {
    if (this.#status === 'closed') return;
    this.#trouble = messageOf(error);
    this.#options.onWarning(this.#trouble);
  }
}

const moved = () => new LaneMovedError('The lane has moved.');

const sumOf = (offsets: Readonly<Record<string, number>>) =>
  Object.values(offsets).reduce((sum, offset) => sum + offset, 0);
