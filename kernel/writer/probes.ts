import { Backoff, sleep } from '../backoff.ts';
import { AbortedError, type Log, type TopicLane } from '../log/log.ts';

const pauses = { firstMs: 50, factor: 1.5, maxMs: 500 };

/** Lanes that can't be appended to, because their leaders are away: until a barrier gets there. */
export class Probes {
  readonly #log: Pick<Log, 'producer'>;
  readonly #name: string;
  readonly #probing = new Set<number>();
  readonly #closing = new AbortController();

  constructor(log: Pick<Log, 'producer'>, name: string) {
    this.#log = log;
    this.#name = name;
  }

  /** @throws AbortedError, after a moment, while the lane is in trouble. */
  async well(lanes: readonly TopicLane[]): Promise<void> {
    if (!lanes.some(({ lane }) => this.#probing.has(lane))) return;
    await sleep(20, this.#closing.signal);
    if (!lanes.some(({ lane }) => this.#probing.has(lane))) return;
    throw new AbortedError([...lanes], 'no leader takes appends to the lane');
  }

  /** These partitions have just refused an append. */
  begin(lanes: readonly TopicLane[]): void {
    for (const [lane, some] of Map.groupBy(lanes, ({ lane }) => lane)) {
      if (this.#probing.has(lane)) continue;
      this.#probing.add(lane);
      void this.#probe(lane, some).finally(() => this.#probing.delete(lane));
    }
  }

  close(): void {
    this.#closing.abort();
  }

  /** An aborted record shows that the leaders are back, and needs no claim. */
  async #probe(lane: number, lanes: TopicLane[]): Promise<void> {
    const backoff = new Backoff(pauses);
    while (!this.#closing.signal.aborted) {
      const producer = await this.#log.producer(`${this.#name}-probe-${lane}`).catch(() => null);
      const isWell = await producer?.barrier(lanes).then(
        () => true,
        () => false,
      );
      await producer?.close();
      if (isWell) return;
      await sleep(backoff.nextMs(), this.#closing.signal);
    }
  }
}
