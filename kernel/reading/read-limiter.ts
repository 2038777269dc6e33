import { Problem } from '../problems.ts';
import { ClientShares } from './client-shares.ts';

/** Whoever waits longer is better told that there is too much to do. */
const turnWithinMs = 2_000;

/**
 * Lets only so many reads run at once. The others wait for their turn: clients take turns, however
 * many reads each of them has waiting.
 */
export class ReadLimiter {
  readonly #running: ClientShares;
  readonly #waiting: ClientShares;
  /** The reads that wait, by client; the client whose turn is next comes first. None is empty. */
  readonly #queues = new Map<string, Set<() => void>>();

  constructor(limits: { atOnce: number; queue: number }) {
    this.#running = new ClientShares(limits.atOnce);
    this.#waiting = new ClientShares(limits.queue);
  }

  /**
   * @param gone a read that still waits when this is aborted never begins.
   * @throws Problem `overloaded` when too many reads wait, or when its turn doesn't come.
   */
  async run<T>(client: string, gone: AbortSignal, read: () => Promise<T>): Promise<T> {
    if (!this.#running.take(client)) await this.#turn(client, gone);
    try {
      return await read();
    } finally {
      this.#running.giveBack(client);
      this.#admit();
    }
  }

  async #turn(client: string, gone: AbortSignal): Promise<void> {
    gone.throwIfAborted();
    if (!this.#waiting.take(client)) throw overloaded();
    const turn = Promise.withResolvers<void>();
    const queue = this.#queues.get(client) ?? new Set();
    this.#queues.set(client, queue.add(turn.resolve));
    const end = (reason: unknown) => {
      if (!queue.delete(turn.resolve)) return; // Its turn has come.
      if (queue.size === 0) this.#queues.delete(client);
      turn.reject(reason);
    };
    const leave = () => end(gone.reason);
    gone.addEventListener('abort', leave);
    const timer = setTimeout(() => end(overloaded()), turnWithinMs);
    try {
      await turn.promise;
    } finally {
      clearTimeout(timer);
      gone.removeEventListener('abort', leave);
      this.#waiting.giveBack(client);
    }
  }

  #admit(): void {
    for (const [client, queue] of this.#queues) {
      if (this.#running.isFull) return;
      const [next] = queue;
      if (!next || !this.#running.take(client)) continue;
      queue.delete(next);
      next();
      // The client's next read comes after one of every other client.
      this.#queues.delete(client);
      if (queue.size > 0) this.#queues.set(client, queue);
    }
  }
}

export const overloaded = (): Problem =>
  new Problem('overloaded', 'Too many reads wait here, or too many of yours; try again later.');
