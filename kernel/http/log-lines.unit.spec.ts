import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { expect, it } from 'vitest';
import { openTokens, signToken } from '../auth/tokens.ts';
import { secret } from '../testing/example-app.ts';
import { until } from '../testing/until.ts';
import { createApp, finish } from './app.ts';

it('log lines say which request of whom it was, and nothing that a person wrote', async () => {
  const lines: Record<string, unknown>[] = [];
  const write = (line: string) => void lines.push(JSON.parse(line));
  const logger = pino({ level: 'debug' }, { write });
  const tokens = openTokens({ secret });
  const registry = new Registry();
  const app = createApp({ service: 'example', logger, registry, tokens: () => tokens });
  app.get('/search', () => {
    throw new Error('broken');
  });
  const server: Server = finish(app, { logger }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/search?q=my+secret`;
  const token = await signToken({ user: 'ann', roles: [], secret, ttlSeconds: 60 });
  const headers = { authorization: `Bearer ${token}`, 'x-request-id': 'one' };
  expect((await fetch(url, { headers })).status).toBe(500);
  await until(() => lines.length === 2);
  server.close();
  expect(lines).toMatchObject([
    { requestId: 'one', user: 'ann', msg: 'a request failed unexpectedly' },
    { requestId: 'one', user: 'ann', path: '/search', status: 500, msg: 'request' },
  ]);
  expect(JSON.stringify(lines)).not.toContain('my+secret');
});
