import { Problem } from '../problems.ts';
import type { LaneState } from './lane-state.ts';
import type { Outcome, Request } from './request.ts';
import { CacheLostError } from './write-state.ts';

/** A request in the queue of its lane. */
export type Waiting = Request & {
  settle(result: Outcome | Error): void;
  /** `performance.now()` after which the request is refused if it is still undecided. */
  lateAt: number;
  attempts: number;
  /** The streams that the request needs. */
  streams: readonly string[];
  /** The needed streams that are not hot yet; the others are pinned. */
  cold: Set<string>;
};

type QueueLimits = { queue: number; waitMs: number; attempts: number };

const loadAtOnce = 1_000;

/** The requests that wait for a lane's next transaction, in order, with their streams. */
export class LaneQueue {
  readonly #state: LaneState;
  readonly #limits: QueueLimits;
  #waiting: Waiting[] = [];
  /** How many requests are being decided; those that can't be are put back. */
  #deciding = 0;
  #isOpen = false;
  #failure: Error | null = null;
  #wake: () => void = () => undefined;
  #changed = false;
  #loading: Promise<void> | null = null;

  constructor(state: LaneState, limits: QueueLimits) {
    this.#state = state;
    this.#limits = limits;
  }

  get size() {
    return this.#waiting.length + this.#deciding;
  }

  add(request: Request): Promise<Outcome> {
    if (this.size >= this.#limits.queue) {
      const detail = 'Too many commands wait for this lane; try again in a moment.';
      return Promise.reject(new Problem('overloaded', detail));
    }
    return new Promise((resolve, reject) => {
      const settle = (result: Outcome | Error) =>
        result instanceof Error ? reject(result) : resolve(result);
      const lateAt = performance.now() + this.#limits.waitMs;
      const streams = streamsOf(request);
      const cold = new Set(streams);
      const waiting = { ...request, settle, lateAt, attempts: 0, streams, cold };
      this.#waiting.push(waiting);
      if (this.#isOpen) this.#admit(waiting);
    });
  }

  /** The lane's state is complete: streams may be loaded and commands decided. */
  open(): void {
    this.#isOpen = true;
    this.#failure = null;
    for (const waiting of this.#waiting) this.#admit(waiting);
    this.wake();
  }

  /** The lane has to be taken again. Requests go on waiting; no streams are loaded meanwhile. */
  async pause(): Promise<void> {
    this.#isOpen = false;
    await this.#loading;
    for (const waiting of this.#waiting) this.#unpin(waiting);
  }

  close(reason: Error): void {
    this.#isOpen = false;
    for (const waiting of this.#waiting) waiting.settle(reason);
    this.#waiting = [];
    this.fail(reason);
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

  take(): Waiting[] {
    const taken = this.#waiting;
    // The requests' streams may have been loaded just now.
    for (const waiting of taken) this.#pin(waiting);
    this.#waiting = [];
    this.#deciding += taken.length;
    return taken;
  }

  /** Puts requests that have to wait for a later batch before all others. */
  putBack(left: Waiting[]): void {
    this.#deciding -= left.length;
    this.#waiting = [...left, ...this.#waiting];
    // A loaded stream or a flush wakes the queue by itself; room in the next batch does not.
    if (this.#deciding > 0 && left.some((waiting) => waiting.cold.size === 0)) this.#changed = true;
  }

  /** Puts back requests that may have committed: taking the lane again will show it. */
  putBackInDoubt(requests: Waiting[]): void {
    this.#deciding -= requests.length;
    const again = requests.filter((request) => {
      request.attempts += 1;
      if (request.attempts < this.#limits.attempts && this.#isOpen) return true;
      this.#unpin(request);
      const detail =
        'Whether this was done is not known yet; repeat it with the same Idempotency-Key.';
      const moved = this.#isOpen ? null : this.#failure;
      request.settle(moved ?? new Problem('lane-unavailable', detail));
      return false;
    });
    this.#waiting = [...again, ...this.#waiting];
  }

  settle(request: Waiting, result: Outcome | Error): void {
    this.#deciding -= 1;
    this.#unpin(request);
    request.settle(result);
  }

  /** Refuses requests that have waited too long. */
  refuseLate(): void {
    const now = performance.now();
    if (this.#waiting.every((waiting) => waiting.lateAt > now)) return;
    const late = this.#waiting.filter((waiting) => waiting.lateAt <= now);
    this.#waiting = this.#waiting.filter((waiting) => waiting.lateAt > now);
    for (const waiting of late) {
      this.#unpin(waiting);
      waiting.settle(unavailable(waiting));
    }
    this.wake(); // A drain waits until the queue is empty.
  }

  #admit(waiting: Waiting): void {
    this.#pin(waiting);
    if (waiting.cold.size === 0) this.wake();
    else this.#load();
  }

  #pin({ cold }: Waiting): void {
    for (const name of cold) if (this.#state.hot.pin(name)) cold.delete(name);
  }

  #unpin(waiting: Waiting): void {
    const { streams, cold } = waiting;
    waiting.cold = new Set(streams);
    // Dropped state has no pins any more, and streams loaded later get pins of their own.
    if (!this.#state.taken) return;
    for (const name of streams) if (!cold.has(name)) this.#state.hot.unpin(name);
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
      for (const waiting of this.#waiting) this.#pin(waiting);
      this.wake();
    }
  }

  #coldNames(): string[] {
    const names = new Set<string>();
    for (const { cold } of this.#waiting) {
      for (const name of cold) names.add(name);
      if (names.size >= loadAtOnce) break;
    }
    return [...names];
  }

  /** `write_state` is away: requests whose streams are hot go on, the others are refused. */
  #refuseCold(cause: unknown): void {
    const cold = this.#waiting.filter((waiting) => waiting.cold.size > 0);
    this.#waiting = this.#waiting.filter((waiting) => waiting.cold.size === 0);
    for (const waiting of cold) {
      this.#unpin(waiting);
      const detail = 'The state of this stream can’t be read now; try again in a moment.';
      waiting.settle(new Problem('part-away', detail, { cause }));
    }
    this.wake();
  }
}

/** All streams that a request needs, each once. */
function streamsOf({ stream, part, reads }: Request): string[] {
  const streams = part === null ? [stream] : [stream, part];
  for (const read of reads) if (!streams.includes(read.stream)) streams.push(read.stream);
  return streams;
}

const unavailable = ({ attempts }: Waiting) =>
  new Problem(
    'lane-unavailable',
    attempts > 0
      ? 'Whether this was done is not known yet; repeat it with the same Idempotency-Key.'
      : 'The part that decides this is moving or away; try again in a moment.',
  );
