import { Backoff } from '../backoff.ts';

/** The pauses between tries at a lane that no other member can work either. */
const pauses = { firstMs: 500, factor: 2, maxMs: 30_000, jitter: [0.5, 1] } as const;
const steadyAfterMs = 10_000;
/** In lives of a lease: with the default of 3 s, 15 s to 10 minutes. */
const passedOver = { firstMs: 5, factor: 2, maxMs: 200 } as const;

/** The lanes of a role that this process could not work. */
export class Failures {
  readonly #ttlMs: number;
  readonly #pauses = new Map<number, { backoff: Backoff; until: number }>();
  /** Grows with each lane that fails, so that lanes are not all tried again at the same time. */
  readonly #passedOver = new Backoff(passedOver);
  /** A failure after this time has nothing to do with those before it. */
  #recoveredAt = Number.NEGATIVE_INFINITY;

  constructor(ttlMs: number) {
    this.#ttlMs = ttlMs;
  }

  /** Whether it is too early to try a lane again, even if nobody else can work it. */
  isPaused(lane: number): boolean {
    return (this.#pauses.get(lane)?.until ?? 0) > performance.now();
  }

  /** @returns for how many milliseconds this process is passed over, if others can work it. */
  failed(lane: number, heldMs: number): number {
    const now = performance.now();
    const backoff = this.#pauses.get(lane)?.backoff ?? new Backoff(pauses);
    if (heldMs > steadyAfterMs) backoff.reset();
    this.#pauses.set(lane, { backoff, until: now + backoff.nextMs() });
    if (now > this.#recoveredAt) this.#passedOver.reset();
    const ms = this.#passedOver.nextMs() * this.#ttlMs;
    this.#recoveredAt = now + 2 * ms;
    return ms;
  }
}
