import { type Codec, UndecodableError } from '../codec/codec.ts';
import type { Event } from '../event.ts';
import type { Log, LogReader, LogRecord, Position } from '../log/log.ts';
import { contextOf } from '../log/topic-names.ts';

/** A record of the log with its event, or with the reason why it can't be decoded. */
export type Entry = {
  record: LogRecord;
  /** The topic without prefix. */
  context: string;
} & ({ event: Event; undecodable: null } | { event: null; undecodable: string });

const yieldedAtOnce = 500;

/** Decodes records, and keeps those that can't be decoded. @throws RegistryAwayError */
export async function entriesOf(
  records: readonly LogRecord[],
  { codec, prefix }: { codec: Codec; prefix: string },
): Promise<Entry[]> {
  await codec.learn(records);
  return records.map((record) => entryOf(record, codec, prefix));
}

function entryOf(record: LogRecord, codec: Codec, prefix: string): Entry {
  const context = contextOf(prefix, record.topic);
  try {
    const event = codec.decode(record);
    // Decodes `meta` here: later code would not expect a failure.
    void event.meta;
    return { record, context, event, undecodable: null };
  } catch (error) {
    if (!(error instanceof UndecodableError)) throw error;
    // The message begins with the place, which the record has as well.
    const reason = error.message.replace(/^.*? offset \d+: /, '');
    return { record, context, event: null, undecodable: reason };
  }
}

/** The first and the end offsets of the topics' lanes now, in the same order. */
export async function boundsOf(
  log: Log,
  topics: readonly string[],
): Promise<{ from: Position[]; until: Position[] }> {
  const bounds = { from: [] as Position[], until: [] as Position[] };
  const ofTopic = async (topic: string) =>
    [topic, ...(await Promise.all([log.firstOffsets(topic), log.stableOffsets(topic)]))] as const;
  for (const [topic, first, end] of await Promise.all(topics.map(ofTopic))) {
    for (const [lane, next] of end.entries()) {
      bounds.from.push({ topic, lane, next: first[lane] ?? 0 });
      bounds.until.push({ topic, lane, next });
    }
  }
  return bounds;
}

/**
 * All records between these offsets, merged by their time, which never runs back within a lane.
 * Memory holds only the reader's buffer of each lane, however long the log is.
 */
export async function* mergedByTime(
  reader: LogReader,
  { from, until }: { from: readonly Position[]; until: readonly Position[] },
): AsyncGenerator<LogRecord[]> {
  const lanes = from.map((position, at) => new LaneHead(reader, position, until[at]!));
  await Promise.all(lanes.map((lane) => lane.fill()));
  let open = lanes.filter(({ head }) => head);
  let merged: LogRecord[] = [];
  while (open.length > 0) {
    const earliest = open.reduce((a, b) => (b.head!.timestamp < a.head!.timestamp ? b : a));
    merged.push(earliest.head!);
    earliest.at += 1;
    if (!earliest.head || merged.length === yieldedAtOnce) {
      yield merged;
      merged = [];
      await earliest.fill();
      if (!earliest.head) open = open.filter((lane) => lane !== earliest);
    }
  }
}

/** The next record of a lane that is merged with others. */
class LaneHead {
  at = 0;
  readonly #subscription: ReturnType<LogReader['subscribe']>;
  #records: LogRecord[] = [];

  constructor(reader: LogReader, from: Position, until: Position) {
    this.#subscription = reader.subscribe([from], { until: [until] });
  }

  get head(): LogRecord | undefined {
    return this.#records[this.at];
  }

  /** Waits for the lane's next record, if none is buffered; without one, the lane has ended. */
  async fill(): Promise<void> {
    while (!this.head) {
      const chunks = await this.#subscription.take();
      if (chunks.length === 0) return;
      this.#records = chunks.flatMap(({ records }) => records);
      this.at = 0;
    }
  }
}

/**
 * Records from these offsets on, as they are appended, until `stop` aborts.
 * @param reached is moved on as records are given away.
 */
export async function* following(
  reader: LogReader,
  reached: Position[],
  stop: AbortSignal,
): AsyncGenerator<LogRecord[]> {
  const subscription = reader.subscribe(reached.map((position) => ({ ...position })));
  const close = () => void subscription.close();
  stop.addEventListener('abort', close, { once: true });
  try {
    while (!stop.aborted) {
      const chunks = await subscription.take();
      const records = chunks.flatMap((chunk) => chunk.records);
      if (records.length > 0) yield records;
      for (const { topic, lane, next } of chunks) {
        const position = reached.find((one) => one.topic === topic && one.lane === lane);
        if (position) position.next = next;
      }
    }
  } finally {
    stop.removeEventListener('abort', close);
    await subscription.close();
  }
}
