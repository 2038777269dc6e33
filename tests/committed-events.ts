import { openCodec } from '#kernel/codec/codec.ts';
import type { Event } from '#kernel/event.ts';
import { openLog } from '#kernel/log/kafka-log.ts';
import type { Position, TopicLane } from '#kernel/log/log.ts';
import { topicName, transactionalId } from '#kernel/log/topic-names.ts';
import type { EventSchema } from '#kernel/schemas/event-schema.ts';
import { until } from '#kernel/testing/until.ts';
import { contexts, eventSchemas } from '#schemas/load.ts';
import type { System } from './system.ts';

/** An event and its place in the log. */
export type Committed = TopicLane & { offset: number; event: Event };

/** The events in a system's log, followed while the test runs. */
export type CommittedEvents = {
  /** All events committed before this call, in order within each lane. */
  all(): Promise<Committed[]>;
  /** The events of one stream, such as `ranking/m1/alice`. */
  of(stream: string): Promise<Event[]>;
  /** The events committed while `run` ran. */
  during(run: () => Promise<unknown>): Promise<Event[]>;
  close(): Promise<void>;
};

export async function committedEvents(
  { settings }: Pick<System, 'settings'>,
  schemas: readonly EventSchema[] = eventSchemas,
): Promise<CommittedEvents> {
  const { KAFKA_BROKERS = '', SCHEMA_REGISTRY_URL = '', TOPIC_PREFIX = '' } = settings;
  const log = openLog({ brokers: KAFKA_BROKERS.split(','), clientId: 'test' });
  const registry = { registryUrl: SCHEMA_REGISTRY_URL, topicPrefix: TOPIC_PREFIX };
  const codec = await openCodec({ ...registry, schemas });
  const lanes = Array.from({ length: Number(settings.LANES) }, (_, lane) => lane);
  const everywhere = contexts.flatMap((context) =>
    lanes.map((lane) => ({ topic: topicName(TOPIC_PREFIX, context), lane })),
  );
  const producer = await log.producer(transactionalId(TOPIC_PREFIX, 'test'));
  const reader = log.reader();
  const seen = new Map<string, number>();
  const events: Committed[] = [];
  const subscription = reader.subscribe(everywhere.map((at) => ({ ...at, next: 0 })));
  let failure: unknown = null;

  async function follow(): Promise<void> {
    for (;;) {
      const chunks = await subscription.take();
      if (chunks.length === 0) return;
      for (const { topic, lane, records, next } of chunks) {
        await codec.learn(records);
        for (const record of records) {
          events.push({ topic, lane, offset: record.offset, event: codec.decode(record) });
        }
        seen.set(`${topic}/${lane}`, next);
      }
    }
  }
  const following = follow().catch((error: unknown) => {
    failure = error;
  });

  /** Puts a barrier into every lane and waits until the reader has passed all of them. */
  async function settled(): Promise<void> {
    const barriers = await producer.barrier(everywhere);
    const hasPassed = ({ topic, lane, next }: Position) =>
      (seen.get(`${topic}/${lane}`) ?? 0) >= next;
    await until(() => {
      if (failure) throw failure;
      return barriers.every(hasPassed);
    });
  }

  const all = async () => {
    await settled();
    return events.slice();
  };
  return {
    all,
    of: async (stream) =>
      (await all()).map(({ event }) => event).filter(({ meta }) => meta.subject === stream),
    async during(run) {
      const before = (await all()).length;
      await run();
      return (await all()).slice(before).map(({ event }) => event);
    },
    async close() {
      await reader.close();
      await following;
      await producer.close();
      await log.close();
    },
  };
}
