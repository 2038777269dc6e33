import { subjectOf } from '../codec/codec.ts';
import { openSchemaRegistry, RegistryAwayError } from '../codec/schema-registry.ts';
import type { Log, TopicOptions } from '../log/log.ts';
import type { EventSchema } from './event-schema.ts';

export type TopicDeployment = TopicOptions & {
  /** The topics' names, without the prefix. */
  contexts: readonly string[];
  topicPrefix?: string;
};

/** Creates missing topics and checks all. @returns one line per topic. @throws TopicError */
export async function deployTopics(
  log: Log,
  { contexts, topicPrefix = '', ...options }: TopicDeployment,
): Promise<string[]> {
  const topics = contexts.map((context) => `${topicPrefix}${context}`);
  await log.ensureTopics(topics, options);
  return topics.map((topic) => `topic ${topic}: ${options.lanes} lanes`);
}

export type SchemaDeployment = {
  registryUrl: string;
  topicPrefix?: string;
  schemas: readonly EventSchema[];
};

/**
 * Registers all event schemas; those that are there stay as they are.
 * @returns one line per schema. @throws AggregateError with every schema's own error.
 */
export async function deploySchemas(options: SchemaDeployment): Promise<string[]> {
  const { registryUrl, topicPrefix = '', schemas } = options;
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
