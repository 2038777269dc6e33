import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express, { type RequestHandler, type Response } from 'express';
import { pino } from 'pino';
import { afterEach, expect, it } from 'vitest';
import { problemAnswers } from '../http/problem-answers.ts';
import type { Log } from '../log/log.ts';
import { until } from '../testing/until.ts';
import { LogFollower, type LogFollowerOptions } from './log-follower.ts';
import type { Operations } from './operations.ts';
import { tailing } from './tail.ts';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.closeAllConnections();
});

/** The tail of a log without events, whose ends are told when `told` resolves. */
async function serving(told: Promise<void>, before: RequestHandler, beginWithinMs?: number) {
  const offsets = () => told.then(() => [0]);
  const log = { firstOffsets: offsets, stableOffsets: offsets } as unknown as Log;
  const reader = {
    subscribe: () => ({ take: () => new Promise(() => {}), close: async () => {} }),
  } as unknown as LogFollowerOptions['reader'];
  const codec = () => Promise.reject(new Error('There are no events.'));
  const follower = new LogFollower({
    ...{ log, reader, codec, prefix: '', topics: ['parcels'] },
    ...(beginWithinMs !== undefined && { beginWithinMs }),
  });
  const operations = { log, codec, prefix: '', schemas: [], filters: {}, follower };
  const app = express()
    .get('/tail', before, tailing(operations as unknown as Operations))
    .use(problemAnswers(pino({ level: 'silent' })));
  const server = createServer(app).listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  return { follower, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/tail` };
}

it('a client is told that Kafka does not answer, and is followed for no longer', async () => {
  const { follower, url } = await serving(new Promise(() => {}), (_req, _res, next) => next(), 20);
  const answer = await fetch(url);
  expect([answer.status, await answer.json()]).toMatchObject([503, { code: 'part-away' }]);
  expect(follower.listeners).toBe(0);
});

it.each([
  ['while its token is checked', true],
  ['before Kafka has answered', false],
])('a client that leaves %s is followed for no longer', async (_, isEarly) => {
  const told = Promise.withResolvers<void>();
  const asked = Promise.withResolvers<Response>();
  const { follower, url } = await serving(told.promise, async (_req, res, next) => {
    asked.resolve(res);
    if (isEarly) await once(res, 'close');
    next();
  });
  const leaving = new AbortController();
  const answer = fetch(url, { signal: leaving.signal });
  const res = await asked.promise;
  if (!isEarly) await until(() => follower.listeners === 1);
  const closed = once(res, 'close');
  leaving.abort();
  await expect(answer).rejects.toThrow();
  await closed;
  if (isEarly) await until(() => follower.listeners === 1);
  told.resolve();
  await until(() => follower.listeners === 0);
  for (let turn = 0; turn < 20; turn += 1) await new Promise(setImmediate);
  expect(res.headersSent, 'nothing is written for it').toBe(false);
});
