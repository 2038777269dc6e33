import { Problem } from '../problems.ts';
import type { Ending } from './ending-reads.ts';

/** An answer, ready to be sent. Node sends texts together with the headers, but buffers apart. */
export type Sendable = { body: string; bytes: number; etag: string };

export type Make = (ending: Ending) => Promise<Sendable>;

/** An answer that is being made. The work ends with the last request that waits for it. */
export class SharedAnswer {
  readonly startedAt = performance.now();
  readonly #ending = new AbortController();
  readonly #made: Promise<Sendable>;
  #waiting = 0;

  constructor(make: Make, withinMs: number) {
    const { signal } = this.#ending;
    const ended = Promise.withResolvers<never>();
    signal.addEventListener('abort', () => ended.reject(signal.reason));
    const timer = setTimeout(() => this.#ending.abort(tooLate()), withinMs);
    const making = make({ signal, at: this.startedAt + withinMs });
    this.#made = Promise.race([making, ended.promise]).finally(() => clearTimeout(timer));
  }

  /** No request waits any more, or the time is up: a new request has to begin anew. */
  get hasEnded(): boolean {
    return this.#ending.signal.aborted;
  }

  /**
   * @param gone aborted when the client has closed its request.
   * @throws Problem `part-away` when it takes too long.
   */
  async wait(gone: AbortSignal): Promise<Sendable> {
    const leave = () => {
      this.#waiting -= 1;
      if (this.#waiting === 0) this.#ending.abort(new Error('Nobody waits for the answer.'));
    };
    this.#waiting += 1;
    if (gone.aborted) leave();
    else gone.addEventListener('abort', leave, { once: true });
    try {
      return await this.#made;
    } finally {
      gone.removeEventListener('abort', leave);
    }
  }
}

const tooLate = () => new Problem('part-away', 'The database did not answer in time; try again.');
