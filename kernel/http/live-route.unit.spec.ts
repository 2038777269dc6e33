import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import express, { type Request, type Response } from 'express';
import { expect, it } from 'vitest';
import type { Live } from '../live/live.ts';
import { LiveSeats } from '../live/live-seats.ts';
import { liveView } from '../live/live-view.ts';
import { view } from '../view.ts';
import { liveRoute } from './live-route.ts';

const parcels = view({
  ...{ name: 'parcels', version: 1, topics: ['parcels'], indexes: [], copied: true },
});

it('a client that leaves while its token is checked keeps no seat', async () => {
  const seats = new LiveSeats({ connections: 4, perUser: 0, perAddress: 0 });
  const live = { join: async () => () => {} } as unknown as Live;
  const route = liveRoute({ live, seats, views: { parcels: liveView({ view: parcels }) } });
  const [checking, handled] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const app = express().get('/live', async (req: Request, res: Response, next) => {
    req.caller = null;
    checking.resolve();
    await once(res, 'close');
    await route(req, res, next);
    handled.resolve();
  });
  const server = createServer(app).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const leaving = new AbortController();
  const { signal } = leaving;
  const asked = fetch(`http://127.0.0.1:${port}/live?views=parcels`, { signal });
  await checking.promise;
  leaving.abort();
  await expect(asked).rejects.toThrow();
  await handled.promise;
  expect(seats.taken).toBe(0);
  server.close();
});
