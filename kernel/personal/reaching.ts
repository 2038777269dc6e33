import { LogUnavailableError, type Offset } from '../log/log.ts';

type Waiting = { next: Offset; done(): void; fail(why: Error): void };

/** For a request, a topic can't be read if this takes longer. */
export const reachMs = 5_000;

/** A start reads a whole topic. */
export const reachAtStartMs = 120_000;

/** How far a topic has been read, and who waits for more. */
export class Reaching {
  readonly #topic: string;
  #waiting: Waiting[] = [];
  #next: Offset = 0;

  constructor(topic: string) {
    this.#topic = topic;
  }

  get next(): Offset {
    return this.#next;
  }

  /** Resolves once everything below this offset is known. @throws LogUnavailableError */
  async reached(next: Offset, limitMs = reachMs): Promise<void> {
    if (this.#next >= next) return;
    const { promise, resolve: done, reject: fail } = Promise.withResolvers<void>();
    const waiting = { next, done, fail };
    this.#waiting.push(waiting);
    const why = `${this.#topic} lags`;
    const late = setTimeout(() => fail(new LogUnavailableError(why)), limitMs);
    try {
      await promise;
    } finally {
      clearTimeout(late);
      this.#waiting = this.#waiting.filter((one) => one !== waiting);
    }
  }

  passed(next: Offset): void {
    this.#next = next;
    for (const waiting of this.#waiting) if (waiting.next <= next) waiting.done();
  }

  end(why: Error): void {
    for (const { fail } of this.#waiting) fail(why);
  }
}
