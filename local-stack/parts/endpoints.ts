import { readFileSync } from 'node:fs';
import { z } from 'zod';

/** Where the three parts are: what a client of each takes. */
export const Endpoints = z.object({
  kafka: z.string(),
  schemaRegistry: z.string(),
  mongo: z.string(),
});
export type Endpoints = z.infer<typeof Endpoints>;

/** DATA_DIR/endpoints.json: the same, and everything that runs. */
export const RunningEndpoints = Endpoints.extend({
  services: z.array(z.object({ name: z.string(), url: z.string(), pid: z.number() })),
});
export type RunningEndpoints = z.infer<typeof RunningEndpoints>;

export const readEndpoints = (path: string): RunningEndpoints =>
  RunningEndpoints.parse(JSON.parse(readFileSync(path, 'utf8')));
