import express from 'express';
import kafkajs from 'kafkajs';
import { openTokens } from '#kernel/auth/tokens.ts';
import { openCodec } from '#kernel/codec/codec.ts';
import { laneOf } from '#kernel/log/lane-of.ts';
import { Batcher } from '#kernel/mongo/batcher.ts';
import { eventSchemas } from '#schemas/load.ts';
import { answer, bareApp, serve } from '../../commands/baseline.ts';
import { firstVote } from '../../vote-cast.ts';

/**
 * Appends votes in the simplest way that doubles none when an answer is lost: an idempotent
 * producer, and one send at a time of all waiting votes. No key, no stream, no rule, no fence.
 */

const { KAFKA_BROKERS, SCHEMA_REGISTRY_URL, TOPIC_PREFIX = '', AUTH_SECRET, LANES } = process.env;
const topic = `${TOPIC_PREFIX}ranking`;
const tokens = openTokens({ secret: AUTH_SECRET });
const codec = await openCodec({
  registryUrl: SCHEMA_REGISTRY_URL!,
  topicPrefix: TOPIC_PREFIX,
  schemas: eventSchemas,
});
const kafka = new kafkajs.Kafka({ brokers: KAFKA_BROKERS!.split(','), clientId: 'plain' });
const createPartitioner = kafkajs.Partitioners.DefaultPartitioner;
const producer = kafka.producer({ createPartitioner, idempotent: true, maxInFlightRequests: 1 });
await producer.connect();

type Message = { key: string; value: Buffer; partition: number };

/** Answers with the lane and offset of the vote; a read waits for that offset. */
const sends = new Batcher<Message, string>(async (batch) => {
  try {
    const messages = batch.map(({ item }) => item);
    const sent = await producer.send({ topic, acks: -1, messages });
    const next = new Map(sent.map((lane) => [lane.partition, Number(lane.baseOffset)]));
    for (const { item, done } of batch) {
      const offset = next.get(item.partition)!;
      next.set(item.partition, offset + 1);
      done.resolve(`${item.partition}:${offset}`);
    }
  } catch (error) {
    for (const { done } of batch) done.reject(error);
  }
});

const app = bareApp();

app.put('/v1/movies/:movieId/vote', express.json(), async (req, res) => {
  const caller = await tokens.verify(req.headers.authorization);
  const { movieId: key } = req.params;
  const event = firstVote(key, caller!.userId, req.body.vote);
  const value = codec.encode(topic, event);
  const partition = laneOf(key, Number(LANES));
  res.setHeader('Consistency-Token', await sends.add({ key, value, partition }));
  res.json(answer(event.meta.subject, 1, [event.type]));
});

await serve(app);
