import { afterAll, beforeAll, expect, it } from 'vitest';
import { type EventStream, openEventStream } from '#kernel/testing/event-stream.ts';
import { until } from '#kernel/testing/until.ts';
import { ask, up } from '#tests/answers.ts';
import { type Service, type System, startSystem } from '#tests/system.ts';

/** A client follows the rankings and its own votes while services are killed and come back. */

let system: System;
let commandApi: Service;
let projectors: Service;
let queryApi: Service;
let ada: { authorization: string };
/** The tokens of both movies. */
const listed: string[] = [];

beforeAll(async () => {
  system = await startSystem('live');
  const names = ['command-api', 'projectors', 'query-api'] as const;
  const started = await Promise.all(names.map((name) => system.start(name)));
  [commandApi, projectors, queryApi] = started as [Service, Service, Service];
  ada = await system.as('ada', 'viewer', 'catalogue');
  for (const movieId of ['m1', 'm2']) {
    const body = { ...up, title: movieId };
    const answer = await ask(commandApi.url, `PUT /v1/movies/${movieId}`, {
      ...{ body, headers: ada },
    });
    expect(answer.status).toBe(201);
    listed.push(answer.body.token);
  }
}, 120_000);
afterAll(() => system?.stop());

async function vote(movieId: string): Promise<string> {
  const asked = { body: { vote: 'like' }, headers: ada };
  const { body } = await ask(commandApi.url, `PUT /v1/movies/${movieId}/vote`, asked);
  return body.token;
}

async function read<Body>(path: string, token: unknown): Promise<Body> {
  const headers = { ...ada, 'consistency-token': String(token), prefer: 'wait=10' };
  return (await ask<Body>(queryApi.url, `GET ${path}`, { headers })).body;
}

type Votes = { items: { movieId: string; vote: string }[] };
type Changes = { items: object[]; next: string; more: boolean; reset: boolean };

const follow = (lastId?: string): Promise<EventStream> =>
  openEventStream(`${queryApi.url}/v1/live?views=rankings,votes`, {
    ...ada,
    ...(lastId !== undefined && { 'last-event-id': lastId }),
  });

const byId = (one: object, other: object): number =>
  JSON.stringify(one) < JSON.stringify(other) ? -1 : 1;

const isTold = ({ messages }: EventStream, view: string, movieId: string): boolean =>
  messages.some(({ data }) => data.view === view && (data.ids as string[]).includes(movieId));

it('changes are exact for a client that asks for them while others are written', async () => {
  const eve = await system.as('eve', 'viewer', 'catalogue');
  const films = ['e1', 'e2', 'e3', 'e4', 'e5'];
  const send = async (route: string, body?: object) => {
    const answer = await ask(commandApi.url, route, { ...(body && { body }), headers: eve });
    expect(answer.status).toBeLessThan(300);
    return answer.body.token;
  };
  await Promise.all(films.map((id) => send(`PUT /v1/movies/${id}`, { ...up, title: id })));

  const held = new Map<string, unknown>();
  let cursor: string | undefined;
  let wasMore = true;
  const sync = async (token = '') => {
    const query = `limit=2${cursor === undefined ? '' : `&cursor=${cursor}`}`;
    const headers = { ...eve, ...(token && { 'consistency-token': token }), prefer: 'wait=10' };
    const { body } = await ask<Changes>(queryApi.url, `GET /v1/me/changes?${query}`, { headers });
    if (body.reset) held.clear();
    for (const { id, item } of body.items as { id: string; item: { vote: string } | null }[]) {
      if (item) held.set(id, item.vote);
      else held.delete(id);
    }
    ({ next: cursor, more: wasMore } = body);
  };
  let isWritten = false;
  const votes = ['like', 'dislike', null] as const;
  const writing = films.map(async (id, at) => {
    let token = '';
    for (let time = 0; time < 40; time += 1) {
      const vote = votes[(time * (at + 1) + at) % 3];
      const route = `${vote ? 'PUT' : 'DELETE'} /v1/movies/${id}/vote`;
      token = await send(route, vote ? { vote } : undefined);
    }
    return token;
  });
  const written = Promise.all(writing).finally(() => {
    isWritten = true;
  });
  while (!isWritten) await sync();
  const tokens = (await written).join();
  do await sync(tokens);
  while (wasMore);

  const headers = { ...eve, 'consistency-token': tokens };
  const { body } = await ask<Votes>(queryApi.url, 'GET /v1/me/votes', { headers });
  expect(held).toEqual(new Map(body.items.map(({ movieId, vote }) => [movieId, vote])));
  expect(held.size).toBe(4);
});

it('tells of votes, also of those cast while both services were away', async () => {
  const voted = await vote('m1');
  await read('/v1/rankings', voted);
  const synced = await read<Changes>('/v1/me/changes', voted);
  const mine = { list: 'votes', id: 'm1', item: expect.objectContaining({ vote: 'like' }) };
  expect(synced).toMatchObject({ items: [mine], more: false, reset: true });
  const movies = await read<Changes>('/v1/catalogue/changes?limit=1', listed.join());
  expect(movies).toMatchObject({ items: [{ movie: { year: up.year } }], more: true });
  const stream = await follow();
  await until(() => stream.messages.length > 0);
  await vote('m2');
  await until(() => isTold(stream, 'rankings', 'm2') && isTold(stream, 'votes', 'm2'));
  const { token } = stream.messages.find(({ data }) => data.view === 'rankings')!.data;
  expect(await read('/v1/movies/m2', token)).toMatchObject({ likes: 1 });

  await Promise.all([queryApi.end('SIGKILL'), projectors.end('SIGKILL')]);
  await until(() => stream.ended);
  const retracted = await ask(commandApi.url, 'DELETE /v1/movies/m1/vote', { headers: ada });
  queryApi = await system.start('query-api');
  const resumed = await follow(stream.lastId);
  projectors = await system.start('projectors');
  await until(() => isTold(resumed, 'rankings', 'm1') && isTold(resumed, 'votes', 'm1'));
  expect(resumed.messages[0]).toMatchObject({ event: 'ready', data: { resumed: true } });
  expect(resumed.messages.map(({ event }) => event)).not.toContain('reset');
  expect(isTold(resumed, 'rankings', 'm2')).toBe(false);
  const later = await read<Changes>(`/v1/me/changes?cursor=${synced.next}`, retracted.body.token);
  const gone = { list: 'votes', id: 'm1', item: null };
  const added = { list: 'votes', id: 'm2', item: expect.objectContaining({ vote: 'like' }) };
  expect(later).toMatchObject({ more: false, reset: false });
  expect(later.items.toSorted(byId)).toEqual([gone, added]);

  await queryApi.end('SIGTERM');
  await until(() => resumed.ended);
  expect(resumed.messages.at(-1)).toMatchObject({ event: 'end', data: { reason: 'node-stops' } });
}, 120_000);
