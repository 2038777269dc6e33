/**
 * Limits how many lanes of a node have a transaction under way at once. A transaction costs the
 * broker and this process about the same whether it has one event or a hundred, so more of them at
 * once than there are cores only make each smaller. Waiting is bounded: a lane whose broker is
 * silent does not hold up the others.
 */
export class CommitLimiter {
  readonly #atOnce: number;
  readonly #waitMs: number;
  readonly #waiting = new Set<() => void>();
  #taken = 0;

  constructor(atOnce: number, waitMs = 20) {
    this.#atOnce = atOnce;
    this.#waitMs = waitMs;
  }

  /** Begins the work in the order of asking, at the latest after `waitMs`. */
  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#taken >= this.#atOnce) await this.#wait();
    this.#taken += 1;
    try {
      return await work();
    } finally {
      this.#taken -= 1;
      const [next] = this.#waiting;
      next?.();
    }
  }

  #wait(): Promise<void> {
    return new Promise((resolve) => {
      const go = () => {
        clearTimeout(timer);
        this.#waiting.delete(go);
        resolve();
      };
      const timer = setTimeout(go, this.#waitMs);
      this.#waiting.add(go);
    });
  }
}
