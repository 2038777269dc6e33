import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

/** The addresses of the three parts, as their clients take them. */
export const Endpoints = z.object({
  kafka: z.string(),
  schemaRegistry: z.string(),
  mongo: z.string(),
});
export type Endpoints = z.infer<typeof Endpoints>;

/** The content of DATA_DIR/endpoints.json: the addresses, and every process that runs. */
export const RunningEndpoints = Endpoints.extend({
  services: z.array(z.object({ name: z.string(), url: z.string(), pid: z.number() })),
});
export type RunningEndpoints = z.infer<typeof RunningEndpoints>;

export const readEndpoints = (path: string): RunningEndpoints =>
  RunningEndpoints.parse(JSON.parse(readFileSync(path, 'utf8')));

/** The settings that say where parts run, and where a local stack says it. */
export type PartSettings = {
  dataDir: string;
  kafkaBrokers?: string | undefined;
  schemaRegistryUrl?: string | undefined;
  mongoUrl?: string | undefined;
};

/** Where each part is: as set, else as the local stack runs it now; undefined if neither. */
export function addressesOf(config: PartSettings): Record<keyof Endpoints, string | undefined> {
  const file = join(config.dataDir, 'endpoints.json');
  const running = existsSync(file) ? readEndpoints(file) : undefined;
  return {
    kafka: config.kafkaBrokers ?? running?.kafka,
    schemaRegistry: config.schemaRegistryUrl ?? running?.schemaRegistry,
    mongo: config.mongoUrl ?? running?.mongo,
  };
}
