import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express, { type RequestHandler, type Response } from 'express';
import { pino } from 'pino';
import { afterEach, expect, it } from 'vitest';
import { type Codec, UndecodableError } from '../codec/codec.ts';
import { problemAnswers } from '../http/problem-answers.ts';
import type { Log, LogReader } from '../log/log.ts';
import { until } from '../testing/until.ts';
import { LogFollower, type LogFollowerOptions } from './log-follower.ts';
import type { Operations } from './operations.ts';
import { tailing } from './tail.ts';

const servers: Server[] = [];
const goOn: RequestHandler = (_req, _res, next) => next();
const unreadable = {
  learn: async () => undefined,
  decode() {
    throw new UndecodableError('It is no event.');
  },
} as Partial<Codec> as Codec;
afterEach(() => {
  for (const server of servers.splice(0)) server.closeAllConnections();
});

type Given = { before?: RequestHandler; beginWithinMs?: number; log?: Partial<Log> };

/** The tail of a log whose ends are told when `told` resolves; by default there are no events. */
async function serving(told: Promise<void>, { before = goOn, beginWithinMs, log: own }: Given) {
  const offsets = () => told.then(() => [0]);
  const log = { firstOffsets: offsets, stableOffsets: offsets, ...own } as unknown as Log;
  const reader = {
    subscribe: () => ({ take: () => new Promise(() => {}), close: async () => {} }),
  } as unknown as LogFollowerOptions['reader'];
  const codec = async () => unreadable;
  const follower = new LogFollower({
    ...{ log, reader, codec, prefix: '', topics: ['parcels'] },
    ...(beginWithinMs !== undefined && { beginWithinMs }),
  });
  const schemas = [{ context: 'parcels', type: 'ParcelScanned' }];
  const operations = { log, codec, prefix: '', schemas, filters: {}, follower };
  const app = express()
    .get('/tail', before, tailing(operations as unknown as Operations))
    .use(problemAnswers(pino({ level: 'silent' })));
  const server = createServer(app).listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  return { follower, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/tail` };
}

it('a client is told that Kafka does not answer, and is followed for no longer', async () => {
  const { follower, url } = await serving(new Promise(() => {}), { beginWithinMs: 20 });
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
  const { follower, url } = await serving(told.promise, {
    async before(_req, res, next) {
      asked.resolve(res);
      if (isEarly) await once(res, 'close');
      next();
    },
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

it('the past is read no further for a client that has left', async () => {
  let [taken, isClosed] = [0, false];
  const record = { topic: 'parcels', lane: 0, timestamp: 1, key: null, value: null, headers: {} };
  const take = async () => {
    await new Promise(setImmediate);
    taken += 1;
    return [
      { topic: 'parcels', lane: 0, records: [{ ...record, offset: taken }], next: taken + 1 },
    ];
  };
  const reader = () =>
    ({
      subscribe: () => ({ take, close: async () => {} }),
      async close() {
        isClosed = true;
      },
    }) as unknown as LogReader;
  const { url } = await serving(Promise.resolve(), { log: { reader } });
  const leaving = new AbortController();
  const asked = `${url}?from=2020-01-01&user=nobody`;
  const answer = await fetch(asked, { signal: leaving.signal });
  await until(() => taken > 1_000);
  leaving.abort();
  await expect(answer.text()).rejects.toThrow();
  await until(() => isClosed, { limitMs: 5_000 });
});

it('a client that names no time hears how one is written', async () => {
  const { url } = await serving(Promise.resolve(), {});
  const answer = await fetch(`${url}?from=yesterday`);
  expect([answer.status, await answer.json()]).toMatchObject([
    400,
    { detail: 'from: has to be a time, as 2026-11-24T18:30:00Z.' },
  ]);
});
