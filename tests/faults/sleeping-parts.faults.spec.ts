import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { until } from '#kernel/testing/until.ts';
import type { Stack } from '#local-stack/parts/stack.ts';
import { startOwnStack } from '../own-stack.ts';
import { startVotingSystem, type VotingSystem } from '../voting-system.ts';

/** A part that sleeps takes what is sent to it, and is silent. No client may wait for it long. */

/** Sooner than connections are cut on which nothing comes. */
const answeredWithinMs = 20_000;
/** More than a batch has under way at once while others run. */
const manyItems = 500;
let stack: Stack;
let world: VotingSystem;
/** The id of a live stream before its views moved on: whoever resumes from it has changes read. */
let liveId: string;
beforeAll(async () => {
  stack = await startOwnStack();
  world = await startVotingSystem('sleeping-parts', 8, { parts: stack.endpoints });
  liveId = await firstIdOf('rankings,movies');
  await world.like(world.movies[0]!);
});
afterAll(async () => {
  await world?.close();
  await stack?.stop();
});

async function firstIdOf(views: string): Promise<string> {
  const answer = await fetch(`${world.queries.url}/v1/live?views=${views}`);
  const reader = answer.body!.getReader();
  const { value } = await reader.read();
  await reader.cancel();
  return /^id: (.*)$/m.exec(Buffer.from(value!).toString())![1]!;
}

type Headers = Record<string, string>;
type Sent = { url: string; route: string; headers?: Headers; body?: unknown };

let users = 0;
/** Somebody new, whose streams no lane has in memory, and whose text has no key yet. */
const somebody = () => {
  users += 1;
  return world.system.as(`somebody${users}`, 'viewer');
};
/** Each has a share of the turns of its own. */
const operator = () => {
  users += 1;
  return world.system.as(`operator${users}`, 'operator');
};

async function reads(token: string): Promise<Sent[]> {
  const { url } = world.queries;
  const own = await world.system.as('alice', 'viewer');
  const seen = { 'consistency-token': token };
  const all: [route: string, headers?: Headers][] = [
    ['/v1/rankings'],
    ['/v1/rankings?limit=2', seen],
    ['/v1/me/votes', own],
    ['/v1/me/votes', { ...own, ...seen }],
    ['/v1/me/changes', own],
    ['/v1/me/export', own],
    ['/v1/me/export', { ...own, ...seen }],
    ['/v1/catalogue'],
    ['/v1/live?views=rankings,movies'],
    ['/v1/live?views=rankings,movies', { 'last-event-id': liveId }],
    ['/v1/rankings?asOf=unknown', await operator()],
    ['/v1/ops/lanes', await operator()],
    ['/v1/ops/events', await operator()],
    ['/v1/ops/schemas', await operator()],
    ['/v1/ops/tail', await operator()],
    ['/v1/ops/tail?from=2020-01-01', await operator()],
  ];
  return all.map(([path, headers = {}]) => ({ url, route: `GET ${path}`, headers }));
}

async function commands(token: string): Promise<Sent[]> {
  const { url } = world.commands;
  const own = await world.system.as('alice', 'viewer');
  const vote = { route: 'PUT /v1/movies/m1/vote', body: { vote: 'like' } };
  const ticket = { route: 'POST /v1/tickets', body: { subject: 'No sound', message: 'At all' } };
  const items = Array.from({ length: manyItems }, (_, at) => ({ movieId: `m${at}`, vote: 'like' }));
  const batch = { route: 'POST /v1/me/votes:batch', body: { items } };
  const batches = await Promise.all(
    [1, 2, 3].map(async () => ({ ...batch, headers: await somebody() })),
  );
  const all = [
    { ...vote, headers: own },
    { ...vote, headers: await somebody() },
    { ...vote, headers: { ...own, 'consistency-token': token } },
    { ...ticket, headers: own },
    { ...ticket, headers: await somebody() },
    ...batches,
    { route: 'DELETE /v1/me', headers: await somebody() },
    { route: 'GET /v1/ops/stream?id=movies/m1', headers: await operator() },
  ];
  return all.map((one) => ({ url, ...one }));
}

type Answered = { route: string; status: number; ms: number };

/** The first byte of a stream will do; all others are read to their end. */
async function answered({ url, route, headers = {}, body }: Sent): Promise<Answered> {
  const [method = '', path = ''] = route.split(' ');
  const startedAt = performance.now();
  const answer = await fetch(url + path, {
    method,
    headers: {
      ...{ ...headers, 'idempotency-key': randomUUID() },
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const isStream = answer.headers.get('content-type')?.startsWith('text/event-stream');
  await (isStream ? answer.body!.cancel() : answer.arrayBuffer());
  return { route, status: answer.status, ms: performance.now() - startedAt };
}

const askAll = async (token: string) =>
  Promise.all([...(await reads(token)), ...(await commands(token))].map(answered));

it.each([
  ['mongod', () => stack.mongods[0]],
  ['broker', () => stack.brokers[0]],
  ['registry', () => stack.registry],
])(
  'every request is answered while the only %s sleeps, and done once it wakes',
  async (_, part) => {
    const token = await world.like(world.movies[1]!);
    const pid = part()!.pid!;
    process.kill(pid, 'SIGSTOP');
    const answers: Answered[] = [];
    try {
      // What comes later finds connections that were given up, and lanes that are known to be away.
      for (const _time of ['at once', 'later']) answers.push(...(await askAll(token)));
    } finally {
      process.kill(pid, 'SIGCONT');
    }
    console.log(`the longest answer took ${Math.max(...answers.map(({ ms }) => ms)) | 0} ms`);
    expect(answers.filter(({ status, ms }) => status === 500 || ms > answeredWithinMs)).toEqual([]);
    const isWell = async () => {
      const after = await askAll(token);
      return after.every(({ route, status }) => status < 300 || route.includes('asOf=unknown'));
    };
    await until(isWell, { limitMs: 60_000 });
  },
  200_000,
);
