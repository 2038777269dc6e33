import kafkajs from 'kafkajs';
import { openCodec } from '#kernel/codec/codec.ts';
import { topicName } from '#kernel/log/topic-names.ts';
import { eventSchemas } from '#schemas/load.ts';
import { firstVote } from '../vote-cast.ts';
import { answer, serveVotes } from './baseline.ts';

/** Writes to Kafka as most services do: each request sends its event and awaits the send. */

const { KAFKA_BROKERS, SCHEMA_REGISTRY_URL, TOPIC_PREFIX, IN_ORDER } = process.env;
const topicPrefix = TOPIC_PREFIX ?? '';
const topic = topicName(topicPrefix, 'ranking');
const registryUrl = SCHEMA_REGISTRY_URL as string;
const codec = await openCodec({ registryUrl, topicPrefix, schemas: eventSchemas });
const kafka = new kafkajs.Kafka({ brokers: KAFKA_BROKERS!.split(','), clientId: 'naive' });
// Otherwise a lost answer may double an event, and sends may overtake each other.
const inOrder = IN_ORDER ? { idempotent: true, maxInFlightRequests: 1 } : {};
const createPartitioner = kafkajs.Partitioners.DefaultPartitioner;
const producer = kafka.producer({ createPartitioner, ...inOrder });
await producer.connect();

await serveVotes(async ({ movieId, userId, vote }) => {
  const event = firstVote(movieId, userId, vote);
  const value = codec.encode(topic, event);
  await producer.send({ topic, acks: -1, messages: [{ key: movieId, value }] });
  return answer(event.meta.subject, 1, [event.type]);
});
