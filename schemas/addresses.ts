import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Endpoints, readEndpoints } from '#local-stack/parts/endpoints.ts';
import type { Config } from '#schemas/config.ts';

/** Where each part is: as set, else as `npm start` runs it now; undefined if neither. */
export function addressesOf(config: Config): Record<keyof Endpoints, string | undefined> {
  const file = join(config.dataDir, 'endpoints.json');
  const running = existsSync(file) ? readEndpoints(file) : undefined;
  return {
    kafka: config.kafkaBrokers ?? running?.kafka,
    schemaRegistry: config.schemaRegistryUrl ?? running?.schemaRegistry,
    mongo: config.mongoUrl ?? running?.mongo,
  };
}
