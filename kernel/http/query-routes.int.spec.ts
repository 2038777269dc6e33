import { MongoServerSelectionError, type TopologyDescription } from 'mongodb';
import { afterAll, beforeAll, describe, expect, inject, it, vi } from 'vitest';
import { z } from 'zod';
import { defineRoles, operator } from '../auth/roles.ts';
import { parseTokens } from '../consistency-token.ts';
import { Paged } from '../page.ts';
import { query } from '../query.ts';
import { type QueryService, queryService } from '../testing/query-service.ts';
import { view } from '../view.ts';

const { auditor } = defineRoles('auditor');

type Note = { _id: string; text: string };
const noView = { version: 1, indexes: [] };
const notes = view<Note>({ name: 'notes', topics: ['notes'], ...noView });
const others = view<Note>({ name: 'others', topics: ['others', 'notes'], ...noView });
const unbuilt = view<Note>({ name: 'unbuilt', topics: ['notes'], ...noView });

let answered = 0;
const input = z.object({ id: z.string() });
const plain = { name: 'note', summary: 'A note', example: { id: 'n1' }, output: z.unknown() };
const queries = [
  query({
    ...plain,
    route: 'GET /notes/:id',
    aliases: [
      {
        route: 'GET /old/:number',
        params: ({ number }) => ({ id: `n${number}` }),
        deprecated: {
          since: '2026-12-01',
          sunset: '2027-06-01',
          link: 'https://api.example/notes',
        },
      },
    ],
    views: [notes, others],
    input,
    answer: ({ id }, { read, caller }) =>
      Promise.all([read(notes).findOne({ _id: id }), caller?.userId]),
  }),
  query({
    ...plain,
    route: 'GET /unbuilt/:id',
    views: [unbuilt],
    input,
    answer: async (_, { read }) => {
      return read(unbuilt).countDocuments();
    },
  }),
  query({
    ...plain,
    route: 'GET /mine/:id',
    for: 'authenticated',
    views: [notes],
    input,
    answer: async () => 1,
  }),
  query({
    ...plain,
    route: 'GET /ops/:id',
    for: [operator, auditor],
    views: [notes],
    input,
    answer: async () => 1,
  }),
  query({
    ...plain,
    route: 'GET /counted',
    views: [notes],
    input: z.object({ limit: Paged.limit }),
    example: {},
    answer: async () => ++answered,
  }),
  query({
    ...plain,
    route: 'GET /away/:id',
    views: [notes],
    input,
    answer: async () => {
      throw new MongoServerSelectionError('gone', {} as TopologyDescription);
    },
  }),
];

let service: QueryService;
beforeAll(async () => {
  const views = [notes, others, unbuilt];
  service = await queryService(inject('stack').mongo, { queries, views, building: [unbuilt] });
  await service.collection(notes).insertOne({ _id: 'n1', text: 'one' });
  await service.moveTo(notes, 'notes', 10);
  await service.moveTo(others, 'notes', 8);
});
afterAll(() => service.close());

const problem = async (answer: Response) => (await answer.json()) as { code: string };
const tokenIn = (answer: Response) =>
  parseTokens(answer.headers.get('consistency-token') ?? '', 'this-log').seen;

/** Until the service knows that both views have seen this offset. */
const seen = (offset: number) =>
  vi.waitFor(async () => {
    expect(tokenIn(await service.ask('/notes/n1'))).toEqual({ 'notes:0': offset });
  });

describe('a consistency token', () => {
  it('in the answer says what every view of the route has seen', async () => {
    await seen(7);
  });

  it('is waited for until every view has passed it', async () => {
    const token = service.consistencyToken('notes:0', 9);
    let answered = false;
    const headers = { 'consistency-token': token, prefer: 'wait=10' };
    const answer = service.ask('/notes/n1', headers).finally(() => {
      answered = true;
    });
    await service.moveTo(others, 'notes', 9);
    await seen(8);
    expect(answered).toBe(false);
    await service.moveTo(others, 'notes', 10);
    expect((await answer).status).toBe(200);
    expect(tokenIn(await answer)).toEqual({ 'notes:0': 9 });
  });

  it('that is too far ahead ends in 503, as soon as the client wants', async () => {
    const token = service.consistencyToken('notes:0', 99);
    const startedAt = performance.now();
    const answer = await service.ask(`/notes/n1?consistency=${token}`, { prefer: 'wait=0' });
    expect(performance.now() - startedAt).toBeLessThan(1500);
    expect(answer.headers.get('preference-applied')).toBe('wait=0');
    expect(answer.status).toBe(503);
    expect(answer.headers.get('retry-after')).toBe('1');
    expect((await problem(answer)).code).toBe('read-model-behind');
  });

  it('of other topics costs nothing and is handed on', async () => {
    const token = service.consistencyToken('elsewhere:3', 99);
    const answer = await service.ask('/notes/n1', { 'consistency-token': token });
    expect(tokenIn(answer)).toMatchObject({ 'elsewhere:3': 99 });
  });

  it('may be several, from header and query', async () => {
    const [one, two, three] = ['elsewhere:0', 'elsewhere:1', 'elsewhere:2'].map((at) =>
      service.consistencyToken(at as 'elsewhere:0', 1),
    );
    const headers = { 'consistency-token': `${one}, ${two}` };
    const answer = await service.ask(`/notes/n1?consistency=${three}`, headers);
    expect(tokenIn(answer)).toMatchObject({ 'elsewhere:0': 1, 'elsewhere:1': 1, 'elsewhere:2': 1 });
  });

  it.each([
    ['of another log', () => service.consistencyToken('notes:0', 1, 'another')],
    ['that is none', () => 'nonsense'],
    ['of a topic that there isn’t', () => service.consistencyToken('nowhere:0', 1)],
    ['of a lane that there isn’t', () => service.consistencyToken('notes:6', 1)],
    ['of a lane that is no number', () => service.consistencyToken('notes:01' as 'a:1', 1)],
    ['of a negative offset', () => service.consistencyToken('notes:0', -1)],
    ['of an offset that isn’t exact', () => service.consistencyToken('notes:0', 2 ** 53)],
  ])('%s is refused', async (_, token) => {
    const answer = await service.ask('/notes/n1', { 'consistency-token': token() });
    expect(answer.status).toBe(400);
    expect((await problem(answer)).code).toBe('invalid-token');
  });
});

describe('an answer', () => {
  it('is not sent again to a client that has it, and carries its token all the same', async () => {
    const first = await service.ask('/notes/n1');
    const etag = first.headers.get('etag') ?? '';
    const again = await service.ask('/notes/n1', { 'if-none-match': etag });
    expect(again.status).toBe(304);
    expect(tokenIn(again)).toEqual(tokenIn(first));
    await service.collection(notes).updateOne({ _id: 'n1' }, { $set: { text: 'two' } });
    const changed = await service.ask('/notes/n1', { ...service.fresh, 'if-none-match': etag });
    expect(changed.status).toBe(200);
  });

  it('is fresh for a caller with a token, and shared for a moment by all others', async () => {
    const text = async (headers = {}) => {
      const [note] = (await (await service.ask('/notes/n1', headers)).json()) as [Note];
      return note.text;
    };
    const write = (text: string) =>
      service.collection(notes).updateOne({ _id: 'n1' }, { $set: { text } });
    for (let count = 0; count < 20; count += 1) {
      await write(`text ${count}`);
      await text();
      await write(`other ${count}`);
      expect(await text(service.fresh)).toBe(`other ${count}`);
    }
    await vi.waitFor(async () => expect(await text()).toBe('other 19'), 5_000);
  });

  it('may be cached by proxies unless the request has a token', async () => {
    const open = await service.ask('/notes/n1');
    expect(open.headers.get('cache-control')).toBe('no-cache');
    expect(open.headers.get('vary')).toBe('Authorization');
    const mine = await service.ask('/notes/n1', await service.as('alice'));
    expect(mine.headers.get('cache-control')).toBe('private, no-cache');
    expect(mine.headers.get('vary')).toBe('Authorization');
    expect(mine.headers.get('etag')).not.toBe(open.headers.get('etag'));
  });

  it('is the same through an alias', async () => {
    const [one, other] = await Promise.all([service.ask('/old/1'), service.ask('/notes/n1')]);
    expect(await one.json()).toEqual(await other.json());
  });
});

it.each([
  ['', '?', '?&', '?&&', '?%6Cimit=20', '?limit=%320'],
  ['?limit=2', '?&limit=%32', '?%6cimit=2&'],
])('an answer is shared by all that ask the same in other words: %s', async (...urls) => {
  const numbers = new Set<number>();
  await vi.waitFor(async () => {
    numbers.clear();
    for (const url of urls) {
      numbers.add((await (await service.ask(`/counted${url}`)).json()) as number);
    }
    expect(numbers.size).toBe(1);
  });
});

describe('a query is refused', () => {
  it('without a token where one is needed', async () => {
    expect((await service.ask('/mine/1')).status).toBe(401);
    expect((await service.ask('/mine/1', await service.as('alice'))).status).toBe(200);
  });

  it('with a bad token, even if it needs none', async () => {
    expect((await service.ask('/notes/n1', { authorization: 'Bearer x' })).status).toBe(401);
  });

  it('without one of its roles', async () => {
    expect((await service.ask('/ops/1', await service.as('alice'))).status).toBe(403);
    const olga = await service.as('olga', ['operator']);
    expect((await service.ask('/ops/1', olga)).status).toBe(200);
  });

  it('while MongoDB is away', async () => {
    const answer = await service.ask('/away/1');
    expect(answer.status).toBe(503);
    expect((await problem(answer)).code).toBe('part-away');
  });

  it('while its view is being built, and answered as soon as it is', async () => {
    const answer = await service.ask('/unbuilt/1');
    expect(answer.status).toBe(503);
    expect((await problem(answer)).code).toBe('read-model-building');
    await service.serve(unbuilt);
    await expect.poll(async () => (await service.ask('/unbuilt/1')).status).toBe(200);
  });
});

describe('a route that is to go', () => {
  it.each(['/old/1', '/old/1?surprise=1'])('says so, and until when it stays: %s', async (path) => {
    const { headers } = await service.ask(path);
    expect(headers.get('deprecation')).toBe('@1796083200');
    expect(headers.get('sunset')).toBe('Tue, 01 Jun 2027 00:00:00 GMT');
    expect(headers.get('link')).toBe('<https://api.example/notes>; rel="deprecation"');
  });

  it('is the only one that does', async () => {
    expect((await service.ask('/notes/n1')).headers.has('deprecation')).toBe(false);
  });
});
