import type { Offset } from '../log/log.ts';

/** A place in the log that a source hasn't passed yet: `at` is `<topic>:<lane>`. */
export type Place<Source> = { source: Source; at: string; offset: Offset };

type Read<Source> = {
  place: Place<Source>;
  /** The first place that it still lacks. @throws Problem when there is nothing to wait for. */
  lacking(): Place<Source> | null;
  done: PromiseWithResolvers<boolean>;
};

/**
 * Reads that wait until their sources have come far enough. Each waits at the first place that it
 * lacks, in the order of offsets, so that a look costs nothing for reads that wait for more.
 */
export class WaitingReads<Source> {
  /**
   * By source and `at`. The read with the least offset is the last. Empty lists stay: maps that
   * reads enter and leave would keep them until V8 collects the whole heap.
   */
  readonly #reads = new Map<Source, Map<string, Read<Source>[]>>();
  #count = 0;
  #arrival = Promise.withResolvers<void>();

  /**
   * @param gone aborted when the client has closed its request.
   * @returns false if the read waited longer than the time given.
   */
  async wait(
    lacking: () => Place<Source> | null,
    timeoutMs: number,
    gone?: AbortSignal,
  ): Promise<boolean> {
    const place = lacking();
    if (!place) return true;
    if (gone?.aborted) return false;
    const read = { place, lacking, done: Promise.withResolvers<boolean>() };
    this.#put(read);
    this.#arrival.resolve();
    const stop = () => {
      this.#remove(read);
      read.done.resolve(false);
    };
    const timer = setTimeout(stop, timeoutMs);
    gone?.addEventListener('abort', stop);
    try {
      return await read.done.promise;
    } finally {
      clearTimeout(timer);
      gone?.removeEventListener('abort', stop);
    }
  }

  /** The sources that reads wait for. */
  awaited(): Source[] {
    const isAwaited = (source: Source) =>
      this.#reads
        .get(source)
        ?.values()
        .some((reads) => reads.length > 0);
    return [...this.#reads.keys().filter(isAwaited)];
  }

  /**
   * Lets the reads go on that have nothing left to wait for.
   * @param hasPassed may throw a problem, which ends the reads that wait for the source.
   */
  look(hasPassed: (place: Place<Source>) => boolean): void {
    if (this.#count === 0) return;
    const all = [...this.#reads.values()].flatMap((ofSource) => [...ofSource.values()]);
    for (const reads of all) {
      for (let read = reads.at(-1); read; read = reads.at(-1)) {
        try {
          if (!hasPassed(read.place)) break;
          this.#remove(read);
          this.#goOn(read);
        } catch (error) {
          this.#remove(read);
          read.done.reject(error);
        }
      }
    }
  }

  /** Resolves once a read waits, when `wake` is called, or after this time. */
  async untilOne(ms: number): Promise<void> {
    this.#arrival = Promise.withResolvers();
    if (this.#count > 0) return;
    const timer = setTimeout(this.#arrival.resolve, ms);
    await this.#arrival.promise;
    clearTimeout(timer);
  }

  wake(): void {
    this.#arrival.resolve();
  }

  /** Looks at the whole read again: what it lacked before it may have passed meanwhile. */
  #goOn(read: Read<Source>): void {
    const place = read.lacking();
    if (place) this.#put(Object.assign(read, { place }));
    else read.done.resolve(true);
  }

  #put(read: Read<Source>): void {
    const { source, at, offset } = read.place;
    const ofSource = this.#reads.get(source) ?? new Map<string, Read<Source>[]>();
    const reads = ofSource.get(at) ?? [];
    const index = reads.findLastIndex(({ place }) => place.offset >= offset);
    reads.splice(index + 1, 0, read);
    this.#count += 1;
    this.#reads.set(source, ofSource.set(at, reads));
  }

  #remove(read: Read<Source>): void {
    const { source, at } = read.place;
    const reads = this.#reads.get(source)?.get(at);
    const index = reads?.lastIndexOf(read) ?? -1;
    if (!reads || index === -1) return;
    reads.splice(index, 1);
    this.#count -= 1;
  }
}
