/** Waits for so many milliseconds. Ends early, without an error, when aborted. */
export const sleep = async (ms: number, signal?: AbortSignal): Promise<void> => {
  if (signal?.aborted) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, ms);
  const stop = (): void => resolve();
  signal?.addEventListener('abort', stop);
  await promise;
  clearTimeout(timer);
  signal?.removeEventListener('abort', stop);
};

/** Resolves when the signal aborts. */
export const aborted = (signal: AbortSignal): Promise<void> =>
  signal.aborted
    ? Promise.resolve()
    : new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));

export type Pauses = {
  firstMs: number;
  factor: number;
  maxMs: number;
  /** Each pause is multiplied by a random number between these two; 0.9 and 1.1 if unset. */
  jitter?: readonly [least: number, most: number];
};

/**
 * Growing pauses with jitter, so that many waiters don't come back at once.
 *
 * @example
 * ```ts
 * import { Backoff } from '@event-sourced/kernel/backoff';
 *
 * export async function untilDone(done: () => Promise<boolean>, untilMs: number) {
 *   const backoff = new Backoff({ firstMs: 20, factor: 2, maxMs: 1_000 });
 *   while (!(await done())) if (!(await backoff.pause(untilMs))) return false;
 *   return true;
 * }
 * ```
 */
export class Backoff {
  readonly #pauses: Pauses;
  #nextMs: number;

  constructor(pauses: Pauses) {
    this.#pauses = pauses;
    this.#nextMs = pauses.firstMs;
  }

  reset(): void {
    this.#nextMs = this.#pauses.firstMs;
  }

  /** The length of the next pause. Each is longer than the one before it, up to `maxMs`. */
  nextMs(): number {
    const ms = this.#nextMs;
    this.#nextMs = Math.min(ms * this.#pauses.factor, this.#pauses.maxMs);
    return this.jittered(ms);
  }

  /** A pause of another length, with the same jitter. */
  jittered(ms: number): number {
    const [least, most] = this.#pauses.jitter ?? [0.9, 1.1];
    return ms * (least + Math.random() * (most - least));
  }

  /**
   * Waits for the next pause. Ends early when aborted.
   * @returns false, at once, if the pause would end past the deadline (a `performance.now()`).
   */
  async pause(deadline = Number.POSITIVE_INFINITY, signal?: AbortSignal): Promise<boolean> {
    const ms = this.nextMs();
    if (performance.now() + ms > deadline) return false;
    await sleep(ms, signal);
    return true;
  }
}
