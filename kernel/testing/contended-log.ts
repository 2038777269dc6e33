import {
  type AppendOptions,
  type Chunk,
  type FencedProducer,
  InDoubtError,
  type Log,
  type LogReader,
  type LogRecord,
  type Offset,
  type Position,
  type RecordToAppend,
  type RecordToPut,
  type TopicLane,
} from '../log/log.ts';
import { namesOf } from '../log/topic-names.ts';

/**
 * A log in memory to which requests come one by one, in any order, late, or never: transactions
 * that are open for a while, fencing, reads that see no transaction before it has ended, records
 * outside of transactions, compaction. Whoever drives it decides what comes when.
 */

/** A request on its way. */
export type Call = {
  kind: 'start' | 'append' | 'end' | 'put' | 'read';
  /** The same for equal requests. */
  what: string;
  /** The producer whose connection it goes over. */
  by: object | null;
  /** What comes of it in the log. @throws InDoubtError if the log refuses it. */
  run(): unknown;
  /** The log can't answer it yet. */
  waits(): boolean;
};

/** Brings a request on its way. */
export type Ask = (call: Call) => Promise<unknown>;

export type ContendedClient = Pick<Log, 'producer' | 'put' | 'reader'>;

type Status = 'plain' | 'open' | 'committed' | 'aborted' | 'compacted';

export type Entry = TopicLane & {
  /** The name in Kafka; none for a record outside of transactions. */
  name: string | null;
  key: string;
  value: Buffer | null;
  status: Status;
};

const never = () => false;

export class ContendedLog {
  readonly #lanes = new Map<string, Entry[]>();
  readonly #epochs = new Map<string, number>();

  /** All records of a lane, whatever became of them; the offset is the index. */
  entries({ topic, lane }: TopicLane): Entry[] {
    const place = `${topic}/${lane}`;
    const known = this.#lanes.get(place) ?? [];
    this.#lanes.set(place, known);
    return known;
  }

  committed(at: TopicLane): Entry[] {
    return this.entries(at).filter(({ status }) => status === 'committed');
  }

  /** The names that have a transaction. */
  openNames(): string[] {
    const all = [...this.#lanes.values()].flat();
    return [
      ...new Set(all.flatMap(({ status, name }) => (status === 'open' && name ? [name] : []))),
    ];
  }

  /** How often producers of the name were started. */
  starts(name: string): number {
    return this.#epochs.get(name) ?? 0;
  }

  /** Starts a producer: fences all of the name before it, and aborts what they have open. */
  start(name: string): number {
    const epoch = this.starts(name) + 1;
    this.#epochs.set(name, epoch);
    this.#end(name, 'aborted');
    return epoch;
  }

  append(name: string, epoch: number, records: readonly RecordToAppend[]): Offset[] {
    this.#check(name, epoch);
    return records.map((record) => this.#add(record, name, 'open'));
  }

  end(name: string, epoch: number, status: 'committed' | 'aborted'): void {
    this.#check(name, epoch);
    this.#end(name, status);
  }

  put(record: RecordToPut): Offset {
    return this.#add(record, null, 'plain');
  }

  /** Which records Kafka may remove: with a later one of the same key, or that end their key. */
  compactable(at: TopicLane): Entry[] {
    const kept = this.entries(at).filter(({ status }) => status === 'plain');
    return kept.filter(
      ({ key, value }, place) =>
        value === null || kept.some((other, later) => later > place && other.key === key),
    );
  }

  /** Two equal logs have the same one. */
  key(): string {
    const lanes = [...this.#lanes].map(([place, entries]) => {
      const each = entries.map(({ name, key, value, status }) => {
        const said = status === 'plain' ? saidIn({ key, value }) : name;
        return status === 'compacted' ? '' : `${said} ${status}`;
      });
      return `${place}: ${each.join()}`;
    });
    const epochs = [...this.#epochs].map(([name, epoch]) => `${name} ${epoch}`);
    return [...lanes.sort(), ...epochs.sort()].join('; ');
  }

  client(ask: Ask, closed: (producer: object) => void): ContendedClient {
    return {
      producer: (id) => Producer.start(id, this, ask, closed),
      put: (record) =>
        ask({
          kind: 'put',
          what: `put ${record.topic}/${record.lane} ${saidIn(record)}`,
          by: null,
          run: () => this.put(record),
          waits: never,
        }) as Promise<Offset>,
      reader: () => this.#reader(ask),
    };
  }

  #reader(ask: Ask): LogReader {
    return {
      subscribe: (positions, { until = [] } = {}) => {
        let isRead = false;
        return {
          isFailing: false,
          take: async () => {
            if (isRead) return [];
            isRead = true;
            const ends = until.map(({ topic, lane, next }) => `${topic}/${lane} ${next}`);
            return ask({
              kind: 'read',
              what: `read ${ends.join()}`,
              by: null,
              run: () => this.#read(positions, until),
              waits: () => until.some((end) => this.#isOpenBelow(end)),
            }) as Promise<Chunk[]>;
          },
          close: async () => undefined,
        };
      },
      close: async () => undefined,
    };
  }

  #read(positions: readonly Position[], until: readonly Position[]): Chunk[] {
    return positions.map((at) => {
      const isSame = (end: Position) => end.topic === at.topic && end.lane === at.lane;
      const next = Math.max(at.next, until.find(isSame)?.next ?? 0);
      const records = this.entries(at).flatMap((entry, offset) => {
        const isRead = entry.status === 'committed' || entry.status === 'plain';
        return isRead && offset >= at.next && offset < next ? [recordOf(entry, offset)] : [];
      });
      return { topic: at.topic, lane: at.lane, records, next };
    });
  }

  /** Nobody reads past a transaction that is still open. */
  #isOpenBelow(end: Position): boolean {
    return this.entries(end).some(({ status }, offset) => status === 'open' && offset < end.next);
  }

  #add(record: RecordToPut, name: string | null, status: Status): Offset {
    const { topic, lane, key, value } = record;
    return this.entries(record).push({ topic, lane, key, value, name, status }) - 1;
  }

  #check(name: string, epoch: number): void {
    if (this.starts(name) !== epoch) throw new InDoubtError(`${name} is fenced`, { fenced: true });
  }

  #end(name: string, status: 'committed' | 'aborted'): void {
    for (const entry of [...this.#lanes.values()].flat()) {
      if (entry.name === name && entry.status === 'open') entry.status = status;
    }
  }
}

const recordOf = ({ topic, lane, key, value }: Entry, offset: Offset): LogRecord => ({
  ...{ topic, lane, offset, value, timestamp: 0, headers: {} },
  key: Buffer.from(key),
});

/** Without what differs from run to run. */
const saidIn = ({ key, value }: Pick<RecordToPut, 'key' | 'value'>): string =>
  `${key} ${value ? (value.includes('ended') ? 'ended' : 'claimed') : 'none'}`;

type Named = { name: string; epoch: number };

/** Its names take turns, as Kafka's do; the first failure that isn't an abort spends it. */
class Producer implements FencedProducer {
  readonly #log: ContendedLog;
  readonly #ask: Ask;
  readonly #closed: (producer: object) => void;
  #names: Named[] = [];
  #spent: InDoubtError | null = null;

  private constructor(log: ContendedLog, ask: Ask, closed: (producer: object) => void) {
    this.#log = log;
    this.#ask = ask;
    this.#closed = closed;
  }

  static async start(
    id: string,
    log: ContendedLog,
    ask: Ask,
    closed: (producer: object) => void,
  ): Promise<Producer> {
    const producer = new Producer(log, ask, closed);
    const starting = namesOf(id).map(async (name) => {
      const what = `start ${name}`;
      const run = () => log.start(name);
      const epoch = await ask({ kind: 'start', what, by: producer, run, waits: never });
      return { name, epoch: epoch as number };
    });
    producer.#names = await Promise.all(starting);
    return producer;
  }

  async append(records: RecordToAppend[], late = () => [] as RecordToAppend[]): Promise<Offset[]> {
    const [next, last] = this.#names as [Named, Named];
    this.#names = [last, next];
    return this.#transaction(next, () => [...records, ...late()], 'committed');
  }

  async barrier(lanes: TopicLane[], _options?: AppendOptions): Promise<Position[]> {
    const record = { key: 'barrier', value: Buffer.alloc(0), timestamp: 0 };
    const records = () => lanes.map((lane) => ({ ...lane, ...record }));
    const offsets: Offset[][] = [];
    for (const one of this.#names) offsets.push(await this.#transaction(one, records, 'aborted'));
    return lanes.map((lane, at) => ({ ...lane, next: offsets[0]?.[at] as Offset }));
  }

  async close(): Promise<void> {
    this.#spent ??= new InDoubtError('the producer is closed');
    this.#closed(this);
  }

  async #transaction(
    { name, epoch }: Named,
    records: () => RecordToAppend[],
    end: 'committed' | 'aborted',
  ): Promise<Offset[]> {
    if (this.#spent) throw this.#spent;
    const log = this.#log;
    const ask = (kind: Call['kind'], run: () => unknown) =>
      this.#ask({ kind, what: `${kind} ${name} ${end}`, by: this, run, waits: never });
    try {
      const all = records();
      const offsets = await ask('append', () => log.append(name, epoch, all));
      await ask('end', () => log.end(name, epoch, end));
      return offsets as Offset[];
    } catch (error) {
      if (error instanceof InDoubtError) this.#spent = error;
      throw error;
    }
  }
}
