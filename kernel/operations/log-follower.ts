import { Backoff } from '../backoff.ts';
import type { Codec } from '../codec/codec.ts';
import { within } from '../leases/within.ts';
import type { Log, LogReader } from '../log/log.ts';
import { topicName } from '../log/topic-names.ts';
import { Problem } from '../problems.ts';
import { boundsOf, type Entry, entriesOf, following } from './log-entries.ts';

export type LogFollowerOptions = {
  log: Log;
  reader: LogReader;
  codec(): Promise<Codec>;
  prefix: string;
  topics: readonly string[];
  /** How long a listener waits for Kafka; by default 5 s. */
  beginWithinMs?: number;
};

type Listener = (entries: readonly Entry[]) => void;

const pauses = { firstMs: 200, factor: 2, maxMs: 3_000 };
const defaultBeginMs = 5_000;

/** Reads new events once for all who listen, and nothing while nobody does. */
export class LogFollower {
  readonly #options: LogFollowerOptions;
  readonly #listeners = new Set<Listener>();
  #stop: AbortController | null = null;
  #begun: Promise<void> = Promise.resolve();

  constructor(options: LogFollowerOptions) {
    this.#options = options;
  }

  get listeners(): number {
    return this.#listeners.size;
  }

  /**
   * Resolves once every event that is appended from now on will be heard.
   * @throws Problem `part-away` if that takes too long; then nothing is heard.
   */
  async listen(listener: Listener): Promise<void> {
    const { beginWithinMs = defaultBeginMs } = this.#options;
    this.#listeners.add(listener);
    if (!this.#stop) {
      this.#stop = new AbortController();
      const begun = Promise.withResolvers<void>();
      this.#begun = begun.promise;
      void this.#follow(this.#stop.signal, begun.resolve);
    }
    try {
      await within(beginWithinMs, this.#begun);
    } catch (cause) {
      this.leave(listener);
      throw new Problem('part-away', 'Kafka does not answer just now; try again.', { cause });
    }
  }

  /** Called when this process stops: the listeners have to end their answers. */
  readonly stopping = new AbortController();

  leave(listener: Listener): void {
    this.#listeners.delete(listener);
    if (this.#listeners.size > 0) return;
    this.#stop?.abort();
    this.#stop = null;
  }

  /** Goes on from where it was after each error, so that no listener misses an event. */
  async #follow(stop: AbortSignal, begun: () => void): Promise<void> {
    const { log, reader, codec, prefix, topics } = this.#options;
    const names = topics.map((topic) => topicName(prefix, topic));
    const backoff = new Backoff(pauses);
    let reached = null;
    while (!stop.aborted) {
      try {
        reached ??= (await boundsOf(log, names)).until;
        begun();
        for await (const records of following(reader, reached, stop)) {
          const entries = await entriesOf(records, { codec: await codec(), prefix });
          for (const listener of this.#listeners) listener(entries);
          backoff.reset();
        }
      } catch {
        // Kafka or the registry is away; whoever listens sees no events until it is back.
      }
      await backoff.pause(undefined, stop);
    }
    begun();
  }
}
