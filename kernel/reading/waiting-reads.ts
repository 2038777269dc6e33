/** The generations that a read still waits for. @throws Problem when there is none to wait for. */
type Missing = () => readonly string[];

/** Reads that wait until generations have come far enough. */
export class WaitingReads {
  readonly #checks = new Set<Missing>();
  #arrival = Promise.withResolvers<void>();

  /** @returns false if the read waited longer than the time given. */
  async wait(missing: Missing, timeoutMs: number): Promise<boolean> {
    if (missing().length === 0) return true;
    const done = Promise.withResolvers<boolean>();
    const check = () => {
      try {
        const awaited = missing();
        if (awaited.length === 0) done.resolve(true);
        return awaited;
      } catch (error) {
        done.reject(error);
        return [];
      }
    };
    this.#checks.add(check);
    this.#arrival.resolve();
    const timer = setTimeout(done.resolve, timeoutMs, false);
    try {
      return await done.promise;
    } finally {
      clearTimeout(timer);
      this.#checks.delete(check);
    }
  }

  /** The generations that reads wait for. Reads with nothing left to wait for go on. */
  awaited(): Set<string> {
    return new Set([...this.#checks].flatMap((check) => check()));
  }

  /** Resolves once a read waits, when `wake` is called, or after this time. */
  async untilOne(ms: number): Promise<void> {
    this.#arrival = Promise.withResolvers();
    if (this.#checks.size > 0) return;
    const timer = setTimeout(this.#arrival.resolve, ms);
    await this.#arrival.promise;
    clearTimeout(timer);
  }

  wake(): void {
    this.#arrival.resolve();
  }
}
