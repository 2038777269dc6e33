import { BSON } from 'mongodb';
import type { Offset } from '../log/log.ts';

/** A command that a stream remembers, so that its repeat is answered and not done again. */
export type KeyEntry = {
  commandid: string;
  requesthash: string;
  firstVersion: number;
  lastOffset: Offset;
  /** The types of its events; of the first ones only, if `count` says that there were more. */
  types: readonly string[];
  count?: number;
  /** The id of the thing that the command made, where the stream's id isn't that. */
  made: string | null;
};

/** A stream folded up to a version. Never changed in place. */
export type Stream = {
  version: number;
  /** Offset of the stream's last event; -1 if it has none. */
  lastOffset: Offset;
  state: unknown;
  /** The last commands that appended something, oldest first. */
  keys: readonly KeyEntry[];
};

/** How many commands a stream remembers. */
export const rememberedKeys = 64;
/** How many events of a command. Only batches have more, and their answers don't tell types. */
const rememberedTypes = 16;

/** What is remembered of a command, after one more event of it. */
export function withEvent<E extends Pick<KeyEntry, 'types' | 'count'>>(entry: E, type: string): E {
  const { types } = entry;
  if (types.length < rememberedTypes) return { ...entry, types: [...types, type] };
  return { ...entry, count: eventsOf(entry) + 1 };
}

/** How many events a remembered command has. */
export const eventsOf = ({ types, count }: Pick<KeyEntry, 'types' | 'count'>): number =>
  count ?? types.length;

type Entry = {
  name: string;
  stream: Stream;
  bytes: number;
  /** Of `bytes`, those that were added for events since the stream was measured. */
  unmeasured: number;
  dirty: boolean;
  /** Whether `write_state` may have it. */
  stored: boolean;
  pins: number;
};

export type StreamLimits = {
  streams: number;
  bytes: number;
  dirtyStreams: number;
  dirtyBytes: number;
};

export const defaultStreamLimits: StreamLimits = {
  streams: 50_000,
  bytes: 32 * 1024 * 1024,
  dirtyStreams: 5_000,
  dirtyBytes: 8 * 1024 * 1024,
};

/**
 * The streams of a lane that are in memory. Dirty streams (not yet in `write_state`) and pinned
 * ones (a command waits for them) stay; of the others the least recently used leave first when a
 * limit is passed.
 */
export class HotStreams {
  readonly #limits: StreamLimits;
  readonly #hot = new Map<string, Entry>();
  /** Clean and not pinned, least recently used first. */
  readonly #idle = new Map<string, Entry>();
  readonly #dirty = new Map<string, Entry>();
  #bytes = 0;
  #dirtyBytes = 0;

  constructor(limits: StreamLimits) {
    this.#limits = limits;
  }

  get size() {
    return this.#hot.size;
  }
  get bytes() {
    return this.#bytes;
  }
  get dirtySize() {
    return this.#dirty.size;
  }
  /** So many streams are dirty that nothing more may be appended before a flush. */
  get dirtyFull() {
    return this.dirtyOver(1);
  }
  /** True at the limit of dirty streams, or at so many times the limit of dirty bytes. */
  dirtyOver(times: number) {
    const { dirtyStreams, dirtyBytes } = this.#limits;
    return this.#dirty.size >= dirtyStreams || this.#dirtyBytes >= times * dirtyBytes;
  }

  get(name: string): Stream | undefined {
    return this.#hot.get(name)?.stream;
  }
  has(name: string): boolean {
    return this.#hot.has(name);
  }

  /**
   * Takes in a stream from `write_state`; one that is hot already stays as it is.
   * @param stored whether it was found there.
   */
  loaded(name: string, stream: Stream, stored = true): void {
    if (this.#hot.has(name)) return;
    const entry = newEntry(name, stream);
    entry.stored = stored;
    entry.bytes = sizeOf(name, stream);
    this.#hot.set(name, entry);
    this.#idle.set(name, entry);
    this.#bytes += entry.bytes;
  }

  /**
   * Takes in a stream as the log has it: newer than in `write_state`. A large stream is slow to
   * measure, so its events are counted, and it is measured once they have doubled it at most.
   * @param grownBy the bytes of its new events.
   */
  committed(name: string, stream: Stream, grownBy: number): void {
    const entry = this.#hot.get(name) ?? newEntry(name, stream);
    let bytes = entry.bytes + grownBy;
    let unmeasured = entry.unmeasured + grownBy;
    if (2 * unmeasured >= bytes) {
      bytes = sizeOf(name, stream);
      unmeasured = 0;
    }
    this.#bytes += bytes - entry.bytes;
    this.#dirtyBytes += bytes - (entry.dirty ? entry.bytes : 0);
    Object.assign(entry, { stream, bytes, unmeasured, dirty: true });
    this.#hot.set(name, entry);
    this.#dirty.set(name, entry);
    this.#idle.delete(name);
  }

  /** Keeps a stream in memory until it is unpinned. @returns false if it isn't in memory. */
  pin(name: string): boolean {
    const entry = this.#hot.get(name);
    if (!entry) return false;
    entry.pins += 1;
    this.#idle.delete(name);
    return true;
  }

  unpin(name: string): void {
    const entry = this.#hot.get(name);
    if (!entry) return;
    entry.pins -= 1;
    this.#rest(entry);
  }

  /** All streams that a flush has to write: the row written with them stands for every event. */
  dirty(): [string, Stream][] {
    return [...this.#dirty.values()].map(({ name, stream }) => [name, stream]);
  }

  /** Whether `write_state` was without this stream when it was read, and still is. */
  isNew(name: string): boolean {
    return this.#hot.get(name)?.stored === false;
  }

  /** A flush is done: the streams that didn't change meanwhile are clean. */
  flushed(streams: readonly [string, Stream][]): void {
    for (const [name, stream] of streams) {
      const entry = this.#dirty.get(name);
      if (!entry) continue;
      entry.stored = true;
      if (entry.stream.version !== stream.version) continue;
      entry.dirty = false;
      this.#dirty.delete(name);
      this.#dirtyBytes -= entry.bytes;
      this.#rest(entry);
    }
  }

  /** Evicts a tenth more than needed: a Map that lost many entries finds its first one slowly. */
  #evict(): void {
    const { streams, bytes } = this.#limits;
    if (this.#hot.size <= streams && this.#bytes <= bytes) return;
    for (const entry of this.#idle.values()) {
      if (this.#hot.size <= streams * 0.9 && this.#bytes <= bytes * 0.9) return;
      this.#idle.delete(entry.name);
      this.#hot.delete(entry.name);
      this.#bytes -= entry.bytes;
    }
  }

  clear(): void {
    this.#hot.clear();
    this.#idle.clear();
    this.#dirty.clear();
    this.#bytes = 0;
    this.#dirtyBytes = 0;
  }

  #rest(entry: Entry): void {
    if (entry.pins > 0 || entry.dirty) return;
    this.#idle.delete(entry.name);
    this.#idle.set(entry.name, entry);
    this.#evict();
  }
}

const newEntry = (name: string, stream: Stream): Entry => {
  return { name, stream, bytes: 0, unmeasured: 0, dirty: false, stored: true, pins: 0 };
};

/** Estimates on the high side: V8 keeps garbage beside the entries for a while. */
const keyBytes = 500;
const entryBytes = 1_500;

/**
 * The approximate memory of an entry: its state's BSON, its keys, and the maps around it. It is
 * estimated often, so each key counts the same instead of being measured.
 */
const sizeOf = (name: string, { state, keys }: Stream) =>
  BSON.calculateObjectSize({ state }) + keys.length * keyBytes + name.length + entryBytes;
