import { Problem } from '../problems.ts';

export type BulkLimits = {
  /** Bulk requests that run at once on this node, and of one user. */
  perNode: number;
  perUser: number;
  /** Commands of all bulk requests that are under way at once: each request has an equal part. */
  commands: number;
  /** How long bulk requests may keep the event loop from others at a time. */
  sliceMs: number;
};

/** A bulk request that runs. */
export type BulkRequest = {
  /** How many commands it may have under way just now. */
  part(): number;
  /** To be awaited before each command, so that the requests of others come in between. */
  turn(): Promise<void>;
  end(): void;
};

/**
 * Requests that bring very many commands each, such as imports: so many run at once, and what they
 * cost the others is bounded however many clients send them.
 */
export class BulkRequests {
  readonly #limits: BulkLimits;
  readonly #users = new Map<string, number>();
  #running = 0;
  #sliceBeganAt = 0;
  #nextSlice: Promise<void> | null = null;

  constructor(limits: BulkLimits) {
    this.#limits = limits;
  }

  /** @throws Problem `rate-limited` or `overloaded` while too many run. */
  begin(userId: string): BulkRequest {
    const { perNode, perUser, commands } = this.#limits;
    const own = this.#users.get(userId) ?? 0;
    if (own >= perUser) {
      const detail = `${perUser} such requests of one user run at once; wait for one to end.`;
      throw new Problem('rate-limited', detail, { retryAfterSeconds });
    }
    if (this.#running >= perNode) {
      const detail = 'Too many such requests run just now; try again in a moment.';
      throw new Problem('overloaded', detail, { retryAfterSeconds });
    }
    this.#users.set(userId, own + 1);
    this.#running += 1;
    return {
      part: () => Math.ceil(commands / this.#running),
      turn: () => this.#turn(),
      end: () => this.#end(userId),
    };
  }

  /** All share one slice, so that more requests don't keep the event loop longer. */
  async #turn(): Promise<void> {
    while (performance.now() - this.#sliceBeganAt >= this.#limits.sliceMs) {
      this.#nextSlice ??= new Promise<void>(setImmediate).then(() => {
        this.#sliceBeganAt = performance.now();
        this.#nextSlice = null;
      });
      await this.#nextSlice;
    }
  }

  #end(userId: string): void {
    const left = (this.#users.get(userId) ?? 1) - 1;
    if (left === 0) this.#users.delete(userId);
    else this.#users.set(userId, left);
    this.#running -= 1;
  }
}

const retryAfterSeconds = 5;
