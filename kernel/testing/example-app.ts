import type { Express } from 'express';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { z } from 'zod';
import { operator } from '../auth/roles.ts';
import { openTokens } from '../auth/tokens.ts';
import { type AppOptions, createApp, finish } from '../http/app.ts';
import { authenticated, identified } from '../http/authenticated.ts';
import { input } from '../http/input.ts';
import { jsonBody } from '../http/json-body.ts';
import { operationsRouter } from '../http/operations.ts';
import { type KernelProblemCode, Problem } from '../problems.ts';

export const secret = 'a secret of at least 32 characters';
const logger = pino({ level: 'silent' });
const Scan = z.object({
  parcelId: z.string().regex(/^p\d{1,9}$/, 'must be p and a number'),
  condition: z.enum(['whole', 'damaged']),
  note: z.object({ text: z.string() }).strict().optional(),
});
const Listing = z.object({ depot: z.string().optional(), limit: z.coerce.number().default(20) });

/** A small service with every building block, and routes that go wrong in every way. */
export function exampleApp({
  slow = async () => {},
  more = () => {},
  ...options
}: Pick<AppOptions, 'rateLimits' | 'trustedProxies'> & {
  slow?: () => Promise<void>;
  more?: (app: Express) => void;
} = {}) {
  const registry = new Registry();
  const tokens = openTokens({ secret });
  const app = createApp({ service: 'example', logger, registry, tokens: () => tokens, ...options });
  app.use(operationsRouter({ registry, ready: () => ({ ready: false, details: { for: 'it' } }) }));
  const scan = input(Scan);
  const operatorOnly = authenticated(operator);
  app.put(
    '/parcels/:parcelId',
    operatorOnly,
    jsonBody({ limit: 1000, withinMs: 1_000 }),
    (req, res) => {
      res.json(scan(req));
    },
  );
  const list = input(Listing);
  app.get('/parcels', identified, (req, res) => void res.json(list(req)));
  app.get('/problems/:code', (req) => {
    throw new Problem(req.params.code as KernelProblemCode, 'As asked for.');
  });
  app.get('/bug', async () => {
    throw new TypeError('secret internals');
  });
  app.get('/half', (_req, res) => {
    res.write('half an');
    throw new Error('broken off');
  });
  app.get('/slow', async (_req, res) => {
    await slow();
    res.json('done');
  });
  more(app);
  return finish(app, { logger });
}
