import express from 'express';
import kafkajs from 'kafkajs';
import { openTokens } from '#kernel/auth/tokens.ts';
import { openCodec } from '#kernel/codec/codec.ts';
import { topicName } from '#kernel/log/topic-names.ts';
import { eventSchemas } from '#schemas/load.ts';
import { firstVote } from '../vote-cast.ts';
import { answer, bareApp, serve } from './baseline.ts';

/** Writes to Kafka as most services do: each request sends its event and awaits the send. */

const { KAFKA_BROKERS, SCHEMA_REGISTRY_URL, TOPIC_PREFIX, AUTH_SECRET, IN_ORDER } = process.env;
const topicPrefix = TOPIC_PREFIX ?? '';
const topic = topicName(topicPrefix, 'ranking');
const tokens = openTokens({ secret: AUTH_SECRET });
const registryUrl = SCHEMA_REGISTRY_URL as string;
const codec = await openCodec({ registryUrl, topicPrefix, schemas: eventSchemas });
const kafka = new kafkajs.Kafka({ brokers: KAFKA_BROKERS!.split(','), clientId: 'naive' });
// Otherwise a lost answer may double an event, and sends may overtake each other.
const inOrder = IN_ORDER ? { idempotent: true, maxInFlightRequests: 1 } : {};
const createPartitioner = kafkajs.Partitioners.DefaultPartitioner;
const producer = kafka.producer({ createPartitioner, ...inOrder });
await producer.connect();

const app = bareApp();

app.put('/v1/movies/:movieId/vote', express.json(), async (req, res) => {
  const caller = await tokens.verify(req.headers.authorization);
  const event = firstVote(req.params.movieId, caller!.userId, req.body.vote);
  const value = codec.encode(topic, event);
  await producer.send({ topic, acks: -1, messages: [{ key: req.params.movieId, value }] });
  res.json(answer(event.meta.subject));
});

await serve(app);
