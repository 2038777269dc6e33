import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '#kernel/config.ts';
import { readEndpoints } from '#local-stack/endpoints.ts';

/** Where Kafka and the registry are: as set, else as `npm start` runs them now. */
export function addressesOf(config: Config): { kafka?: string; schemaRegistry?: string } {
  const file = join(config.dataDir, 'endpoints.json');
  const running = existsSync(file) ? readEndpoints(file) : undefined;
  const kafka = config.kafkaBrokers ?? running?.kafka;
  const schemaRegistry = config.schemaRegistryUrl ?? running?.schemaRegistry;
  return { ...(kafka ? { kafka } : {}), ...(schemaRegistry ? { schemaRegistry } : {}) };
}
