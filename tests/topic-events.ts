import { openCodec } from '#kernel/codec/codec.ts';
import type { Event } from '#kernel/event.ts';
import { openLog } from '#kernel/log/kafka-log.ts';
import type { LogRecord, RecordToAppend } from '#kernel/log/log.ts';
import { topicName, transactionalId } from '#kernel/log/topic-names.ts';
import { eventSchemas } from '#schemas/load.ts';
import type { System } from './system.ts';

/** Reads a topic of a system, and appends records to it past the system's writers. */
export async function openTopic(system: System, context: string) {
  const { KAFKA_BROKERS, SCHEMA_REGISTRY_URL, TOPIC_PREFIX } = system.settings;
  const log = openLog({ brokers: KAFKA_BROKERS!.split(','), clientId: 'test' });
  const topicPrefix = TOPIC_PREFIX!;
  const registryUrl = SCHEMA_REGISTRY_URL!;
  const codec = await openCodec({ registryUrl, topicPrefix, schemas: eventSchemas });
  const topic = topicName(topicPrefix, context);

  const records = async (): Promise<LogRecord[]> => {
    const until = (await log.stableOffsets(topic)).map((next, lane) => ({ topic, lane, next }));
    const reader = log.reader();
    const found: LogRecord[] = [];
    try {
      const subscription = reader.subscribe(
        until.map((at) => ({ ...at, next: 0 })),
        { until },
      );
      for (;;) {
        const chunks = await subscription.take();
        if (chunks.length === 0) return found;
        found.push(...chunks.flatMap((chunk) => chunk.records));
      }
    } finally {
      await reader.close();
    }
  };
  return {
    codec,
    topic,
    records,
    /** Every committed event that can be decoded, in order within each lane. */
    async events(): Promise<Event[]> {
      const all = await records();
      await codec.learn(all);
      return all.flatMap((record) => {
        try {
          return [codec.decode(record)];
        } catch {
          return [];
        }
      });
    },
    /** Appends a record past the writers, as only tests do. */
    async append(record: Omit<RecordToAppend, 'topic' | 'timestamp'>): Promise<void> {
      const producer = await log.producer(transactionalId(topicPrefix, `test-${record.lane}`));
      await producer.append([{ ...record, topic, timestamp: Date.now() }]);
      await producer.close();
    },
    close: () => log.close(),
  };
}
