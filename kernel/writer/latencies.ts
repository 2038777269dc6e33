const kept = 256;

/** The durations of the last transactions of a lane. */
export class Latencies {
  readonly #ms: number[] = [];
  #at = 0;

  add(ms: number): void {
    this.#ms[this.#at] = ms;
    this.#at = (this.#at + 1) % kept;
  }

  /** Half, and 99 of 100, took no longer; null if there were none. */
  quantiles(): { p50: number; p99: number } | null {
    if (this.#ms.length === 0) return null;
    const sorted = this.#ms.toSorted((a, b) => a - b);
    const at = (share: number) =>
      Math.round((sorted[Math.ceil(sorted.length * share) - 1] as number) * 100) / 100;
    return { p50: at(0.5), p99: at(0.99) };
  }
}
