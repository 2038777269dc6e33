import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { connect } from 'node:net';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { until } from '#kernel/testing/until.ts';
import { ask, type Done, doneOf, up } from './answers.ts';
import { lanesOf, untilEvenlyShared } from './chaos-faults.ts';
import { type Service, type System, startSystem } from './system.ts';

/** What clients notice of a service that is told to stop: nothing, if they keep to HTTP. */

const connections = 8;
const delayMs = 1_500;
let system: System;
let headers: Record<string, string>;

beforeAll(async () => {
  system = await startSystem('stopping');
  headers = await system.as('alice', 'viewer', 'catalogue');
  await system.start('projectors');
});
afterEach(() => Promise.all(apis.splice(0).map((service) => service.end())));
afterAll(() => system?.stop());

const apis: Service[] = [];
async function start(name: 'command-api' | 'query-api', ms = delayMs): Promise<Service> {
  const service = await system.start(name, { SHUTDOWN_DELAY_MS: String(ms) });
  apis.push(service);
  return service;
}

type Sent = { status: number; closes: boolean; ms: number };

/** Sends requests on one kept connection until the server says that it closes the connection. */
async function untilClosed(url: string, [method, path]: [string, string], body?: object) {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const sent: Sent[] = [];
  const text = JSON.stringify(body);
  const type = body && { 'content-type': 'application/json' };
  do {
    const startedAt = performance.now();
    const asked = request(url + path, { agent, method, headers: { ...headers, ...type } });
    asked.end(text);
    const [answer] = await once(asked, 'response');
    await once(answer.resume(), 'end');
    const { statusCode: status, headers: told } = answer;
    const ms = performance.now() - startedAt;
    sent.push({ status, closes: told.connection === 'close', ms });
  } while (!sent.at(-1)?.closes);
  agent.destroy();
  return sent;
}

/** A connection that never sends anything. */
async function silent({ url }: Service) {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  socket.on('error', () => {});
  await once(socket, 'connect');
}

const statusesOf = (sent: Sent[][]) => [...new Set(sent.flat().map(({ status }) => status))];

it('a command-api hands its lanes over, and closes no connection with a request', async () => {
  const [one, two] = await Promise.all([start('command-api'), start('command-api')]);
  await untilEvenlyShared([one, two], 3);
  const movies = Array.from({ length: connections }, (_, n) => `m${n}`);
  for (const movie of movies) {
    doneOf(await ask<Done>(one.url, `PUT /v1/movies/${movie}`, { body: up, headers }));
  }
  await silent(one);
  const load = movies.map((movie) =>
    untilClosed(one.url, ['PUT', `/v1/movies/${movie}`], { ...up, title: movie }),
  );
  const toldAt = performance.now();
  const ended = one.end();
  await until(async () => (await fetch(`${one.url}/readyz`)).status === 503);
  // The load balancer may not know it yet: a command that comes now is done by the other node.
  const late = await ask<Done>(one.url, 'PUT /v1/movies/m1/vote', {
    ...{ body: { vote: 'like' }, headers },
  });
  doneOf(late, { events: ['VoteCast'] });
  const sent = await Promise.all(load);
  expect(statusesOf(sent)).toEqual([200]);
  expect(await ended).toBe(0);
  expect(performance.now() - toldAt).toBeLessThan(delayMs + 5_000);
  expect(await lanesOf(two)).toEqual([0, 1, 2]);
});

it('a silent connection keeps no lane from its next owner', async () => {
  const [one, two] = await Promise.all([start('command-api', 0), start('command-api', 0)]);
  await untilEvenlyShared([one, two], 3);
  await silent(one);
  const ended = one.end();
  const slowest = { ms: 0 };
  const isOver = async () => (await lanesOf(two)).length === 3;
  do {
    for (let n = 0; n < connections; n += 1) {
      const startedAt = performance.now();
      const route = `PUT /v1/movies/m${n}/vote`;
      const answer = await ask<Done>(two.url, route, { body: { vote: 'dislike' }, headers });
      expect(answer.status).toBe(200);
      slowest.ms = Math.max(slowest.ms, performance.now() - startedAt);
    }
  } while (!(await isOver()));
  expect(slowest.ms).toBeLessThan(5_000);
  expect(await ended).toBe(0);
});

it('a lone command-api that stops refuses commands at once, with Retry-After', async () => {
  const lone = await start('command-api');
  const ended = lone.end();
  await until(async () => (await fetch(`${lone.url}/readyz`)).status === 503);
  const startedAt = performance.now();
  const answer = await ask<Done>(lone.url, 'DELETE /v1/movies/m1/vote', { headers });
  expect(answer.status).toBe(503);
  expect(answer.headers.get('retry-after')).toBe('1');
  expect(performance.now() - startedAt).toBeLessThan(delayMs);
  expect(await ended).toBe(0);
});

it('a query-api closes no connection with a request', async () => {
  const service = await start('query-api');
  await silent(service);
  const load = Array.from({ length: connections }, () =>
    untilClosed(service.url, ['GET', '/v1/genres']),
  );
  const ended = service.end();
  expect(statusesOf(await Promise.all(load))).toEqual([200]);
  expect(await ended).toBe(0);
});
