import { setImmediate as nextTurn } from 'node:timers/promises';

/** An item of a batch, and the promise to settle with its result. */
export type Batched<Item, Result> = { item: Item; done: PromiseWithResolvers<Result> };

/**
 * Makes one call at a time; items added meanwhile share the next call. For calls that cost much
 * the same with one item as with twenty.
 */
export class Batcher<Item, Result> {
  readonly #call: (batch: readonly Batched<Item, Result>[]) => Promise<void>;
  #waiting: Batched<Item, Result>[] = [];
  #isWorking = false;

  /** @param call settles each item's promise, and never rejects itself. */
  constructor(call: (batch: readonly Batched<Item, Result>[]) => Promise<void>) {
    this.#call = call;
  }

  add(item: Item): Promise<Result> {
    const done = Promise.withResolvers<Result>();
    this.#waiting.push({ item, done });
    if (!this.#isWorking) void this.#work();
    return done.promise;
  }

  async #work(): Promise<void> {
    this.#isWorking = true;
    // Items added in the same turn of the event loop share the first call.
    await nextTurn();
    while (this.#waiting.length > 0) {
      const batch = this.#waiting;
      this.#waiting = [];
      await this.#call(batch);
    }
    this.#isWorking = false;
  }
}
