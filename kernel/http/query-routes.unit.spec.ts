import { once } from 'node:events';
import { createServer, get } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { expect, it } from 'vitest';
import { goneOf } from './query-routes.ts';

it.each([
  ['before it is looked for', true],
  ['after that', false],
])('a client that leaves %s is known to have gone', async (_, isEarly) => {
  const [reached, known] = [Promise.withResolvers<void>(), Promise.withResolvers<boolean>()];
  const app = express().get('/', async (_req, res) => {
    const early = isEarly ? undefined : goneOf(res);
    reached.resolve();
    await once(res, 'close');
    known.resolve((early ?? goneOf(res)).aborted);
  });
  const server = createServer(app).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const asked = get({ port: (server.address() as AddressInfo).port, host: '127.0.0.1' });
  asked.on('error', () => {});
  await reached.promise;
  asked.destroy();
  expect(await known.promise).toBe(true);
  server.close();
});
