import { randomUUID } from 'node:crypto';
import { type Db, MongoClient } from 'mongodb';
import { inject } from 'vitest';
import { type Codec, openCodec } from '#kernel/codec/codec.ts';
import { type Event, eventId, type Meta } from '#kernel/event.ts';
import { openLog } from '#kernel/log/kafka-log.ts';
import { laneOf } from '#kernel/log/lane-of.ts';
import type { FencedProducer, Log, RecordToAppend } from '#kernel/log/log.ts';
import type { Endpoints } from '#local-stack/endpoints.ts';
import { deploySchemas, deployTopics } from '#schemas/deploy.ts';
import { eventSchemas } from '#schemas/load.ts';
import type { Vote } from './journal.ts';

/** A log with topics and schemas of a test's own, and a database. */
export type ProjectedLog = {
  log: Log;
  codec: Codec;
  client: MongoClient;
  db: Db;
  database: string;
  prefix: string;
  lanes: number;
  logId: string;
  /** Appends in one transaction per lane. @returns topic, lane and offset of each. */
  append(records: readonly (Vote | Raw)[]): Promise<Appended[]>;
  close(): Promise<void>;
};

/** Bytes that nobody can decode. */
export type Raw = { movieId: string; bytes: Buffer };
export type Appended = { topic: string; lane: number; offset: number };

/** @param parts to run on; those all test files share unless others are given. */
export async function openProjectedLog(
  label: string,
  lanes = 2,
  parts: Endpoints = inject('stack'),
): Promise<ProjectedLog> {
  const { kafka, schemaRegistry: registryUrl, mongo } = parts;
  const database = `${label}-${randomUUID().slice(0, 8)}`;
  const prefix = `${database}.`;
  const log = openLog({ brokers: kafka.split(','), clientId: label });
  await deployTopics(log, { lanes, replication: 1, minInSyncReplicas: 1, topicPrefix: prefix });
  await deploySchemas({ registryUrl, topicPrefix: prefix });
  const codec = await openCodec({ registryUrl, topicPrefix: prefix, schemas: eventSchemas });
  const client = await new MongoClient(mongo).connect();
  const db = client.db(database);
  const producers = new Map<number, FencedProducer>();
  const producerOf = async (lane: number) => {
    const producer = producers.get(lane) ?? (await log.producer(`${prefix}test-lane-${lane}`));
    producers.set(lane, producer);
    return producer;
  };
  const topic = `${prefix}ranking`;
  return {
    ...{ log, codec, client, db, database, prefix, lanes },
    logId: await log.id(),
    async append(records) {
      const offsets = new Map<Vote | Raw, number>();
      for (let lane = 0; lane < lanes; lane += 1) {
        const own = records.filter(({ movieId }) => laneOf(movieId, lanes) === lane);
        if (own.length === 0) continue;
        const producer = await producerOf(lane);
        const appended = await producer.append(own.map((one) => recordOf(one, topic, lane, codec)));
        for (const [at, one] of own.entries()) offsets.set(one, appended[at]!);
      }
      return records.map((one) => ({
        topic: 'ranking',
        lane: laneOf(one.movieId, lanes),
        offset: offsets.get(one)!,
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

export function recordOf(
  one: Vote | Raw,
  topic: string,
  lane: number,
  codec: Codec,
): RecordToAppend {
  const at = { topic, lane, key: one.movieId, timestamp: Date.now() };
  return { ...at, value: 'bytes' in one ? one.bytes : codec.encode(topic, voteCast(one)) };
}

const voteCast = ({ movieId, userId, at }: Vote): Event => ({
  type: 'VoteCast',
  data: { movieId, userId, vote: 'like', previous: 'none', previousCastAt: null, castAt: at },
  meta: metaOf(`${movieId}/${userId}`, at),
});

const metaOf = (stream: string, sequence: number): Meta => ({
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
