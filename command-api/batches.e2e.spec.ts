import { afterAll, beforeAll, expect, it } from 'vitest';
import type { BatchAnswer } from '#kernel/http/batch-routes.ts';
import { until } from '#kernel/testing/until.ts';
import { ask, doneOf, up } from '#tests/answers.ts';
import { type CommittedEvents, committedEvents } from '#tests/committed-events.ts';
import { type Service, type System, startSystem } from '#tests/system.ts';

/** Batches whose items belong to lanes of two nodes. */

let system: System;
let nodes: [Service, Service];
let log: CommittedEvents;
const movies = Array.from({ length: 60 }, (_, n) => `m${n}`);

beforeAll(async () => {
  system = await startSystem('batches-two-nodes');
  const start = () => system.start('command-api', { LEASE_TTL_MS: '1500' });
  nodes = await Promise.all([start(), start()]);
  log = await committedEvents(system);
  await until(async () => (await Promise.all(nodes.map(openLanes))).every((lanes) => lanes > 0));
  const headers = await system.as('carol', 'catalogue');
  const put = (movieId: string) =>
    ask(nodes[0].url, `PUT /v1/movies/${movieId}`, { body: up, headers });
  for (const answer of await Promise.all(movies.map(put))) doneOf(answer);
});
afterAll(async () => {
  await log?.close();
  await system?.stop();
});

async function openLanes({ operationsUrl }: Service): Promise<number> {
  type Ready = { details: { lanes: { open: boolean }[] } };
  const { body } = await ask<Ready>(operationsUrl, 'GET /readyz');
  return body.details.lanes.filter(({ open }) => open).length;
}

type Sent = { user: string; key: string; vote: 'like' | 'dislike'; ids?: string[] };
async function send({ url }: Service, { user, key, vote, ids = movies }: Sent) {
  const headers = { ...(await system.as(user, 'viewer')), 'idempotency-key': key };
  const body = { items: ids.map((movieId) => ({ movieId, vote })) };
  return ask<BatchAnswer>(url, 'POST /v1/me/votes:batch', { body, headers });
}

/** How many requests for forwarded items a node has answered. */
async function forwarded({ operationsUrl }: Service): Promise<number> {
  const metrics = await (await fetch(`${operationsUrl}/metrics`)).text();
  const counts = metrics.matchAll(
    /^http_request_duration_seconds_count\{[^}]*route="\/internal\/batches[^}]*\} (\d+)/gm,
  );
  return [...counts].reduce((sum, [, count]) => sum + Number(count), 0);
}

it('items of another node’s lanes travel in one request; any node answers a repeat', async () => {
  const sent = { user: 'ann', key: 'k', vote: 'like' } as const;
  const { body } = await send(nodes[0], sent);
  expect(body).toMatchObject({ added: 60, existing: 0, rejected: [] });
  expect(await forwarded(nodes[1])).toBe(1);
  const appended = await log.during(async () => {
    const again = (await send(nodes[1], sent)).body;
    expect(again).toEqual(body);
    expect(await forwarded(nodes[0])).toBe(1);
  });
  expect(appended).toEqual([]);
});

it('unknown movies and used keys are told the same, whichever node decides', async () => {
  const unknown = Array.from({ length: 10 }, (_, n) => `nowhere-${n}`);
  for (const [at, node] of nodes.entries()) {
    const key = `unknown ${at}`;
    const asked = { user: 'bob', key, vote: at === 0 ? 'like' : 'dislike' } as const;
    const { body } = await send(node, { ...asked, ids: [...movies, ...unknown] });
    expect(body).toMatchObject({ added: 60, existing: 0 });
    expect(body.rejected).toEqual(
      unknown.map((_, n) => ({ index: 60 + n, code: 'movie-unknown' })),
    );
    const other = await send(node, { ...asked, ids: movies });
    expect([other.status, other.body]).toEqual([
      422,
      expect.objectContaining({ code: 'key-reused' }),
    ]);
  }
});

it('a node killed in the middle: repeated batches are complete, nothing is doubled', async () => {
  const [survivor, victim] = nodes;
  const users = Array.from({ length: 12 }, (_, n) => `killed-${n}`);
  const vote = async (user: string) => {
    const sent = { user, key: 'one', vote: 'like' } as const;
    let { status, body } = await send(survivor, sent);
    const refused = status === 200 ? [] : [status];
    while (status !== 200) {
      expect(status).toBe(503);
      ({ status, body } = await send(survivor, sent));
    }
    expect(body).toMatchObject({ added: 60, existing: 0, rejected: [] });
    return refused;
  };
  const voting = users.map(vote);
  await until(async () => (await log.all()).some(({ event }) => event.meta.actor === 'killed-1'));
  await victim.end('SIGKILL');
  await Promise.all(voting);
  const events = (await log.all()).filter(({ event }) => users.includes(event.meta.actor));
  const subjects = events.map(({ event }) => event.meta.subject);
  expect(new Set(subjects).size).toBe(12 * 60);
  expect(subjects).toHaveLength(12 * 60);
  const again = await log.during(async () => {
    for (const user of users) await vote(user);
  });
  expect(again).toEqual([]);
}, 60_000);
