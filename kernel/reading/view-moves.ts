import { setTimeout as pause } from 'node:timers/promises';
import type { Db } from 'mongodb';
import { sleep } from '../backoff.ts';
import { CollectionWatch } from '../mongo/collection-watch.ts';
import { type Checkpoint, checkpointsOf } from '../projector/checkpoint.ts';

/** How often to look besides when MongoDB tells of a move; and when it doesn't tell. */
const tickMs = { told: 50, untold: 5, unanswered: 100 };
/** After so long without a read that waits, MongoDB need not tell any more. */
const unusedMs = 10_000;

/** Says when to look at the progress of views again, for reads that wait for them. */
export class ViewMoves {
  readonly #db: Db;
  #watch: CollectionWatch<Checkpoint> | undefined;
  #unused: NodeJS.Timeout | undefined;
  #looked = new AbortController();

  constructor(db: Db) {
    this.#db = db;
  }

  /** Called before progress is read. @returns aborted when a view may have moved since. */
  look(): AbortSignal {
    this.#looked = new AbortController();
    return this.#looked.signal;
  }

  /** Resolves when it is time to look again. */
  until(moved: AbortSignal, { isAnswered }: { isAnswered: boolean }): Promise<void> {
    if (!isAnswered) return pause(tickMs.unanswered);
    this.#watch ??= new CollectionWatch(checkpointsOf(this.#db), () => this.#looked.abort());
    clearTimeout(this.#unused);
    this.#unused = setTimeout(() => void this.close(), unusedMs);
    return sleep(this.#watch.isOpen ? tickMs.told : tickMs.untold, moved);
  }

  async close(): Promise<void> {
    clearTimeout(this.#unused);
    this.#looked.abort();
    const watch = this.#watch;
    this.#watch = undefined;
    await watch?.close();
  }
}
