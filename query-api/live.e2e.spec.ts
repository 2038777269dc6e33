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

beforeAll(async () => {
  system = await startSystem('live');
  const names = ['command-api', 'projectors', 'query-api'] as const;
  const started = await Promise.all(names.map((name) => system.start(name)));
  [commandApi, projectors, queryApi] = started as [Service, Service, Service];
  ada = await system.as('ada', 'viewer', 'catalogue');
  for (const movieId of ['m1', 'm2']) {
    const body = { ...up, title: movieId };
    const { status } = await ask(commandApi.url, `PUT /v1/movies/${movieId}`, {
      ...{ body, headers: ada },
    });
    expect(status).toBe(201);
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

it('tells of votes, also of those cast while both services were away', async () => {
  const voted = await vote('m1');
  await read('/v1/rankings', voted);
  const synced = await read<Changes>('/v1/me/changes', voted);
  const mine = { list: 'votes', id: 'm1', item: expect.objectContaining({ vote: 'like' }) };
  expect(synced).toMatchObject({ items: [mine], more: false, reset: true });
  const movies = await read<Changes>('/v1/catalogue/changes?limit=1', voted);
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
