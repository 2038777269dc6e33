import kafkajs from 'kafkajs';
import { type ClientSession, MongoClient } from 'mongodb';
import { openCodec } from '#kernel/codec/codec.ts';
import { transact } from '#kernel/mongo/transact.ts';
import type { RankingEvent } from '#schemas/generated/events.ts';
import { eventSchemas } from '#schemas/load.ts';
import { bareApp, serve } from '../../commands/baseline.ts';
import { offsetsOf, votesOf } from './documents.ts';

/** Follows votes as an ordinary consumer does, each batch in a transaction with its offset. */

const { KAFKA_BROKERS, SCHEMA_REGISTRY_URL, TOPIC_PREFIX = '', MONGO_URL, LANES } = process.env;
const topic = `${TOPIC_PREFIX}ranking`;
const lanes = Number(LANES);
const codec = await openCodec({
  registryUrl: SCHEMA_REGISTRY_URL!,
  topicPrefix: TOPIC_PREFIX,
  schemas: eventSchemas,
});
const client = await new MongoClient(MONGO_URL!).connect();
const db = client.db(process.env.MONGO_DATABASE);
const [votes, offsets] = [votesOf(db), offsetsOf(db)];
await votes.createIndex({ userId: 1, castAt: -1, _id: 1 });
const next = new Map<number, number>();
const sessions = new Map<number, ClientSession>();
for (let _id = 0; _id < lanes; _id += 1) {
  await offsets.updateOne({ _id }, { $setOnInsert: { next: 0 } }, { upsert: true });
  next.set(_id, (await offsets.findOne({ _id }))!.next);
  sessions.set(_id, client.startSession());
}

const kafka = new kafkajs.Kafka({ brokers: KAFKA_BROKERS!.split(','), clientId: 'plain' });
const consumer = kafka.consumer({ groupId: `${TOPIC_PREFIX}plain` });
await consumer.connect();
await consumer.subscribe({ topics: [topic], fromBeginning: true });
await consumer.run({
  autoCommit: false,
  partitionsConsumedConcurrently: lanes,
  async eachBatch({ batch: { partition: lane, messages } }) {
    const from = next.get(lane)!;
    const records = messages
      .filter(({ offset }) => Number(offset) >= from)
      .map(({ key, value, offset, timestamp }) => {
        const at = { topic, lane, offset: Number(offset), timestamp: Number(timestamp) };
        return { ...at, key, value, headers: {} };
      });
    if (records.length === 0) return;
    await codec.learn(records);
    const to = records.at(-1)!.offset + 1;
    const session = sessions.get(lane)!;
    await transact(session, async () => {
      const moved = await offsets.updateOne(
        { _id: lane, next: from },
        { $set: { next: to } },
        { session },
      );
      if (moved.matchedCount !== 1) throw new Error(`Somebody else has moved lane ${lane}.`);
      const writes = records.map((record) => {
        const { data, sequence } = codec.decode(record) as unknown as Vote;
        const { movieId, userId, vote, castAt } = data;
        const filter = { _id: `${movieId}/${userId}` };
        const replacement = { movieId, userId, vote, castAt, version: sequence };
        return { replaceOne: { filter, replacement, upsert: true } };
      });
      await votes.bulkWrite(writes, { session, ordered: false });
    });
    next.set(lane, to);
  },
});
for (const [partition, offset] of next) consumer.seek({ topic, partition, offset: `${offset}` });

type Vote = Extract<RankingEvent, { type: 'VoteCast' }> & { sequence: number };

await serve(bareApp());
