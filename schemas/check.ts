import { localProblems, RegistryAwayError, registryProblems } from '@event-sourced/kernel/schemas';
import { endIfOutputFails } from '#local-stack/base/output.ts';
import { addressesOf } from '#local-stack/parts/endpoints.ts';
import { settings } from './config.ts';
import { schemas } from './load.ts';

/** `npm run schemas:check`: golden events and generated types, and the registry if one runs. */

async function problems(): Promise<string[]> {
  const config = settings.ofProcess();
  const { eventSchemas } = schemas;
  const local = localProblems(schemas);
  const { schemaRegistry } = addressesOf(config);
  try {
    if (schemaRegistry) {
      const there = await registryProblems(schemaRegistry, config.topicPrefix, eventSchemas);
      return [...local, ...there];
    }
  } catch (error) {
    // An address that a killed `npm start` left behind may lead nowhere; a setting must not.
    if (!(error instanceof RegistryAwayError) || config.schemaRegistryUrl) throw error;
  }
  console.log('No schema registry is running: checked without one.');
  return local;
}

endIfOutputFails(1);
const found = await problems().catch((error: Error) => [error.message]);
for (const problem of found) console.error(problem);
if (found.length === 0) console.log(`${schemas.eventSchemas.length} event schemas are all right.`);
process.exitCode = found.length === 0 ? 0 : 1;
