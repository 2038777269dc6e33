import { parseArgs } from 'node:util';
import { openLog } from '#kernel/log/kafka-log.ts';
import type { Log } from '#kernel/log/log.ts';
import {
  deployTopics as deployContexts,
  deploySchemas as deployEvents,
  type SchemaDeployment,
  type TopicDeployment,
} from '#kernel/schemas/deploy.ts';
import { kafkaAccess } from '#kernel/service/kafka-access.ts';
import { settings } from '#schemas/config.ts';
import { addressesOf } from './addresses.ts';
import { contexts, eventSchemas } from './load.ts';

/**
 * `npm run schemas:deploy`: creates the topics and registers the schemas. Services only look
 * them up. With `--is-empty` it only tells whether there are movies: exit code 0 if there are
 * none, 3 if there are some.
 */

/** Creates the missing topics of all contexts. @returns one line per topic. @throws TopicError */
export const deployTopics = (log: Log, options: Omit<TopicDeployment, 'contexts'>) =>
  deployContexts(log, { contexts, ...options });

/** Registers all event schemas, or those given. @returns one line per schema. */
export const deploySchemas = (
  options: Omit<SchemaDeployment, 'schemas'> & Partial<SchemaDeployment>,
) => deployEvents({ schemas: eventSchemas, ...options });

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
