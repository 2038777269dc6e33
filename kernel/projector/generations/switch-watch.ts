import type { ChangeStream, Db } from 'mongodb';
import { sleep } from '../../backoff.ts';
import { readModelsOf } from './generations.ts';

const againAfterMs = 2_000;

/**
 * Tells at once when some view is switched. It may miss a change while MongoDB is away, so whoever
 * needs to know looks now and then as well.
 */
export class SwitchWatch {
  readonly #db: Db;
  readonly #onSwitch: () => void;
  readonly #closing = new AbortController();
  readonly #watching: Promise<void>;
  #changes: ChangeStream | undefined;

  constructor(db: Db, onSwitch: () => void) {
    this.#db = db;
    this.#onSwitch = onSwitch;
    this.#watching = this.#watch();
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#changes?.close().catch(() => {});
    await this.#watching;
  }

  async #watch(): Promise<void> {
    const { signal } = this.#closing;
    while (!signal.aborted) {
      this.#changes = readModelsOf(this.#db).watch([], { maxAwaitTimeMS: 500 });
      try {
        // The first try opens the stream; what was switched before that is seen by looking.
        await this.#changes.tryNext();
        this.#onSwitch();
        for await (const _ of this.#changes) this.#onSwitch();
      } catch {
        // Whoever watches looks now and then anyway.
      }
      await this.#changes.close().catch(() => {});
      await sleep(againAfterMs, signal);
    }
  }
}
