const limits = { fewest: 32, most: 256, shortMs: 50, alone: 500, latelyMs: 10_000 };

/**
 * How many bulk requests a transaction takes. Where others came lately, they wait for it to end: it
 * takes few, and more as long as transactions are short.
 */
export class BulkShare {
  #beside = limits.fewest;
  /** When the last request came that is not a bulk one: a `performance.now()`. */
  #othersAt = Number.NEGATIVE_INFINITY;

  get size(): number {
    const isAlone = performance.now() - this.#othersAt >= limits.latelyMs;
    return isAlone ? limits.alone : this.#beside;
  }

  otherCame(): void {
    this.#othersAt = performance.now();
  }

  /** @param ms how long a transaction took. */
  lasted(ms: number): void {
    const { fewest, most, shortMs } = limits;
    const next = ms < shortMs ? this.#beside + fewest : this.#beside / 2;
    this.#beside = Math.min(most, Math.max(fewest, next));
  }
}
