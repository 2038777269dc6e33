import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { z } from 'zod';
import { defineRoles } from '../auth/roles.ts';
import { Paged } from '../page.ts';
import { query } from '../query.ts';
import { type QueryService, queryService } from '../testing/query-service.ts';
import { view } from '../view.ts';

const { auditor } = defineRoles('auditor');
type Note = { _id: string; text: string };
const notes = view<Note>({ name: 'notes', topics: ['notes'], version: 1, indexes: [] });
const plain = { summary: 'A note', example: { id: 'n1' }, output: z.unknown() };
const input = z.object({ id: z.string(), limit: Paged.limit });
const link = 'https://api.example/notes';
const queries = [
  query({
    ...{ ...plain, name: 'note', route: 'GET /notes/:id', views: [notes], input },
    aliases: [
      { route: 'GET /also/:number', params: ({ number }) => ({ id: `n${number}` }) },
      {
        ...{ route: 'GET /old/:number', params: ({ number }) => ({ id: `n${number}` }) },
        deprecated: { since: '2026-12-01', link },
      },
    ],
    answer: async ({ id, limit }, { read, caller }) => [
      ...[id, limit, caller?.userId],
      await read(notes).findOne({ _id: id }),
    ],
  }),
  query({
    ...{ ...plain, name: 'audit', route: 'GET /audits/:id', views: [notes], input },
    for: auditor,
    answer: async ({ id }) => id,
  }),
];

const perAddress = 1_000;
let service: QueryService;
let people: Record<'auditor' | 'other' | 'stranger', Record<string, string>>;
beforeAll(async () => {
  const rateLimits = { perUser: 1_000, perService: 1_000, perAddress };
  service = await queryService(inject('stack').mongo, { queries, views: [notes], rateLimits });
  await service.collection(notes).insertOne({ _id: 'n1', text: 'one' });
  await service.written();
  // Answers are compared whole, and say which events they have seen.
  await ask({ path: '/notes/n1', headers: { ...service.fresh, prefer: 'wait=10' } });
  people = {
    auditor: await service.as('ann', ['auditor']),
    other: await service.as('bob', []),
    stranger: { authorization: 'Bearer e30.e30.e30' },
  };
});
afterAll(() => service.close());

type Asked = { method?: string; path: string; headers?: Record<string, string> };

/** `fetch` wouldn't send all of these. */
async function ask({ method = 'GET', path, headers = {} }: Asked) {
  const asking = request(`${service.url}${path}`, { method, headers });
  asking.end();
  const [answer] = await new Promise<[import('node:http').IncomingMessage]>((resolve, reject) => {
    asking.once('response', (one) => resolve([one]));
    asking.once('error', reject);
  });
  return { status: answer.statusCode, headers: answer.headers, body: await text(answer) };
}

/** All that must not depend on the way that a request takes. */
const shown = ({ status, headers, body }: Awaited<ReturnType<typeof ask>>) => {
  const own = ['x-request-id', 'traceparent', 'date', 'ratelimit'];
  const counted = own.filter((name) => headers[name] !== undefined);
  const rest = Object.entries(headers).filter(([name]) => !own.includes(name));
  return { status, counted, rest, body: body.replace(/"requestId":"[^"]*"/, '') };
};

let spellings = 0;
/** A URL that nobody has asked for before. */
const unknown = (path: string) => {
  spellings += 1;
  return `${path}${path.includes('?') ? '&' : '?'}${'&'.repeat(spellings)}`;
};

const left = (answer: Awaited<ReturnType<typeof ask>>) =>
  Number(/r=(\d+)/.exec(String(answer.headers.ratelimit))?.[1]);

describe('a URL that was asked for before', () => {
  const etag = async () => String((await ask({ path: '/notes/n1' })).headers.etag);
  it.each<[string, () => Asked | Promise<Asked>]>([
    ['by nobody', () => ({ path: '/notes/n1' })],
    ['by somebody', () => ({ path: '/notes/n1?limit=3', headers: people.other })],
    ['with a wrong token', () => ({ path: '/notes/n1', headers: people.stranger })],
    ['under another name', () => ({ path: '/also/1' })],
    ['under a name that is to go', () => ({ path: '/old/1' })],
    ['without a token where one is needed', () => ({ path: '/audits/n1' })],
    ['without the role', () => ({ path: '/audits/n1', headers: people.other })],
    ['with the role', () => ({ path: '/audits/n1', headers: people.auditor })],
    ['with wrong input', () => ({ path: '/notes/n1?limit=many' })],
    ['with asOf, by nobody', () => ({ path: '/notes/n1?asOf=then' })],
    ['with HEAD', () => ({ method: 'HEAD', path: '/notes/n1' })],
    ['with POST', () => ({ method: 'POST', path: '/notes/n1' })],
    ['with OPTIONS', () => ({ method: 'OPTIONS', path: '/notes/n1' })],
    ['with a wish that can’t be met', () => ({ path: '/notes/n1', headers: { expect: 'gold' } })],
    [
      'with the answer at hand',
      async () => ({ path: '/notes/n1', headers: { 'if-none-match': await etag() } }),
    ],
    [
      'with the answer at hand, past caches',
      async () => ({
        path: '/notes/n1',
        headers: { 'if-none-match': await etag(), 'cache-control': 'no-cache' },
      }),
    ],
    [
      'with a consistency token',
      () => ({ path: '/notes/n1', headers: { ...service.fresh, prefer: 'wait=3' } }),
    ],
    ['with a forged one', () => ({ path: '/notes/n1', headers: { 'consistency-token': 'x' } })],
  ])('is answered as at first: %s', async (_, wanted) => {
    const asked = await wanted();
    const path = unknown(asked.path);
    const first = await ask({ ...asked, path });
    // Known to Express, then known here: with the answer kept, and with others' requests between.
    await ask({ path });
    for (let time = 0; time < 3; time += 1) {
      expect(shown(await ask({ ...asked, path }))).toEqual(shown(first));
    }
  });

  it('counts for its sender’s rate', async () => {
    const path = unknown('/notes/n1');
    const before = left(await ask({ path }));
    expect(left(await ask({ path }))).toBe(before - 1);
    expect(left(await ask({ path, headers: people.auditor }))).toBeGreaterThan(0);
    expect(left(await ask({ path }))).toBe(before - 2);
  });

  it('is counted under its route', async () => {
    const labels = 'method="GET",route="/also/:number",status="200"';
    const name = 'http_request_duration_seconds_count';
    const counted = async () => {
      const lines = (await service.metrics()).split('\n');
      const line = lines.find((one) => one.startsWith(name) && one.includes(labels));
      return Number(line?.split(' ').at(-1) ?? 0);
    };
    const path = unknown('/also/1');
    const before = await counted();
    for (let time = 0; time < 3; time += 1) await ask({ path });
    await expect.poll(counted).toBe(before + 3);
  });

  it('is refused once its sender has used up the rate', async () => {
    const path = unknown('/notes/n1');
    let answer = await ask({ path });
    for (let asked = 0; asked <= perAddress && answer.status === 200; asked += 1) {
      answer = await ask({ path });
    }
    expect(answer.status).toBe(429);
    expect(answer.headers['retry-after']).toMatch(/^\d+$/);
    expect((JSON.parse(answer.body) as { code: string }).code).toBe('rate-limited');
    expect((await ask({ path, headers: people.other })).status).toBe(200);
  });
});
