/** Ends early, without an error, when aborted. */
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

export type Pauses = { firstMs: number; factor: number; maxMs: number };

/** Growing pauses with a fifth of jitter, so that many waiters don't come back at once. */
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

  /** How long to wait now; the next answer is longer. */
  nextMs(): number {
    const ms = this.#nextMs;
    this.#nextMs = Math.min(ms * this.#pauses.factor, this.#pauses.maxMs);
    return ms * (0.9 + Math.random() * 0.2);
  }

  /** @returns false, at once, if the pause would end past the deadline (a `performance.now()`). */
  async pause(deadline = Number.POSITIVE_INFINITY): Promise<boolean> {
    const ms = this.nextMs();
    if (performance.now() + ms > deadline) return false;
    await sleep(ms);
    return true;
  }
}
