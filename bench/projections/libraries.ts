import { randomUUID } from 'node:crypto';
import { zstdDecompressSync } from 'node:zlib';
import confluent from '@kafkajs/confluent-schema-registry';
import kafkajs from 'kafkajs';
import { topicName } from '#kernel/log/topic-names.ts';
import { stopwatch } from '../stopwatch.ts';
import type { Done, PassParts } from './way.ts';

/** An ordinary consumer: kafkajs in batches, and the registry client's decoder. */

const { CompressionCodecs, CompressionTypes, Kafka, logLevel } = kafkajs;

CompressionCodecs[CompressionTypes.ZSTD] = () => ({
  compress: () => Promise.reject(new Error('This one only reads.')),
  decompress: async (bytes: Buffer) => zstdDecompressSync(bytes),
});

/** The time to join the group, which takes seconds, is not counted. */
export async function consumeWithLibraries(parts: PassParts): Promise<Done> {
  const { projection, prefix, events: wanted } = parts;
  const { KAFKA_BROKERS = '', SCHEMA_REGISTRY_URL: host = '' } = process.env;
  const kafka = new Kafka({ brokers: KAFKA_BROKERS.split(','), logLevel: logLevel.NOTHING });
  const registry = new confluent.SchemaRegistry({ host });
  const consumer = kafka.consumer({ groupId: randomUUID(), readUncommitted: false });
  await consumer.connect();
  const topics = projection.view.topics.map((name: string) => topicName(prefix, name));
  await consumer.subscribe({ topics, fromBeginning: true });
  let events = 0;
  let took: ReturnType<typeof stopwatch> | undefined;
  consumer.on(consumer.events.GROUP_JOIN, () => {
    took = stopwatch();
  });
  const all = Promise.withResolvers<void>();
  await consumer.run({
    autoCommit: false,
    async eachBatch({ batch }) {
      for (const { value } of batch.messages) if (await registry.decode(value!)) events += 1;
      if (events >= wanted) all.resolve();
    },
  });
  await all.promise;
  const done = took!();
  await consumer.disconnect();
  return { events, documents: 0, ...done };
}
