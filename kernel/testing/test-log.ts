import { randomUUID } from 'node:crypto';
import { type Db, MongoClient } from 'mongodb';
import { inject } from 'vitest';
import { type Codec, openCodec } from '../codec/codec.ts';
import { type Event, eventId, type Meta } from '../event.ts';
import { openLog } from '../log/kafka-log.ts';
import { laneOf } from '../log/lane-of.ts';
import type { FencedProducer, Log, RecordToAppend } from '../log/log.ts';
import { claimsTopic, topicName, transactionalId } from '../log/topic-names.ts';
import { deploySchemas } from '../schemas/deploy.ts';
import type { EventSchema } from '../schemas/event-schema.ts';
import type { TestStack } from './stack.ts';

/** A log with topics and schemas of a test's own, and a database. */
export type TestLog = {
  log: Log;
  codec: Codec;
  client: MongoClient;
  db: Db;
  database: string;
  /** Stands before the names of the topics, and of the subjects in the registry. */
  prefix: string;
  lanes: number;
  logId: string;
  /** Appends in one transaction per lane. @returns topic, lane and offset of each. */
  append(topic: string, records: readonly TestRecord[]): Promise<Appended[]>;
  /** Drops the database and ends all connections. */
  close(): Promise<void>;
};

/** An event, or bytes that stand in the place of one. */
export type TestRecord = { key: string } & ({ event: Event } | { bytes: Buffer });
export type Appended = { topic: string; lane: number; offset: number };

export type TestLogOptions = {
  /** Begins the names of the database and the topics, to show which test made them. */
  label: string;
  schemas: readonly EventSchema[];
  lanes?: number | undefined;
  /** The stack that all test files share, unless another is given. */
  stack?: TestStack | undefined;
};

export async function openTestLog(options: TestLogOptions): Promise<TestLog> {
  const { label, schemas, lanes = 2, stack = inject('stack') } = options;
  const database = `${label}-${randomUUID().slice(0, 8)}`;
  const prefix = `${database}.`;
  const log = openLog({ brokers: stack.kafka.split(','), clientId: label });
  const topics = [...new Set(schemas.map(({ context }) => topicName(prefix, context)))];
  const settings = { lanes, replication: 1, minInSyncReplicas: 1 };
  await log.ensureTopics(topics, settings);
  await log.ensureTopics([claimsTopic(prefix)], { ...settings, compacted: true });
  const registry = { registryUrl: stack.schemaRegistry, topicPrefix: prefix, schemas };
  await deploySchemas(registry);
  const codec = await openCodec(registry);
  const client = await new MongoClient(stack.mongo).connect();
  const db = client.db(database);
  const producers = new Map<number, FencedProducer>();
  const producerOf = async (lane: number) => {
    const producer =
      producers.get(lane) ?? (await log.producer(transactionalId(prefix, `test-lane-${lane}`)));
    producers.set(lane, producer);
    return producer;
  };
  return {
    ...{ log, codec, client, db, database, prefix, lanes },
    logId: await log.id(),
    async append(topic, records) {
      const offsets = new Map<TestRecord, number>();
      for (let lane = 0; lane < lanes; lane += 1) {
        const own = records.filter(({ key }) => laneOf(key, lanes) === lane);
        if (own.length === 0) continue;
        const producer = await producerOf(lane);
        const appended = await producer.append(
          own.map((one) => recordToAppend(one, topicName(prefix, topic), lane, codec)),
        );
        for (const [at, one] of own.entries()) offsets.set(one, appended[at]!);
      }
      return records.map((one) => ({
        ...{ topic, lane: laneOf(one.key, lanes), offset: offsets.get(one)! },
      }));
    },
    async close() {
      await Promise.all([...producers.values()].map((producer) => producer.close()));
      await log.close();
      await db.dropDatabase();
      await client.close();
    },
  };
}

/** @param topic with its prefix. */
export const recordToAppend = (
  record: TestRecord,
  topic: string,
  lane: number,
  codec: Codec,
): RecordToAppend => ({
  ...{ topic, lane, key: record.key, timestamp: Date.now() },
  value: 'bytes' in record ? record.bytes : codec.encode(topic, record.event),
});

/** The `meta` of an event that only a test wrote. */
export const testMeta = (stream: string, sequence: number): Meta => ({
  id: eventId(stream, sequence),
  source: '/test',
  subject: stream,
  time: sequence,
  sequence,
  correlationid: 'test',
  causationid: null,
  actor: 'test',
  commandid: 'test',
  requesthash: '',
});
