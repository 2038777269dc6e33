import { parseArgs } from 'node:util';
import { asProgram, deploy, hasNoEvents } from '@event-sourced/kernel/schemas';
import { endIfOutputFails } from '#local-stack/base/output.ts';
import { addressesOf } from '#local-stack/parts/endpoints.ts';
import { type Config, settings } from './config.ts';
import { schemas } from './load.ts';

/**
 * `npm run schemas:deploy`: creates the topics and registers the schemas. With `--is-empty` it
 * only tells whether there are movies: exit code 0 if there are none, 3 if there are some.
 */

const exitNotEmpty = 3;

async function there(): Promise<Config> {
  const config = settings.ofProcess();
  const { kafka, schemaRegistry } = addressesOf(config);
  const cure = 'or start the local stack with: npm start';
  if (!kafka) throw new Error(`Kafka is not known. Set KAFKA_BROKERS, ${cure}`);
  if (!schemaRegistry) throw new Error(`No registry is known. Set SCHEMA_REGISTRY_URL, ${cure}`);
  return { ...config, kafkaBrokers: kafka, schemaRegistryUrl: schemaRegistry };
}

endIfOutputFails(1);
const { values } = parseArgs({ options: { 'is-empty': { type: 'boolean', default: false } } });
let isEmpty = true;
const code = await asProgram(async () => {
  if (!values['is-empty']) return deploy(schemas, await there());
  isEmpty = await hasNoEvents('movies', await there());
  return [];
});
process.exitCode = code === 0 && !isEmpty ? exitNotEmpty : code;
