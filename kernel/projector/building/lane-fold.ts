import type { Codec } from '../../codec/codec.ts';
import type { Millis } from '../../event.ts';
import { lastOf } from '../../following/last-record.ts';
import { LogChangedError } from '../../following/log-verifier.ts';
import type { Chunk, Log, LogReader, LogRecord, Position, Subscription } from '../../log/log.ts';
import { topicName } from '../../log/topic-names.ts';
import type { AnyProjection } from '../../projection.ts';
import { initialProgress, type LaneProgress } from '../checkpoint.ts';
import type { DeadLetter } from '../dead-letters/dead-letters.ts';
import { type Document, Fold, type Slot, UnderivableError } from '../fold.ts';
import { viewId } from '../generations/generations.ts';

export type LaneFoldOptions = {
  projection: AnyProjection;
  codec: Codec;
  /** The generation of any dead letters. */
  generation: string;
  lane: number;
  /** Stands before the topics' names in the log. */
  prefix: string;
  stop?: AbortSignal | undefined;
  /** Events that happened later are left out. */
  asOf?: Millis | undefined;
  /** Events discarded for this view by hand, as `<topic>/<offset>`: passed for good. */
  discarded: ReadonlySet<string>;
  /** Fold only the documents with these ids. */
  only?: ReadonlySet<string> | undefined;
  /** No more events than this are folded at once; any number if unset. */
  atOnce?: number | undefined;
  /** Called with the number of events just folded; folding goes on once it resolves. */
  onEvents?(events: number): unknown;
};

/** One lane of a view, folded in memory from its first event; may be read on later. */
export class LaneFold {
  /** By id, every document that an event was folded into; null where it was removed again. */
  readonly slots = new Map<string, Slot>();
  events = 0;
  #fold: Fold;
  #isCareful = false;
  readonly #options: LaneFoldOptions;
  readonly #reader: LogReader;
  #progress: LaneProgress;
  #ahead: Subscription | undefined;

  constructor(options: LaneFoldOptions, reader: LogReader) {
    this.#options = options;
    this.#reader = reader;
    this.#fold = this.#newFold();
    this.#progress = initialProgress(options.projection.view.topics);
  }

  get lane(): number {
    return this.#options.lane;
  }

  get progress(): LaneProgress {
    return this.#progress;
  }

  get letters(): readonly DeadLetter[] {
    return this.#fold.letters;
  }

  /** Starts to fetch the records that `readTo` with the same offsets will fold. */
  readAhead(next: Record<string, number>): void {
    this.#ahead ??= this.#subscribe(next);
  }

  /** Folds on, up to these offsets by topic. */
  async readTo(next: Record<string, number>): Promise<void> {
    const { stop } = this.#options;
    const subscription = this.#ahead ?? this.#subscribe(next);
    this.#ahead = undefined;
    const close = () => void subscription.close();
    stop?.addEventListener('abort', close, { once: true });
    try {
      stop?.throwIfAborted();
      for (let chunks = await subscription.take(); chunks.length > 0; ) {
        for (const chunk of chunks) await this.#foldChunk(chunk);
        chunks = await subscription.take();
      }
      stop?.throwIfAborted();
    } finally {
      stop?.removeEventListener('abort', close);
      await subscription.close();
    }
  }

  /** The documents as folded so far. If one can't be derived, they are folded again carefully. */
  async documents(): Promise<Document[]> {
    try {
      return this.#derived();
    } catch (error) {
      if (!(error instanceof UnderivableError) || this.#isCareful) throw error;
      return this.foldCarefully();
    }
  }

  /**
   * Folds all events again with a check after each, so that the one to blame for a document that
   * can't be derived, or is too large to be stored, is parked.
   */
  async foldCarefully(): Promise<Document[]> {
    const { next } = this.#progress;
    this.#isCareful = true;
    this.#fold = this.#newFold();
    this.slots.clear();
    this.events = 0;
    this.#progress = initialProgress(this.#options.projection.view.topics);
    await this.readTo(next);
    return this.#derived();
  }

  #derived(): Document[] {
    const documents: Document[] = [];
    for (const { document } of this.slots.values()) {
      if (document) documents.push(this.#fold.derived(document));
    }
    return documents;
  }

  #newFold(): Fold {
    const { projection, codec, generation, lane, prefix, asOf } = this.#options;
    const place = { view: viewId(projection.view), generation, lane };
    const careful = this.#isCareful;
    return new Fold({ projection, codec, place, prefix, parked: new Set(), careful, asOf });
  }

  async #foldChunk(chunk: Chunk): Promise<void> {
    const { stop, atOnce, onEvents } = this.#options;
    const topic = this.#fold.topicOf(chunk);
    for (const { records, next } of partsOf(chunk, atOnce)) {
      await this.#learnAndFold(records);
      this.#progress.next[topic] = next;
      await onEvents?.(records.length);
      stop?.throwIfAborted();
    }
  }

  async #learnAndFold(records: LogRecord[]): Promise<void> {
    await this.#options.codec.learn(records);
    this.#foldAll(records);
    this.events += records.length;
    const last = records.at(-1);
    if (!last) return;
    this.#progress.last[this.#fold.topicOf(last)] = lastOf(last);
    this.#progress.lastTime = Math.max(this.#progress.lastTime, last.timestamp);
  }

  #foldAll(records: readonly LogRecord[]): void {
    const { only, discarded } = this.#options;
    for (const record of records) {
      if (discarded.size > 0 && discarded.has(`${this.#fold.topicOf(record)}/${record.offset}`)) {
        continue;
      }
      this.#fold.foldInto(this.slots, record, only);
    }
  }

  #subscribe(next: Record<string, number>): Subscription {
    const until = this.#positions(next);
    return this.#reader.subscribe(this.#positions(this.#progress.next), { until });
  }

  #positions(next: Record<string, number>): Position[] {
    const { projection, prefix, lane } = this.#options;
    return projection.view.topics.map((topic) => ({
      topic: topicName(prefix, topic),
      lane,
      next: next[topic] ?? 0,
    }));
  }
}

type Part = Pick<Chunk, 'records' | 'next'>;

/** A chunk in parts of so many records; the last part reaches as far as the chunk. */
function* partsOf({ records, next }: Chunk, atOnce = Number.POSITIVE_INFINITY): Generator<Part> {
  let from = 0;
  for (let to = atOnce; to < records.length; to += atOnce) {
    yield { records: records.slice(from, to), next: records[to]!.offset };
    from = to;
  }
  yield { records: records.slice(from), next };
}

type Ends = { projection: AnyProjection; prefix: string; lanes: number };

/**
 * The offsets at which the topics of a view end now; index = lane.
 * @throws LogChangedError when the log does not begin at its first event.
 */
export async function endsOf(
  log: Log,
  { projection, prefix, lanes }: Ends,
): Promise<Record<string, number>[]> {
  const ends = Array.from({ length: lanes }, (): Record<string, number> => ({}));
  for (const topic of projection.view.topics) {
    const name = topicName(prefix, topic);
    const [first, stable] = await Promise.all([log.firstOffsets(name), log.stableOffsets(name)]);
    for (const [lane, end] of ends.entries()) {
      const next = stable[lane];
      if (next === undefined) throw new LogChangedError(`${name} has no lane ${lane}.`);
      if (first[lane] !== 0) {
        const cut = `${name}/${lane} begins at ${first[lane]}: its first events are gone.`;
        throw new LogChangedError(`${cut} Restore the topic.`);
      }
      end[topic] = next;
    }
  }
  return ends;
}

export const endsByLane = async (log: Log, options: Ends) =>
  new Map((await endsOf(log, options)).entries());
