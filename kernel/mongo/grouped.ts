import { setImmediate as turn } from 'node:timers/promises';

/** What somebody asked for, and how they are told. */
export type Asked<What, Answer> = { what: What; done: PromiseWithResolvers<Answer> };

/**
 * One call at a time; whatever is asked for meanwhile shares the next one. For calls that cost
 * much the same with one item as with twenty.
 */
export class Grouped<What, Answer> {
  readonly #call: (group: readonly Asked<What, Answer>[]) => Promise<void>;
  #waiting: Asked<What, Answer>[] = [];
  #isWorking = false;

  /** @param call resolves or rejects each of the group, and never rejects itself. */
  constructor(call: (group: readonly Asked<What, Answer>[]) => Promise<void>) {
    this.#call = call;
  }

  ask(what: What): Promise<Answer> {
    const done = Promise.withResolvers<Answer>();
    this.#waiting.push({ what, done });
    if (!this.#isWorking) void this.#work();
    return done.promise;
  }

  async #work(): Promise<void> {
    this.#isWorking = true;
    // What comes in the same turn of the event loop comes together.
    await turn();
    while (this.#waiting.length > 0) {
      const group = this.#waiting;
      this.#waiting = [];
      await this.#call(group);
    }
    this.#isWorking = false;
  }
}
