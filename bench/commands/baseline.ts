import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import express, { type Express } from 'express';
import { collectDefaultMetrics, Registry } from 'prom-client';

/** An express application with only the routes that the measurement needs. */
export function bareApp(): Express {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const app = express();
  app.get('/readyz', (_req, res) => {
    res.json({ ready: true });
  });
  app.get('/metrics', async (_req, res) => {
    res.type(registry.contentType).send(await registry.metrics());
  });
  return app;
}

/** Listens on a free port, and logs the address as the services do. */
export async function serve(app: Express): Promise<void> {
  const server = createServer(app).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  console.log(JSON.stringify({ url: `http://127.0.0.1:${port}` }));
  // Node writes the CPU profile, if one was asked for, only on a clean exit.
  process.once('SIGTERM', () => process.exit(0));
}

/** An answer of the same size as a command's. */
export const answer = (stream: string) => ({
  stream,
  version: 1,
  events: ['VoteCast'],
  unchanged: false,
  token: 'WyJBQUFBQUFBQUFBQUFBQUFBQUFBQUFBIix7InJhbmtpbmc6MyI6MTIzNDV9XQ',
});
