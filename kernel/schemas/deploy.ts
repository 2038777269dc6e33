import { subjectOf } from '../codec/codec.ts';
import { RegistryAwayError } from '../codec/registry-requests.ts';
import { openSchemaRegistry } from '../codec/schema-registry.ts';
import type { Log, TopicOptions } from '../log/log.ts';
import { claimsTopic, topicName } from '../log/topic-names.ts';
import { keyTimes, keyTopicSettings, personKeysTopic } from '../personal/key-topic.ts';
import type { EventSchema } from './event-schema.ts';
import type { Schemas } from './load-schemas.ts';

/** Services only look up topics and schemas; the functions here create and register them. */

/** Creates missing topics and checks all. @returns one line per topic. @throws TopicError */
export async function deployTopics(
  log: Log,
  { contexts }: Pick<Schemas, 'contexts'>,
  { topicPrefix = '', ...options }: TopicOptions & { topicPrefix?: string },
): Promise<string[]> {
  const topics = contexts.map((context) => topicName(topicPrefix, context));
  const claims = claimsTopic(topicPrefix);
  await log.ensureTopics(topics, options);
  await log.ensureTopics([claims], { ...options, compacted: true });
  const keys = personKeysTopic(topicPrefix);
  const settings = keyTopicSettings(keyTimes);
  await log.ensureTopics([keys], { ...options, lanes: 1, compacted: true, settings });
  return [
    ...[...topics, claims].map((topic) => `topic ${topic}: ${options.lanes} lanes`),
    `topic ${keys}: compacted`,
  ];
}

export type SchemaOptions = {
  registryUrl: string;
  topicPrefix?: string;
  schemas: readonly EventSchema[];
};

/**
 * Registers all event schemas; those that are registered already stay as they are.
 * @returns one line per schema. @throws AggregateError with every schema's own error.
 */
export async function deploySchemas(options: SchemaOptions): Promise<string[]> {
  const { registryUrl, topicPrefix = '', schemas } = options;
  const registry = openSchemaRegistry({ url: registryUrl });
  const registered = async (event: EventSchema) => {
    const subject = subjectOf(topicPrefix, event);
    const before = await registry.idOf(subject, event.schema);
    const id = await registry.register(subject, event.schema);
    return `schema ${subject}: id ${id}${before === null ? ', registered' : ''}`;
  };
  const lines = new Map<EventSchema, string>();
  for (let errors: unknown[] = []; ; errors = []) {
    const [before, left] = [lines.size, schemas.filter((event) => !lines.has(event))];
    const outcomes = await Promise.allSettled(
      left.map(async (event) => lines.set(event, await registered(event))),
    );
    for (const one of outcomes) if (one.status === 'rejected') errors.push(one.reason);
    if (errors.length === 0) return schemas.map((event) => lines.get(event) as string);
    // A registry that has just started may answer only some requests in time: ask it again.
    const isSlow = errors.every((error) => error instanceof RegistryAwayError);
    if (!isSlow || lines.size === before) {
      throw new AggregateError(isSlow ? [errors[0]] : errors, 'Schemas were not registered.');
    }
  }
}

/** Whether a topic holds no committed event. Markers and aborted records don't count. */
export async function isEmpty(log: Log, topic: string): Promise<boolean> {
  const [first, end] = await Promise.all([log.firstOffsets(topic), log.stableOffsets(topic)]);
  const at = (offsets: number[]) => offsets.map((next, lane) => ({ topic, lane, next }));
  const reader = log.reader();
  try {
    const subscription = reader.subscribe(at(first), { until: at(end) });
    for (;;) {
      const chunks = await subscription.take();
      if (chunks.length === 0) return true;
      if (chunks.some(({ records }) => records.length > 0)) return false;
    }
  } finally {
    await reader.close();
  }
}
