import { randomUUID } from 'node:crypto';
import { Kafka, logLevel, type Transaction } from 'kafkajs';
import { openLog } from '../log/kafka-log.ts';
import type {
  Chunk,
  Log,
  LogRecord,
  Offset,
  Position,
  RecordToAppend,
  Subscription,
} from '../log/log.ts';

/** The cluster that the log's contract is tested on. */
export type Cluster = { brokers: string[]; size: 1 | 3 };
export type Running = () => Cluster;

export type World = {
  log: Log;
  /** Creates a topic with a name of its own. */
  topic(lanes?: number): Promise<string>;
  /** A stock kafkajs client, for requests that this log's own producer never makes. */
  foreign: Kafka;
  /** A stock transaction with an id of its own; ended by the test. */
  foreignTransaction(): Promise<Transaction>;
  close(): Promise<void>;
};

export const openWorld = ({ brokers, size }: Cluster): World => {
  const log = openLog({ brokers, clientId: 'contract' });
  const foreign = new Kafka({
    brokers,
    clientId: 'foreign',
    logLevel: logLevel.NOTHING,
    retry: { initialRetryTime: 10, retries: 20, maxRetryTime: 300 },
  });
  const producers: { disconnect(): Promise<void> }[] = [];
  return {
    log,
    foreign,
    topic: async (lanes = 3) => {
      const topic = `contract-${randomUUID()}`;
      await log.ensureTopics([topic], {
        lanes,
        replication: size,
        minInSyncReplicas: size === 1 ? 1 : 2,
      });
      return topic;
    },
    foreignTransaction: async () => {
      const transactionalId = `foreign-${randomUUID()}`;
      const producer = foreign.producer({ transactionalId, maxInFlightRequests: 1 });
      producers.push(producer);
      await producer.connect();
      return producer.transaction();
    },
    close: async () => {
      await Promise.all(producers.map((producer) => producer.disconnect()));
      await log.close();
    },
  };
};

export const event = (topic: string, lane: number, value: string): RecordToAppend => ({
  topic,
  lane,
  key: `key of ${value}`,
  value: Buffer.from(value),
  timestamp: 1_700_000_000_000,
});

export const start = (topic: string, ...lanes: number[]): Position[] =>
  lanes.map((lane) => ({ topic, lane, next: 0 }));

export const textOf = ({ value }: LogRecord): string => String(value);

/** The chunks of a subscription until they are enough. */
export const takeUntil = async (
  subscription: Subscription,
  enough: (chunks: Chunk[]) => boolean,
): Promise<Chunk[]> => {
  const chunks: Chunk[] = [];
  while (!enough(chunks)) chunks.push(...(await subscription.take()));
  return chunks;
};

export const recordsOf = (chunks: Chunk[]): LogRecord[] => chunks.flatMap(({ records }) => records);

/** The next offset of a lane after these chunks. */
export const reached = (chunks: Chunk[], lane = 0): Offset =>
  Math.max(0, ...chunks.filter((chunk) => chunk.lane === lane).map(({ next }) => next));

/** All chunks of a bounded read: to the ends given, or to the last stable offsets. */
export const readAll = async (
  log: Log,
  positions: Position[],
  until?: Position[],
): Promise<Chunk[]> => {
  const ends = until ?? (await stableEnds(log, positions));
  const reader = log.reader();
  try {
    const subscription = reader.subscribe(positions, { until: ends });
    const chunks: Chunk[] = [];
    for (;;) {
      const taken = await subscription.take();
      if (taken.length === 0) return chunks;
      chunks.push(...taken);
    }
  } finally {
    await reader.close();
  }
};

const stableEnds = (log: Log, positions: Position[]): Promise<Position[]> =>
  Promise.all(
    positions.map(async ({ topic, lane }) => {
      const offsets = await log.stableOffsets(topic);
      return { topic, lane, next: offsets[lane] as Offset };
    }),
  );
