import type { ChangeStream, Collection, Document } from 'mongodb';
import { sleep } from '../backoff.ts';

const againAfterMs = 2_000;

/**
 * Tells at once when any document of a collection changes. It may miss changes while MongoDB is
 * away, so its users look for themselves now and then.
 */
export class CollectionWatch<D extends Document = Document> {
  readonly #collection: Collection<D>;
  readonly #onChange: () => void;
  readonly #closing = new AbortController();
  readonly #watching: Promise<void>;
  #changes: ChangeStream | undefined;
  #isOpen = false;

  constructor(collection: Collection<D>, onChange: () => void) {
    this.#collection = collection;
    this.#onChange = onChange;
    this.#watching = this.#watch();
  }

  /** Whether changes are told of now. */
  get isOpen(): boolean {
    return this.#isOpen;
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#changes?.close().catch(() => {});
    await this.#watching;
  }

  async #watch(): Promise<void> {
    const { signal } = this.#closing;
    while (!signal.aborted) {
      // What has changed is of no interest: the stream's own id is the least that comes.
      const pipeline = [{ $project: { _id: 1 } }];
      this.#changes = this.#collection.watch(pipeline, { maxAwaitTimeMS: 500 });
      try {
        // The first try opens the stream; `onChange` then looks for earlier changes.
        await this.#changes.tryNext();
        this.#isOpen = true;
        this.#onChange();
        for await (const _ of this.#changes) this.#onChange();
      } catch {
        // A missed change is seen when the users look for themselves.
      }
      this.#isOpen = false;
      await this.#changes.close().catch(() => {});
      await sleep(againAfterMs, signal);
    }
  }
}
