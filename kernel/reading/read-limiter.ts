import { Problem } from '../problems.ts';
import { ClientShares } from './client-shares.ts';

/** Whoever waits longer is better told that there is too much to do. */
const turnWithinMs = 2_000;

/** The reads of one client that wait; never none. */
type ClientQueue = { client: string; begin: (() => void)[] };

/**
 * Lets only so many reads run at once. The others wait for their turn: clients take turns, however
 * many reads each of them has waiting.
 */
export class ReadLimiter {
  readonly #running: ClientShares;
  readonly #waiting: ClientShares;
  /**
   * The client whose turn is next comes first. A map or a set that reads enter and leave would keep
   * each of them, with its request and its answer, until V8 collects the whole heap.
   */
  readonly #queues: ClientQueue[] = [];

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
    const queue = this.#queueOf(client);
    queue.begin.push(turn.resolve);
    const end = (reason: unknown) => {
      const at = queue.begin.indexOf(turn.resolve);
      if (at === -1) return; // Its turn has come.
      queue.begin.splice(at, 1);
      if (queue.begin.length === 0) this.#queues.splice(this.#queues.indexOf(queue), 1);
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

  #queueOf(client: string): ClientQueue {
    const known = this.#queues.find((queue) => queue.client === client);
    if (known) return known;
    const queue = { client, begin: [] };
    this.#queues.push(queue);
    return queue;
  }

  #admit(): void {
    for (let at = 0; at < this.#queues.length && !this.#running.isFull; ) {
      const queue = this.#queues[at] as ClientQueue;
      if (!this.#running.take(queue.client)) {
        at += 1;
        continue;
      }
      queue.begin.shift()?.();
      // The client's next read comes after one of every other client.
      this.#queues.splice(at, 1);
      if (queue.begin.length > 0) this.#queues.push(queue);
    }
  }
}

export const overloaded = (): Problem =>
  new Problem('overloaded', 'Too many reads wait here, or too many of yours; try again later.');
