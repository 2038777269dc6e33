import { Problem } from '../problems.ts';
import { BulkShare } from './bulk-share.ts';
import type { LaneState } from './lane-state.ts';
import type { Outcome, Request } from './request.ts';
import { inDoubt, streamsOf, unavailable, type Waiting, weightOf } from './waiting.ts';
import { CacheLostError } from './write-state.ts';

type QueueLimits = { queue: number; waitMs: number; attempts: number; doubtMs: number };

const loadAtOnce = 1_000;
/** Fewer streams of bulk requests, since the streams of others wait until these are loaded. */
const bulkLoadAtOnce = 200;

/**
 * The requests that wait for a lane's next transaction, in order, with their streams. Bulk requests
 * wait in a line of their own: any other goes before them, and they don't take its place.
 */
export class LaneQueue {
  readonly #state: LaneState;
  readonly #limits: QueueLimits;
  #waiting: Waiting[] = [];
  #bulk: Waiting[] = [];
  readonly #share = new BulkShare();
  /**
   * The requests that are being decided, or committed, among others that no longer are. A set that
   * each request enters and leaves would keep it until V8 collects the whole heap.
   */
  #deciding: Waiting[] = [];
  #decidingCount = 0;
  #isOpen = false;
  #failure: Error | null = null;
  /** Why the lane is no longer here. */
  #closed: Error | null = null;
  #wake: () => void = () => undefined;
  #changed = false;
  #loading: Promise<void> | null = null;

  constructor(state: LaneState, limits: QueueLimits) {
    this.#state = state;
    this.#limits = limits;
  }

  get size() {
    return this.#waiting.length + this.#bulk.length + this.#decidingCount;
  }

  add(request: Request): Promise<Outcome> {
    const line = request.bulk ? this.#bulk : this.#waiting;
    if (!request.bulk) this.#share.otherCame();
    if (line.length + this.#decidingCount >= this.#limits.queue) {
      const detail = 'Too many commands wait for this lane; try again in a moment.';
      return Promise.reject(new Problem('overloaded', detail));
    }
    return new Promise((resolve, reject) => {
      const settle = (result: Outcome | Error) =>
        result instanceof Error ? reject(result) : resolve(result);
      const lateAt = performance.now() + this.#limits.waitMs;
      const streams = streamsOf(request);
      const begun = { attempts: 0, streams, cold: streams, isDeciding: false };
      const waiting = { ...request, settle, lateAt, ...begun };
      line.push(waiting);
      if (this.#isOpen) this.#admit(waiting);
    });
  }

  /** The lane's state is complete: streams may be loaded and commands decided. */
  open(): void {
    this.#isOpen = true;
    this.#failure = null;
    for (const waiting of this.#all()) this.#admit(waiting);
    this.wake();
  }

  /** The lane has to be taken again. Requests go on waiting; no streams are loaded meanwhile. */
  async pause(): Promise<void> {
    this.#isOpen = false;
    await this.#loading;
    for (const waiting of this.#all()) this.#unpin(waiting);
  }

  /** What is being decided may still come to something. */
  close(reason: Error): void {
    this.#isOpen = false;
    this.#closed = reason;
    for (const waiting of this.#takeOut(() => true)) waiting.settle(reason);
    this.fail(reason);
  }

  /** Closes the queue, and nobody is deciding any more. */
  end(reason: Error): void {
    this.close(reason);
    for (const waiting of this.#stillDeciding()) this.settle(waiting, reason);
  }

  /** Makes `untilWork` throw. */
  fail(reason: Error): void {
    this.#failure = reason;
    this.wake();
  }

  wake(): void {
    this.#changed = true;
    this.#wake();
  }

  /** Resolves when there may be something to decide. */
  async untilWork(): Promise<void> {
    if (!this.#changed) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    this.#changed = false;
    if (this.#failure) throw this.#failure;
  }

  /** @param batch that they are for: it takes only so many bulk requests. */
  take({ decided }: { decided: readonly { request: Waiting }[] }): Waiting[] {
    let bulkTaken = 0;
    for (const { request } of decided) if (request.bulk) bulkTaken += weightOf(request);
    const taken = [...this.#waiting, ...this.#takeBulk(this.#share.size - bulkTaken)];
    // The requests' streams may have been loaded just now.
    for (const waiting of taken) this.#pin(waiting);
    this.#waiting = [];
    this.#deciding = [...this.#stillDeciding(), ...taken];
    this.#decidingCount = this.#deciding.length;
    for (const waiting of taken) waiting.isDeciding = true;
    return taken;
  }

  #stillDeciding(): Waiting[] {
    return this.#decidingCount === 0 ? [] : this.#deciding.filter((one) => one.isDeciding);
  }

  #leave(waiting: Waiting): void {
    if (!waiting.isDeciding) return;
    waiting.isDeciding = false;
    this.#decidingCount -= 1;
    if (this.#decidingCount === 0) this.#deciding = [];
  }

  /** Puts requests that have to wait for a later batch before all others. */
  putBack(left: Waiting[]): void {
    for (const waiting of left) this.#leave(waiting);
    this.#putFirst(left);
    // A loaded stream or a flush wakes the queue by itself; room in the next batch does not.
    const isReady = ({ cold }: Waiting) => cold.length === 0;
    if (this.#decidingCount > 0 && (left.some(isReady) || this.#bulk.some(isReady))) {
      this.#changed = true;
    }
  }

  /** Takes bulk requests until they count for so many; the last one may count for more. */
  #takeBulk(atMost: number): Waiting[] {
    let count = 0;
    let weight = 0;
    while (count < this.#bulk.length && weight < atMost) {
      weight += weightOf(this.#bulk[count] as Waiting);
      count += 1;
    }
    return this.#bulk.splice(0, count);
  }

  /** Tells how long a transaction took, in milliseconds. */
  lasted(ms: number): void {
    this.#share.lasted(ms);
  }

  #putFirst(requests: readonly Waiting[]): void {
    if (this.#closed) {
      for (const waiting of requests) waiting.settle(this.#closed);
      return;
    }
    this.#waiting = [...requests.filter(({ bulk }) => !bulk), ...this.#waiting];
    this.#bulk = [...requests.filter(({ bulk }) => bulk), ...this.#bulk];
  }

  #all(): Waiting[] {
    return [...this.#waiting, ...this.#bulk];
  }

  /** Takes the requests out for which this holds. */
  #takeOut(isOut: (waiting: Waiting) => boolean): Waiting[] {
    const out = this.#all().filter(isOut);
    if (out.length === 0) return out;
    this.#waiting = this.#waiting.filter((waiting) => !isOut(waiting));
    this.#bulk = this.#bulk.filter((waiting) => !isOut(waiting));
    return out;
  }

  /** Puts back requests that may have committed: taking the lane again will show it. */
  putBackInDoubt(requests: Waiting[]): void {
    const again = requests.filter((request) => {
      this.#leave(request);
      request.attempts += 1;
      if (request.attempts < this.#limits.attempts && this.#isOpen) return true;
      this.#unpin(request);
      request.settle(this.#closed ?? inDoubt());
      return false;
    });
    this.#putFirst(again);
  }

  settle(request: Waiting, result: Outcome | Error): void {
    this.#leave(request);
    this.#unpin(request);
    request.settle(result);
  }

  /** Refuses requests that wait for too long. What comes of those that Kafka has shows later. */
  refuseLate(): void {
    const now = performance.now();
    for (const waiting of this.#stillDeciding()) {
      if (waiting.lateAt + this.#limits.doubtMs <= now) waiting.settle(inDoubt());
    }
    const late = this.#takeOut((waiting) => waiting.lateAt <= now);
    if (late.length === 0) return;
    for (const waiting of late) {
      this.#unpin(waiting);
      waiting.settle(unavailable(waiting));
    }
    this.wake(); // A drain waits until the queue is empty.
  }

  #admit(waiting: Waiting): void {
    this.#pin(waiting);
    if (waiting.cold.length === 0) this.wake();
    else this.#load();
  }

  #pin(waiting: Waiting): void {
    if (waiting.cold.length === 0) return;
    waiting.cold = waiting.cold.filter((name) => !this.#state.hot.pin(name));
  }

  #unpin(waiting: Waiting): void {
    const { streams, cold } = waiting;
    waiting.cold = streams;
    // Dropped state has no pins any more, and streams loaded later get pins of their own.
    if (!this.#state.taken) return;
    for (const name of streams) if (!cold.includes(name)) this.#state.hot.unpin(name);
  }

  #load(): void {
    this.#loading ??= this.#loadCold().finally(() => {
      this.#loading = null;
    });
  }

  async #loadCold(): Promise<void> {
    while (this.#isOpen && this.#coldNames().length > 0) {
      try {
        await this.#state.load(() => this.#coldNames());
      } catch (error) {
        if (error instanceof CacheLostError) return this.fail(error);
        this.#refuseCold(error);
        return;
      }
      if (!this.#isOpen) return;
      for (const waiting of this.#all()) this.#pin(waiting);
      this.wake();
    }
  }

  #coldNames(): string[] {
    const names = new Set<string>();
    const add = (line: readonly Waiting[], atMost: number) => {
      for (const { cold } of line) {
        for (const name of cold) names.add(name);
        if (names.size >= atMost) return;
      }
    };
    add(this.#waiting, loadAtOnce);
    if (names.size < bulkLoadAtOnce) add(this.#bulk, bulkLoadAtOnce);
    return [...names];
  }

  /** `write_state` is away: requests whose streams are hot go on, the others are refused. */
  #refuseCold(cause: unknown): void {
    for (const waiting of this.#takeOut(({ cold }) => cold.length > 0)) {
      this.#unpin(waiting);
      const detail = 'The state of this stream can’t be read now; try again in a moment.';
      waiting.settle(new Problem('part-away', detail, { cause }));
    }
    this.wake();
  }
}
