import { parseArgs } from 'node:util';
import { deploy, hasNoEvents } from '@event-sourced/kernel/schemas';
import { addressesOf } from '#local-stack/parts/endpoints.ts';
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
  const there = { ...config, kafkaBrokers: kafka, schemaRegistryUrl: schemaRegistry };
  if (values['is-empty']) return (await hasNoEvents('movies', there)) ? 0 : exitNotEmpty;
  for (const line of await deploy(schemas, there)) console.log(line);
  return 0;
}

function complain(error: unknown): number {
  const errors = error instanceof AggregateError ? error.errors : [error];
  const lines = errors.map((one) => (one instanceof Error ? one.message : String(one)));
  for (const line of new Set(lines)) console.error(line);
  return 1;
}

process.exitCode = await main().catch(complain);
