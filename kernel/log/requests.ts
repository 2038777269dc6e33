import type { TopicLane } from './log.ts';
import { type Reader, Writer } from './wire.ts';

/**
 * One request of Kafka's protocol and how its answer is read. kafkajs has codecs of its own, but
 * they throw for all partitions when one has an error; these leave every judgement to the caller.
 */
export type Request<T extends Answer> = {
  name: string;
  key: number;
  version: number;
  /** The request's content, for tests and messages. */
  body: unknown;
  write(writer: Writer): void;
  read(reader: Reader): T;
  /** How long the broker itself may wait before it answers. */
  waitMs?: number;
};

export type Answer = { throttleMs: number };

type ByTopic<T> = [topic: string, partitions: T[]][];

export const byTopic = <T extends TopicLane>(items: Iterable<T>): ByTopic<T> => {
  const topics = new Map<string, T[]>();
  for (const item of items) {
    const known = topics.get(item.topic);
    if (known) known.push(item);
    else topics.set(item.topic, [item]);
  }
  return [...topics];
};

/** The wire's nesting of partitions in topics, as one flat list. */
const flat = <T>(reader: Reader, read: (topic: string) => T): T[] =>
  reader
    .array(() => {
      const topic = reader.string() ?? '';
      return reader.array(() => read(topic));
    })
    .flat();

const nested = <T extends TopicLane>(
  writer: Writer,
  items: Iterable<T>,
  write: (item: T) => void,
): void => {
  writer.array(byTopic(items), ([topic, partitions]) => {
    writer.string(topic).array(partitions, write);
  });
};

export type TopicMetadata = {
  error: number;
  topic: string;
  lanes: { error: number; lane: number; leader: number; epoch: number; replicas: number }[];
};

export type ClusterMetadata = Answer & {
  brokers: { node: number; host: string; port: number }[];
  clusterId: string | null;
  topics: TopicMetadata[];
};

/** @param topics null for all. */
export const metadataRequest = (topics: readonly string[] | null): Request<ClusterMetadata> => ({
  name: 'Metadata',
  key: 3,
  version: 7,
  body: { topics },
  write: (writer) => {
    if (topics) writer.array(topics, (topic) => writer.string(topic));
    else writer.int32(-1);
    writer.int8(0); // never creates topics
  },
  read: (reader) => {
    const throttleMs = reader.int32();
    const brokers = reader.array(() => {
      const node = reader.int32();
      const host = reader.string() ?? '';
      const port = reader.int32();
      reader.string(); // rack
      return { node, host, port };
    });
    const clusterId = reader.string();
    reader.int32(); // controller
    const topics = reader.array(() => {
      const error = reader.int16();
      const topic = reader.string() ?? '';
      reader.int8(); // internal
      const lanes = reader.array(() => {
        const error = reader.int16();
        const lane = reader.int32();
        const leader = reader.int32();
        const epoch = reader.int32();
        const replicas = reader.array(() => reader.int32()).length;
        reader.array(() => reader.int32()); // in sync
        reader.array(() => reader.int32()); // offline
        return { error, lane, leader, epoch, replicas };
      });
      return { error, topic, lanes };
    });
    return { throttleMs, brokers, clusterId, topics };
  },
});

export type Coordinator = Answer & { error: number; node: number; host: string; port: number };

export const findCoordinatorRequest = (transactionalId: string): Request<Coordinator> => ({
  name: 'FindCoordinator',
  key: 10,
  version: 2,
  body: { transactionalId },
  write: (writer) => {
    writer.string(transactionalId).int8(1); // of a transaction
  },
  read: (reader) => {
    const throttleMs = reader.int32();
    const error = reader.int16();
    reader.string(); // message
    const node = reader.int32();
    return { throttleMs, error, node, host: reader.string() ?? '', port: reader.int32() };
  },
});

export type ListedOffset = TopicLane & { error: number; offset: number };

/** `at` −1: the last stable offset; −2: the first offset. The epoch shuts out deposed leaders. */
export const listOffsetsRequest = (
  lanes: (TopicLane & { epoch: number })[],
  at: -1 | -2,
): Request<Answer & { offsets: ListedOffset[] }> => ({
  name: 'ListOffsets',
  key: 2,
  version: 5,
  body: { lanes, at },
  write: (writer) => {
    writer.int32(-1).int8(1); // a client, read committed
    nested(writer, lanes, ({ lane, epoch }) => writer.int32(lane).int32(epoch).int64(at));
  },
  read: (reader) => ({
    throttleMs: reader.int32(),
    offsets: flat(reader, (topic) => {
      const lane = reader.int32();
      const error = reader.int16();
      reader.int64(); // timestamp
      const offset = reader.int64();
      reader.int32(); // leader epoch
      return { topic, lane, error, offset };
    }),
  }),
});

export type LaneToFetch = TopicLane & { next: number; epoch: number; maxBytes: number };

export type FetchedLane = TopicLane & {
  error: number;
  lastStable: number;
  first: number;
  aborted: { producerId: bigint; first: number }[];
  /** Record batches; the last one may be cut off. */
  batches: Buffer;
};

export type FetchAnswer = Answer & { error: number; lanes: FetchedLane[] };

export const fetchRequest = (
  lanes: LaneToFetch[],
  { maxWaitMs, maxBytes }: { maxWaitMs: number; maxBytes: number },
): Request<FetchAnswer> => ({
  name: 'Fetch',
  key: 1,
  version: 11,
  body: { lanes },
  waitMs: maxWaitMs,
  write: (writer) => {
    writer.int32(-1).int32(maxWaitMs).int32(1).int32(maxBytes).int8(1); // read committed
    writer.int32(0).int32(-1); // no fetch session
    nested(writer, lanes, (lane) =>
      writer.int32(lane.lane).int32(lane.epoch).int64(lane.next).int64(-1).int32(lane.maxBytes),
    );
    writer.int32(0).string(''); // nothing forgotten, no rack
  },
  read: (reader) => {
    const throttleMs = reader.int32();
    const error = reader.int16();
    reader.int32(); // session
    const lanes = flat(reader, (topic) => {
      const lane = reader.int32();
      const error = reader.int16();
      reader.int64(); // high watermark
      const lastStable = reader.int64();
      const first = reader.int64();
      const aborted = reader.array(() => ({
        producerId: reader.bigint64(),
        first: reader.int64(),
      }));
      reader.int32(); // preferred replica
      return { topic, lane, error, lastStable, first, aborted, batches: reader.sized() };
    });
    return { throttleMs, error, lanes };
  },
});

/** The identity that Kafka fences: the last producer to ask for the id has the valid epoch. */
export type ProducerIdentity = { transactionalId: string; producerId: bigint; epoch: number };

export const initProducerIdRequest = (
  transactionalId: string,
  transactionTimeoutMs: number,
): Request<Answer & { error: number; producerId: bigint; epoch: number }> => ({
  name: 'InitProducerId',
  key: 22,
  version: 1,
  body: { transactionalId },
  write: (writer) => {
    writer.string(transactionalId).int32(transactionTimeoutMs);
  },
  read: (reader) => ({
    throttleMs: reader.int32(),
    error: reader.int16(),
    producerId: reader.bigint64(),
    epoch: reader.int16(),
  }),
});

const writeIdentity = (writer: Writer, identity: ProducerIdentity): Writer =>
  writer.string(identity.transactionalId).int64(identity.producerId).int16(identity.epoch);

export type AddedLanes = Answer & { lanes: (TopicLane & { error: number })[] };

export const addPartitionsToTxnRequest = (
  identity: ProducerIdentity,
  lanes: TopicLane[],
): Request<AddedLanes> => ({
  name: 'AddPartitionsToTxn',
  key: 24,
  version: 1,
  body: { transactionalId: identity.transactionalId, lanes },
  write: (writer) => {
    nested(writeIdentity(writer, identity), lanes, ({ lane }) => writer.int32(lane));
  },
  read: (reader) => ({
    throttleMs: reader.int32(),
    lanes: flat(reader, (topic) => ({ topic, lane: reader.int32(), error: reader.int16() })),
  }),
});

export const endTxnRequest = (
  identity: ProducerIdentity,
  commit: boolean,
): Request<Answer & { error: number }> => ({
  name: 'EndTxn',
  key: 26,
  version: 1,
  body: { transactionalId: identity.transactionalId, commit },
  write: (writer) => {
    writeIdentity(writer, identity).int8(commit ? 1 : 0);
  },
  read: (reader) => ({ throttleMs: reader.int32(), error: reader.int16() }),
});

export type ProducedLane = TopicLane & { error: number; baseOffset: number };

/** @param transactionalId null outside of transactions. */
export const produceRequest = (
  transactionalId: string | null,
  batches: (TopicLane & { batch: Buffer; firstSequence: number })[],
  timeoutMs: number,
): Request<Answer & { lanes: ProducedLane[] }> => ({
  name: 'Produce',
  key: 0,
  version: 7,
  body: { transactionalId, batches },
  waitMs: timeoutMs,
  write: (writer) => {
    if (transactionalId === null) writer.int16(-1);
    else writer.string(transactionalId);
    writer.int16(-1).int32(timeoutMs); // all in-sync replicas
    nested(writer, batches, ({ lane, batch }) => writer.int32(lane).sized(batch));
  },
  read: (reader) => {
    const lanes = flat(reader, (topic) => {
      const lane = reader.int32();
      const error = reader.int16();
      const baseOffset = reader.int64();
      reader.int64(); // append time
      reader.int64(); // first offset of the log
      return { topic, lane, error, baseOffset };
    });
    return { throttleMs: reader.int32(), lanes };
  },
});

/** The bytes of a request behind its header, which kafkajs writes. */
export const encoded = (request: Request<Answer>): Buffer => {
  const writer = new Writer();
  request.write(writer);
  return writer.bytes;
};
