/** The generations that a read still waits for. @throws when they will never come. */
type Missing = () => readonly string[];

/** Reads that wait until generations have come far enough. */
export class WaitingReads {
  readonly #checks = new Set<Missing>();
  #come = Promise.withResolvers<void>();

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
    this.#come.resolve();
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
    this.#come = Promise.withResolvers();
    if (this.#checks.size > 0) return;
    const timer = setTimeout(this.#come.resolve, ms);
    await this.#come.promise;
    clearTimeout(timer);
  }

  wake(): void {
    this.#come.resolve();
  }
}
