import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import express, { type Express } from 'express';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { openTokens } from '#kernel/auth/tokens.ts';

/** The HTTP part of every program that the command API is compared with. */

export type Vote = { movieId: string; userId: string; vote: 'like' | 'dislike' };

/** An answer of the same size as a command's. */
export const answer = (stream: string, version: number, events: readonly string[]) => ({
  ...{ stream, version, events, unchanged: events.length === 0 },
  token: 'WyJBQUFBQUFBQUFBQUFBQUFBQUFBQUFBIix7InJhbmtpbmc6MyI6MTIzNDV9XQ',
});

type Answer = ReturnType<typeof answer>;

/** Serves votes, with the same token check as the command API. */
export async function serveVotes(cast: (vote: Vote) => Answer | Promise<Answer>): Promise<void> {
  const tokens = openTokens({ secret: process.env.AUTH_SECRET });
  const app = bareApp();
  app.put('/v1/movies/:movieId/vote', express.json(), async (req, res) => {
    const caller = await tokens.verify(req.headers.authorization);
    const { vote } = req.body as Vote;
    if (!caller?.roles.has('viewer')) res.status(403).json({});
    else if (vote !== 'like' && vote !== 'dislike') res.status(400).json({});
    else res.json(await cast({ movieId: req.params.movieId, userId: caller.userId, vote }));
  });
  await serve(app);
}

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
