import type { Aggregate } from '../aggregate.ts';
import type { Codec } from '../codec/codec.ts';
import type { Event } from '../event.ts';
import {
  type Chunk,
  type FencedProducer,
  InDoubtError,
  type Log,
  type LogRecord,
  type Offset,
  type Position,
  type RecordToPut,
} from '../log/log.ts';
import type { LaneStore } from '../writer/store.ts';
import type { Stream } from '../writer/streams.ts';
import { CacheLostError, type LaneRow } from '../writer/write-state.ts';

/** A lane's log and its `write_state`, in memory, failing on demand: for the random model. */

type Entry = { offset: Offset; event: Event | null };

/** How an append ends for its caller; `lost-*` are the two ways of being in doubt. */
export type Fate = 'answered' | 'lost-after' | 'lost-before';

export type ModelledLog = Pick<Log, 'reader' | 'producer' | 'put'>;

export class ModelLog {
  /** Per topic: committed events, and null for barriers and markers. */
  readonly topics = new Map<string, Entry[]>();
  /** The newest producer of each name; older ones are fenced. */
  readonly #epochs = new Map<string, number>();
  /** Records outside of transactions, per topic. */
  readonly #puts = new Map<string, LogRecord[]>();
  fate: Fate = 'answered';

  constructor(topics: readonly string[]) {
    for (const topic of topics) this.topics.set(topic, []);
  }

  /** The one place that knows the truth. */
  committed(): { topic: string; offset: Offset; event: Event }[] {
    return [...this.topics].flatMap(([topic, entries]) =>
      entries.flatMap(({ offset, event }) => (event ? [{ topic, offset, event }] : [])),
    );
  }

  #add(topic: string, event: Event | null): Offset {
    const entries = this.topics.get(topic) as Entry[];
    return entries.push({ offset: entries.length, event }) - 1;
  }

  producer(id = 'a producer'): FencedProducer {
    const epoch = (this.#epochs.get(id) ?? 0) + 1;
    this.#epochs.set(id, epoch);
    const fenced = () => {
      if (epoch !== this.#epochs.get(id)) throw new InDoubtError('fenced', { fenced: true });
    };
    return {
      append: async (first, late = () => []) => {
        fenced();
        const { fate } = this;
        this.fate = 'answered';
        if (fate === 'lost-before') throw new InDoubtError('the request was lost');
        const records = [...first, ...late()];
        const offsets = records.map(({ topic, value }) => this.#add(topic, decoded(value)));
        for (const topic of new Set(records.map((record) => record.topic))) this.#add(topic, null);
        if (fate === 'lost-after') throw new InDoubtError('the answer was lost');
        return offsets;
      },
      barrier: async (lanes) => {
        fenced();
        const positions = lanes.map((at) => ({ ...at, next: this.#add(at.topic, null) }));
        for (const { topic } of lanes) this.#add(topic, null);
        return positions;
      },
      close: async () => undefined,
    };
  }

  #read(positions: readonly Position[], until: readonly Position[]): Chunk[] {
    return positions.map(({ topic, lane, next }) => {
      const end = until.find((position) => position.topic === topic)?.next ?? 0;
      const puts = this.#puts.get(topic);
      if (puts) return { topic, lane, records: puts.slice(next, end), next: Math.max(next, end) };
      const entries = (this.topics.get(topic) as Entry[]).slice(next, end);
      const records = entries.flatMap(({ offset, event }) =>
        event ? [{ topic, lane, offset, ...record(event) }] : [],
      );
      return { topic, lane, records, next: Math.max(next, end) };
    });
  }

  #put({ topic, lane, key, value, timestamp }: RecordToPut): Offset {
    const puts = this.#puts.get(topic) ?? [];
    this.#puts.set(topic, puts);
    const place = { topic, lane, offset: puts.length, timestamp, headers: {} };
    return puts.push({ ...place, key: Buffer.from(key), value }) - 1;
  }

  asLog(): ModelledLog {
    return {
      producer: async (id) => this.producer(id),
      put: async (record) => this.#put(record),
      reader: () => ({
        subscribe: (positions, options) => {
          let chunks = this.#read(positions, options?.until ?? []);
          return {
            isFailing: false,
            take: async () => {
              const taken = chunks;
              chunks = [];
              return taken;
            },
            close: async () => undefined,
          };
        },
        close: async () => undefined,
      }),
    };
  }
}

const encoded = (event: Event) => Buffer.from(JSON.stringify(event));
export const decoded = (value: Buffer) => JSON.parse(value.toString()) as Event;
const record = (event: Event) => ({
  key: null,
  value: encoded(event),
  timestamp: event.meta.time,
  headers: {},
});

export const modelCodec: Codec = {
  encode: (_topic, event) => encoded(event),
  learn: async () => undefined,
  decode: ({ value, lane, offset }) => {
    const event = decoded(value as Buffer);
    return { ...event, sequence: event.meta.sequence, place: { lane, offset } };
  },
  knows: () => true,
};

/** `write_state` of one lane. A flush lands when it is told to, however late that is. */
export class ModelStore {
  #row: LaneRow | null = null;
  readonly #streams = new Map<string, Stream>();
  #caches = 0;
  /** Flushes under way, oldest first. */
  readonly pending: { owner: object; land(): void; fail(): void }[] = [];

  /** Lands all flushes that this owner has under way. */
  landAllOf(owner: object): void {
    const own = this.pending.filter((flush) => flush.owner === owner);
    for (const flush of own) this.pending.splice(this.pending.indexOf(flush), 1)[0]?.land();
  }

  dropCache(): void {
    this.#row = null;
    this.#streams.clear();
  }

  asStore(owner: object): LaneStore {
    return {
      take: async () => {
        this.#caches += 1;
        const empty = { next: {}, last: {}, lastTime: 0, numbers: {}, types: [] };
        this.#row ??= { cacheId: `c${this.#caches}`, ...empty };
        return structuredClone(this.#row);
      },
      load: async (cacheId, names) => {
        const found = names().map((name): [string, Stream | null] => [
          name,
          structuredClone(this.#streams.get(`${cacheId}/${name}`) ?? null),
        ]);
        if (this.#row?.cacheId !== cacheId) throw new CacheLostError('The cache is gone.');
        return new Map(found);
      },
      flush: (row, streams) => {
        const copy = structuredClone({ row, streams });
        return new Promise((resolve, reject) => {
          this.pending.push({
            owner,
            land: () => resolve(this.#land(copy.row, copy.streams)),
            fail: () => reject(new Error('Mongo is away.')),
          });
        });
      },
    };
  }

  #land(row: LaneRow, streams: readonly (readonly [string, Stream])[]): boolean {
    if (this.#row?.cacheId !== row.cacheId) return false;
    const stored = this.#row.next;
    const isAhead = Object.entries(row.next).some(([topic, next]) => (stored[topic] ?? 0) > next);
    if (isAhead) return false;
    this.#row = structuredClone(row);
    for (const [name, stream] of streams) this.#streams.set(`${row.cacheId}/${name}`, stream);
    return true;
  }
}

/** A state that shows every event and its order: two folds differ if anything does. */
export const trail = (topic: string): Aggregate<string[], Event> => ({
  topic,
  stateVersion: 1,
  numbered: `${topic} numbered`,
  initial: [],
  evolve: (state, event) => [...state, event.meta.id],
});

/**
 * The same with parts. Each part shows the events about it; the stream's own state shows all
 * events, each with how many its part had before.
 */
export const trailInParts = (topic: string): Aggregate<{ all: string[]; part: string[] }> => ({
  topic,
  stateVersion: 1,
  numbered: `${topic} numbered`,
  initial: { all: [], part: [] },
  parts: { field: 'part', of: ({ data }) => (data as { part: string }).part },
  evolve: ({ all, part }, { meta: { id } }) => {
    return { all: [...all, `${part.length} ${id}`], part: [...part, id] };
  },
});
