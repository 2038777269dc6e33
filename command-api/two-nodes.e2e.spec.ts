import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { laneOf } from '#kernel/log/lane-of.ts';
import { until } from '#kernel/testing/until.ts';
import { type Answer, type Asked, ask, type Done, doneOf, problemOf, up } from '#tests/answers.ts';
import { type CommittedEvents, committedEvents } from '#tests/committed-events.ts';
import { type Service, type System, startSystem } from '#tests/system.ts';

/** Two nodes of the command API share the lanes; clients may ask either node. */

const leaseMs = 1_500;
let system: System;
let nodes: [Service, Service];
let log: CommittedEvents;
let alice: Record<string, string>;

beforeAll(async () => {
  system = await startSystem('two-nodes');
  const limits = { RATE_LIMIT_PER_USER: '400', RATE_LIMIT_PER_ADDRESS: '20' };
  const start = () => system.start('command-api', { LEASE_TTL_MS: String(leaseMs), ...limits });
  nodes = await Promise.all([start(), start()]);
  log = await committedEvents(system);
  alice = await system.as('alice', 'viewer', 'catalogue');
  await until(async () => (await bothHaveLanes()) === true);
});

afterAll(async () => {
  await log?.close();
  await system?.stop();
});

const lanesOf = async (node: Service): Promise<number[]> => {
  const { body } = await ask<Ready>(node.operationsUrl, 'GET /readyz');
  return body.details.lanes.filter(({ open }) => open).map(({ lane }) => lane);
};
type Ready = {
  details: { clock?: string; waitsFor?: string; lanes: { lane: number; open: boolean }[] };
};

const bothHaveLanes = async () => {
  const [some, others] = await Promise.all(nodes.map(lanesOf));
  const all = [...(some ?? []), ...(others ?? [])].sort();
  return some?.length !== 0 && others?.length !== 0 && String(all) === '0,1,2';
};

const send = (node: Service, route: string, { body, headers }: Asked = {}) =>
  ask<Done>(node.url, route, { body, headers: { ...alice, ...headers } });

/** A movie id of each lane. */
const idsOf = (label: string) =>
  [0, 1, 2].map((lane) => {
    let n = 0;
    while (laneOf(`${label}-${n}`, 3) !== lane) n += 1;
    return `${label}-${n}`;
  });

const shown = ({ status, headers, body }: Answer<Done>) => ({
  ...{ status, body, etag: headers.get('etag'), location: headers.get('location') },
});

describe('two nodes', () => {
  it('count a user’s commands once, and nobody else’s', async () => {
    const ids = idsOf('counted');
    for (const id of ids) await send(nodes[0], `PUT /v1/movies/${id}`, { body: up });
    const voters = Array.from({ length: 30 }, (_, n) => system.as(`voter-${n}`, 'viewer'));
    const asked = (await Promise.all(voters)).flatMap((headers) =>
      ids.map((id) => {
        return send(nodes[0], `PUT /v1/movies/${id}/vote`, { body: { vote: 'like' }, headers });
      }),
    );
    const answers = await Promise.all(asked);
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    const left = answers.map(({ headers }) => headers.get('ratelimit')?.split(';')[1]?.trim());
    expect(new Set(left)).toEqual(new Set(['r=399', 'r=398', 'r=397']));
  });

  it('take any command, whichever node owns its lane', async () => {
    for (const movieId of idsOf('any')) {
      const [one, two] = nodes;
      const put = `PUT /v1/movies/${movieId}`;
      const vote = `PUT /v1/movies/${movieId}/vote`;
      doneOf(await send(one, put, { body: up }), { version: 1, events: ['MovieAdded'] });
      const change = { body: { ...up, rating: 1 }, headers: { 'if-match': '"1"' } };
      doneOf(await send(two, put, change), { version: 2 });
      doneOf(await send(two, vote, { body: { vote: 'like' } }), { version: 1 });
      doneOf(await send(one, vote, { body: { vote: 'like' } }), { unchanged: true });
      doneOf(await send(one, vote, { body: { vote: 'dislike' } }), { version: 2 });
    }
  });

  it('refuse with the same problem, whichever node decides', async () => {
    const [movieId] = idsOf('refused') as [string];
    await send(nodes[0], `PUT /v1/movies/${movieId}`, { body: up });
    for (const node of nodes) {
      for (const unknown of idsOf('unknown')) {
        problemOf(await send(node, `DELETE /v1/movies/${unknown}`), 'movie-unknown');
      }
      const wrong = { body: { ...up, rating: 2 }, headers: { 'if-match': '"7"' } };
      const refused = await send(node, `PUT /v1/movies/${movieId}`, wrong);
      expect(problemOf(refused, 'version-mismatch').detail).toContain('1');
      for (const headers of [{ 'if-none-match': '*' }, { 'if-match': '"7", "8"' }]) {
        const again = { body: { ...up, rating: 3 }, headers };
        problemOf(await send(node, `PUT /v1/movies/${movieId}`, again), 'version-mismatch');
      }
    }
  });

  it('do a command with a key once, and give one answer for it', async () => {
    const ids = idsOf('once');
    const appended = await log.during(async () => {
      for (const movieId of ids) {
        const asked = { body: up, headers: { 'idempotency-key': `once ${movieId}` } };
        const answers = await Promise.all(
          Array.from({ length: 10 }, (_, n) =>
            send(nodes[n % 2] as Service, `PUT /v1/movies/${movieId}`, asked),
          ),
        );
        const [first, ...others] = answers.map(shown);
        expect(first?.status).toBe(201);
        for (const other of others) expect(other).toEqual(first);
      }
    });
    expect(appended).toHaveLength(3);
  });

  it('forward the caller and the trace', async () => {
    const cause = randomUUID();
    for (const [index, movieId] of idsOf('traced').entries()) {
      for (const [n, node] of nodes.entries()) {
        const headers = {
          ...(await system.as(`user-${n}`, 'catalogue', 'service')),
          ...{ 'x-request-id': `request-${index}-${n}`, 'x-causation-id': cause },
        };
        const body = { ...up, rating: n };
        doneOf(await send(node, `PUT /v1/movies/${movieId}`, { body, headers }));
      }
      const events = await log.of(`movies/${movieId}`);
      expect(events.map(({ meta }) => [meta.actor, meta.correlationid, meta.causationid])).toEqual([
        ['user-0', `request-${index}-0`, cause],
        ['user-1', `request-${index}-1`, cause],
      ]);
    }
  });

  it('check roles in forwarded commands as well', async () => {
    const input = { movieId: 'any-door', ...up };
    const body = { input, idempotencyKey: 'k', expectedVersion: null };
    const viewer = await system.as('eve', 'viewer');
    for (const { url, operationsUrl } of nodes) {
      const route = 'POST /internal/commands/put-movie';
      problemOf(await ask(url, route, { body, headers: alice }), 'route-unknown');
      problemOf(await ask(operationsUrl, route, { body }), 'unauthorized');
      problemOf(await ask(operationsUrl, route, { body, headers: viewer }), 'forbidden');
      for (const bad of [{}, { ...body, input: { movieId: 'x' } }, { ...body, more: 1 }]) {
        problemOf(await ask(operationsUrl, route, { body: bad, headers: alice }), 'invalid-input');
      }
    }
  });

  it('get no third one whose clock is years ahead: it says so, and takes no lane', async () => {
    const clock = pathToFileURL(join(import.meta.dirname, '..', 'tests', 'clock-ahead.ts'));
    const third = await system.spawn('command-api', { NODE_OPTIONS: `--import=${clock}` });
    const readiness = () => ask<Ready>(third.operationsUrl, 'GET /readyz');
    await until(async () => (await readiness()).body.details.clock !== undefined);
    const { status, body } = await readiness();
    expect([status, body.details.lanes]).toEqual([503, []]);
    expect(body.details.clock).toMatch(/73.0 years ahead of the database's/);
    expect(await bothHaveLanes()).toBe(true);
    expect(await third.end()).toBe(0);
  });

  it('get no third one that others would not reach: it says so, and takes no lane', async () => {
    const [{ operationsUrl: taken }] = nodes;
    const third = await system.spawn('command-api', { NODE_URL: taken });
    const readiness = () => ask<Ready>(third.operationsUrl, 'GET /readyz');
    const waits = async () => (await readiness()).body.details.waitsFor ?? '';
    await until(async () => (await waits()).startsWith(`NODE_URL ${taken} doesn't lead to`));
    expect((await readiness()).status).toBe(503);
    expect(await bothHaveLanes()).toBe(true);
    expect(await third.end()).toBe(0);
  });
});

it('a node that listens on all addresses does not start without its own', async () => {
  const node = spawn(process.execPath, [join(import.meta.dirname, 'main.ts')], {
    env: { ...system.settings, HOST: '0.0.0.0' },
    stdio: ['ignore', 'ignore', 'pipe'],
    timeout: 30_000,
  });
  const [said, [code]] = await Promise.all([text(node.stderr), once(node, 'exit')]);
  expect(code).toBe(1);
  expect(said).toMatch(/^NODE_URL is not set, and HOST is 0\.0\.0\.0, .*: set NODE_URL to .*\n$/);
});

it('a killed node’s lanes take commands again within its lease and 2 s', async () => {
  const [survivor, victim] = nodes;
  const ids = idsOf('survives');
  const keyed = (movieId: string) => ({
    body: up,
    headers: { 'idempotency-key': `survives ${movieId}` },
  });
  const first = await Promise.all(
    ids.map((movieId) => send(victim, `PUT /v1/movies/${movieId}`, keyed(movieId))),
  );
  const lost = await lanesOf(victim);
  await victim.end('SIGKILL');
  const killedAt = performance.now();
  const appended = await log.during(async () => {
    const again = await Promise.all(
      ids.map((movieId) => send(survivor, `PUT /v1/movies/${movieId}`, keyed(movieId))),
    );
    expect(again.map(shown)).toEqual(first.map(shown));
    expect(performance.now() - killedAt).toBeLessThan(leaseMs + 2_000);
  });
  expect(appended).toEqual([]);
  expect(lost).not.toHaveLength(0);
  expect((await lanesOf(survivor)).sort()).toEqual([0, 1, 2]);
});
