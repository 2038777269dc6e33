import { parseArgs } from 'node:util';
import { openLog } from '#kernel/log/kafka-log.ts';
import { topicName } from '#kernel/log/topic-names.ts';
import { deploySchemas, deployTopics, isEmpty } from '#kernel/schemas/deploy.ts';
import { kafkaAccess } from '#kernel/service/kafka-access.ts';
import { addressesOf } from './addresses.ts';
import { settings } from './config.ts';
import { schemas } from './load.ts';

/**
 * `npm run schemas:deploy`: creates the topics and registers the schemas. With `--is-empty` it
 * only tells whether there are movies: exit code 0 if there are none, 3 if there are some.
 */

const exitNotEmpty = 3;

async function main(): Promise<number> {
  const { values } = parseArgs({ options: { 'is-empty': { type: 'boolean', default: false } } });
  const config = settings.ofProcess();
  const { kafka, schemaRegistry } = addressesOf(config);
  const cure = 'or start the local stack with: npm start';
  if (!kafka) throw new Error(`Kafka is not known. Set KAFKA_BROKERS, ${cure}`);
  if (!schemaRegistry) throw new Error(`No registry is known. Set SCHEMA_REGISTRY_URL, ${cure}`);
  const { topicPrefix } = config;
  const { eventSchemas } = schemas;
  const log = openLog({ ...kafkaAccess(kafka, config), clientId: 'schemas-deploy' });
  try {
    if (values['is-empty']) {
      return (await isEmpty(log, topicName(topicPrefix, 'movies'))) ? 0 : exitNotEmpty;
    }
    const registry = { registryUrl: schemaRegistry, topicPrefix, schemas: eventSchemas };
    for (const line of await deployTopics(log, schemas, config)) console.log(line);
    for (const line of await deploySchemas(registry)) console.log(line);
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

process.exitCode = await main().catch(complain);
