import { type Config, required } from '../config.ts';
import type { Log } from '../log/log.ts';
import { topicName } from '../log/topic-names.ts';
import { connectLog } from '../service/connecting.ts';
import { deploySchemas, deployTopics, isEmpty } from './deploy.ts';
import type { Schemas } from './load-schemas.ts';

/**
 * Creates the topics and registers the schemas of an application, as its settings say. Those that
 * exist already stay as they are.
 * @returns one line for each topic and schema.
 * @throws ConfigError if KAFKA_BROKERS or SCHEMA_REGISTRY_URL is not set.
 * @throws AggregateError with the error of each schema that was refused.
 */
export const deploy = (schemas: Schemas, config: Config): Promise<string[]> =>
  withLog(config, async (log) => {
    const registryUrl = required(config.schemaRegistryUrl, 'SCHEMA_REGISTRY_URL');
    const { topicPrefix } = config;
    const topics = await deployTopics(log, schemas, config);
    const registered = { registryUrl, topicPrefix, schemas: schemas.eventSchemas };
    return [...topics, ...(await deploySchemas(registered))];
  });

/** Whether a context has no event yet. */
export const hasNoEvents = (context: string, config: Config): Promise<boolean> =>
  withLog(config, (log) => isEmpty(log, topicName(config.topicPrefix, context)));

async function withLog<T>(config: Config, work: (log: Log) => Promise<T>): Promise<T> {
  const brokers = required(config.kafkaBrokers, 'KAFKA_BROKERS');
  const log = await connectLog({ brokers, clientId: 'schemas-deploy' }, config);
  try {
    return await work(log);
  } finally {
    await log.close();
  }
}

/**
 * Does some work as a program: prints what it returns, or why it fails, a line each.
 * @returns the exit code, 0 or 1.
 */
export async function asProgram(work: () => Promise<readonly string[]>): Promise<number> {
  try {
    for (const line of await work()) console.log(line);
    return 0;
  } catch (error) {
    const errors = error instanceof AggregateError ? error.errors : [error];
    const lines = errors.map((one) => (one instanceof Error ? one.message : String(one)));
    for (const line of new Set(lines)) console.error(line);
    return 1;
  }
}
