import { parseArgs } from 'node:util';
import { subjectOf } from '#kernel/codec/codec.ts';
import { openSchemaRegistry, RegistryAwayError } from '#kernel/codec/schema-registry.ts';
import { openLog } from '#kernel/log/kafka-log.ts';
import type { Log, TopicOptions } from '#kernel/log/log.ts';
import { kafkaAccess } from '#kernel/service/kafka-access.ts';
import { settings } from '#schemas/config.ts';
import { addressesOf } from './addresses.ts';
import { contexts, type EventSchema, eventSchemas } from './load.ts';

/**
 * `npm run schemas:deploy`: creates the topics and registers the schemas. Services only look
 * them up. With `--is-empty` it only tells whether there are movies: exit code 0 if there are
 * none, 3 if there are some.
 */

/** Creates missing topics and checks all. @returns one line per topic. @throws TopicError */
export async function deployTopics(
  log: Log,
  { topicPrefix = '', ...options }: TopicOptions & { topicPrefix?: string },
): Promise<string[]> {
  const topics = contexts.map((context) => `${topicPrefix}${context}`);
  await log.ensureTopics(topics, options);
  return topics.map((topic) => `topic ${topic}: ${options.lanes} lanes`);
}

export type SchemaOptions = {
  registryUrl: string;
  topicPrefix?: string;
  schemas?: readonly EventSchema[];
};

/**
 * Registers all event schemas; those that are there stay as they are.
 * @returns one line per schema. @throws AggregateError with every schema's own error.
 */
export async function deploySchemas(options: SchemaOptions): Promise<string[]> {
  const { registryUrl, topicPrefix = '', schemas = eventSchemas } = options;
  const registry = openSchemaRegistry(registryUrl);
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
    // One that has just started answers some and lets others wait too long: it is asked again.
    const isSlow = errors.every((error) => error instanceof RegistryAwayError);
    if (!isSlow || lines.size === before) {
      throw new AggregateError(errors, 'Schemas were not registered.');
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

const EXIT_NOT_EMPTY = 3;

async function main(): Promise<number> {
  const { values } = parseArgs({ options: { 'is-empty': { type: 'boolean', default: false } } });
  const config = settings.ofProcess();
  const { kafka, schemaRegistry } = addressesOf(config);
  const cure = 'or start the local stack with: npm start';
  if (!kafka) throw new Error(`Kafka is not known. Set KAFKA_BROKERS, ${cure}`);
  if (!schemaRegistry) throw new Error(`No registry is known. Set SCHEMA_REGISTRY_URL, ${cure}`);
  const { topicPrefix } = config;
  const log = openLog({ ...kafkaAccess(kafka, config), clientId: 'schemas-deploy' });
  try {
    if (values['is-empty']) {
      return (await isEmpty(log, `${topicPrefix}movies`)) ? 0 : EXIT_NOT_EMPTY;
    }
    for (const line of await deployTopics(log, config)) console.log(line);
    for (const line of await deploySchemas({ registryUrl: schemaRegistry, topicPrefix })) {
      console.log(line);
    }
    return 0;
  } finally {
    await log.close();
  }
}

function complain(error: unknown): number {
  const errors = error instanceof AggregateError ? error.errors : [error];
  const lines = errors.map((one) => (one instanceof Error ? one.message : String(one)));
  for (const line of new Set(lines)) console.error(line);
  return 1;
}

if (import.meta.main) process.exitCode = await main().catch(complain);
