import type { Aggregate } from '../aggregate.ts';
import type { Event } from '../event.ts';
import type { Offset } from '../log/log.ts';
import type { Batch } from './batch-builder.ts';
import { initialOf, partOf, splitState, topicOfAny, withPart } from './parts.ts';
import { settled } from './settled-streams.ts';
import type { LaneStore } from './store.ts';
import {
  HotStreams,
  rememberedKeys,
  type Stream,
  type StreamLimits,
  withEvent,
} from './streams.ts';
import { CacheLostError, type LaneRow, type Progress } from './write-state.ts';

/**
 * While a lane is taken no append waits for a flush, so one is due at so many times the limit of
 * dirty bytes: busy streams, which are large, would otherwise be written again with every few
 * hundred events.
 */
const dirtyTimesLimit = 4;

/** A committed event, with its place in the log. */
export type Committed = { topic: string; offset: Offset; event: Event; bytes: number };

/** The log holds an event that its lane's streams can't take in: nothing may be decided here. */
export class LaneBrokenError extends Error {
  override name = 'LaneBrokenError';
}

/**
 * The streams of one lane as the log has them: hot ones in memory, all of them in `write_state`.
 * Flushes write them there after the commits, together with the offsets they stand for.
 */
export class LaneState {
  readonly hot: HotStreams;
  readonly #aggregates: ReadonlyMap<string, Aggregate>;
  readonly #store: LaneStore;
  #row: LaneRow | null = null;
  #flushing: Promise<void> | null = null;
  /** Topics whose last known event has not been seen in the log since the lane was taken. */
  #unseen = new Set<string>();

  constructor(aggregates: ReadonlyMap<string, Aggregate>, store: LaneStore, limits: StreamLimits) {
    this.#aggregates = aggregates;
    this.#store = store;
    this.hot = new HotStreams(limits);
  }

  get row(): LaneRow {
    if (!this.#row) throw new CacheLostError('The lane has not been taken.');
    return this.#row;
  }
  get flushing(): boolean {
    return this.#flushing !== null;
  }
  get taken(): boolean {
    return this.#row !== null;
  }

  /** Begins with the row in `write_state`, unless this lane's state is in memory already. */
  async take(): Promise<void> {
    this.#row ??= await this.#store.take();
    this.#unseen = new Set(Object.keys(this.#row.last));
  }

  /** Forgets everything, since the lane or its cache was lost. */
  drop(): void {
    this.#row = null;
    this.hot.clear();
  }

  /** Where reading goes on: at the last folded event, to see that it is still the same one. */
  position(topic: string): Offset {
    return this.row.last[topic]?.offset ?? this.row.next[topic] ?? 0;
  }

  /**
   * Makes streams hot. `names` is called when they are read, so later ones are included.
   * @throws CacheLostError if `write_state` was dropped meanwhile, or an earlier owner's flush came
   *   late: a stream that is ahead and a part that is not would make a state that never was.
   */
  async load(names: () => readonly string[]): Promise<void> {
    const cold = () => [...new Set(names())].filter((name) => !this.hot.has(name));
    if (cold().length === 0) return;
    const { cacheId } = this.row;
    const found = await this.#store.load(cacheId, cold);
    if (this.#row?.cacheId !== cacheId) throw new CacheLostError('The lane was dropped.');
    const { next } = this.row;
    for (const [name, stream] of found) {
      if (stream && stream.lastOffset >= (next[topicOfAny(name)] ?? 0)) {
        throw new CacheLostError(`${name} was stored by another owner of the lane.`);
      }
      this.hot.loaded(name, stream ?? this.#initial(name), stream !== null);
    }
  }

  /** Folds committed events, in order; events that were folded before change nothing. */
  async fold(events: readonly Committed[]): Promise<void> {
    await this.load(() => events.flatMap(({ event }) => this.#changedBy(event)));
    const folded = new Map<string, Stream>();
    try {
      for (const committed of events) this.#foldOne(committed, folded);
    } finally {
      const grownBy = this.#growth(events);
      for (const [name, stream] of folded) {
        this.hot.committed(name, stream, grownBy.get(name) as number);
      }
    }
    if (this.hot.dirtyOver(dirtyTimesLimit)) await this.flush();
  }

  #foldOne(committed: Committed, folded: Map<string, Stream>): void {
    const { topic, offset, event } = committed;
    const { subject, sequence } = event.meta;
    this.#sameLog(committed);
    const known = (name: string) => folded.get(name) ?? (this.hot.get(name) as Stream);
    const stream = known(subject);
    if (sequence > stream.version + 1) {
      const gap = `${subject} has version ${stream.version} and then ${sequence}`;
      throw new LaneBrokenError(`${topic} at ${offset}: ${gap}.`);
    }
    if (sequence === stream.version + 1) {
      const aggregate = this.#aggregate(subject);
      const [, part] = this.#changedBy(event);
      const before = withPart(aggregate, stream.state, part && known(part).state);
      const state = foldable(event, () => aggregate.evolve(before, event));
      const after = splitState(aggregate, state);
      folded.set(subject, this.#withKey({ ...stream, state: after.own }, event, offset));
      if (part) {
        folded.set(part, { version: sequence, lastOffset: offset, state: after.part, keys: [] });
      }
    }
    this.#advance(topic, offset, event);
  }

  /** The stream of an event, and the part that it is about. */
  #changedBy(event: Event): [string] | [string, string] {
    const { subject } = event.meta;
    const aggregate = this.#aggregate(subject);
    const part = foldable(event, () => partOf(aggregate, event));
    return part === null ? [subject] : [subject, part];
  }

  /** How many bytes of events each stream and part got. */
  #growth(events: readonly { event: Event; bytes: number }[]): Map<string, number> {
    const grownBy = new Map<string, number>();
    for (const { event, bytes } of events) {
      for (const name of this.#changedBy(event)) {
        grownBy.set(name, (grownBy.get(name) ?? 0) + bytes);
      }
    }
    return grownBy;
  }

  #sameLog({ topic, offset, event }: Committed): void {
    if (!this.#unseen.delete(topic)) return;
    const last = this.row.last[topic];
    if (last?.offset === offset && last.id === event.meta.id) return;
    throw anotherLog(topic, last, `event ${event.meta.id} at ${offset}`);
  }

  /** The stream after an event of this command. */
  #withKey(stream: Stream, event: Event, offset: Offset): Stream {
    const { subject, sequence, commandid, requesthash } = event.meta;
    const aggregate = this.#aggregate(subject);
    const last = stream.keys.at(-1);
    const continues = last?.commandid === commandid;
    const made = aggregate.made?.(event) ?? null;
    const types: string[] = [];
    const first = { commandid, requesthash, firstVersion: sequence, types, made };
    const entry = continues ? { ...last, made: last.made ?? made } : first;
    const before = continues ? stream.keys.slice(0, -1) : stream.keys;
    return {
      version: sequence,
      lastOffset: offset,
      state: stream.state,
      keys: [...before, { ...withEvent(entry, event.type), lastOffset: offset }].slice(
        -rememberedKeys,
      ),
    };
  }

  /** Takes in a committed batch, with the offset of each of its events. */
  commit(batch: Batch, offsets: readonly Offset[]): void {
    const versions = (name: string) => this.hot.get(name)?.version ?? 0;
    const events = batch.events.map(({ event, value }) => ({ event, bytes: value.length }));
    const grownBy = this.#growth(events);
    for (const [name, stream] of settled(batch, offsets, versions)) {
      this.hot.committed(name, stream, grownBy.get(name) as number);
    }
    for (const [index, { topic, event }] of batch.events.entries()) {
      this.#advance(topic, offsets[index] as Offset, event);
    }
  }

  #advance(topic: string, offset: Offset, event: Event): void {
    const { row } = this;
    const isNew = offset >= (row.next[topic] ?? 0);
    if (isNew && this.#aggregates.get(topic)?.numbered === event.type) {
      row.numbers[event.type] = (row.numbers[event.type] ?? 0) + 1;
    }
    row.next[topic] = Math.max(row.next[topic] ?? 0, offset + 1);
    row.last[topic] = { offset, id: event.meta.id };
    if (!row.types.includes(event.type)) row.types.push(event.type);
    row.lastTime = Math.max(row.lastTime, event.meta.time);
  }

  /** The reader has passed all offsets below `next`, markers and aborted records included. */
  passed(topic: string, next: Offset): void {
    const { row } = this;
    if (this.#unseen.has(topic)) throw anotherLog(topic, row.last[topic], 'no event');
    row.next[topic] = Math.max(row.next[topic] ?? 0, next);
  }

  /**
   * Writes the dirty streams to `write_state`; one flush at a time.
   * @throws CacheLostError if the cache was dropped, or another owner is ahead in it.
   */
  async flush(): Promise<void> {
    while (this.#flushing) await this.#flushing;
    this.#flushing = this.#flushOnce().finally(() => {
      this.#flushing = null;
    });
    return this.#flushing;
  }

  async #flushOnce(): Promise<void> {
    // A copy as of now: the row must not run ahead of the streams that are written with it.
    const streams = this.hot.dirty();
    const row = structuredClone(this.row);
    const { cacheId } = row;
    const added = new Set(streams.map(([name]) => name).filter((name) => this.hot.isNew(name)));
    const written = await this.#store.flush(row, streams, added);
    if (!written)
      throw new CacheLostError('write_state is no longer written by this owner of the lane.');
    if (this.#row?.cacheId === cacheId) this.hot.flushed(streams);
  }

  #initial(name: string): Stream {
    const state = initialOf(this.#aggregate(name), name);
    return { version: 0, lastOffset: -1, state, keys: [] };
  }

  #aggregate(name: string): Aggregate {
    const aggregate = this.#aggregates.get(topicOfAny(name));
    if (!aggregate) throw new LaneBrokenError(`No aggregate for the stream ${name}.`);
    return aggregate;
  }
}

const anotherLog = (topic: string, last: Progress['last'][string] | undefined, found: string) =>
  new LaneBrokenError(
    `${topic}: ${found}, where event ${last?.id} at ${last?.offset} was; ` +
      'write_state is of another log.',
  );

/** An `evolve` that throws will throw again: the lane stays closed until its code is mended. */
function foldable<T>(event: Event, fold: () => T): T {
  try {
    return fold();
  } catch (cause) {
    throw new LaneBrokenError(`${event.type} of ${event.meta.subject} can't be folded.`, { cause });
  }
}
