import type { ChangeStream, Db } from 'mongodb';
import { sleep } from '../../backoff.ts';
import { readModelsOf } from './generations.ts';

const againAfterMs = 2_000;

/**
 * Tells at once when any view is switched. It may miss a switch while MongoDB is away, so its
 * users look for themselves now and then.
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
        // The first try opens the stream; `onSwitch` then looks for earlier switches.
        await this.#changes.tryNext();
        this.#onSwitch();
        for await (const _ of this.#changes) this.#onSwitch();
      } catch {
        // A missed switch is seen when the watcher's users look for themselves.
      }
      await this.#changes.close().catch(() => {});
      await sleep(againAfterMs, signal);
    }
  }
}
