import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ReminderSet } from '#schemas/generated/events.ts';
import { type Asked, ask, type Done, doneOf, problemOf, up } from '#tests/answers.ts';
import { type CommittedEvents, committedEvents } from '#tests/committed-events.ts';
import { type Service, type System, startSystem } from '#tests/system.ts';

/** Reminders and plays on real parts: two nodes of command-api, a projector, a query-api. */

let system: System;
let nodes: Service[];
let queries: Service;
let log: CommittedEvents;
let catalogue: Record<string, string>;
/** A new user for each test. */
let user: string;
let viewer: Record<string, string>;

const somePlay = '0d6f6a5e-4f0c-5a0e-9d0b-6a1f3c2b7d84';

beforeAll(async () => {
  system = await startSystem('lists');
  nodes = await Promise.all([system.start('command-api'), system.start('command-api')]);
  [queries] = await Promise.all([system.start('query-api'), system.start('projectors')]);
  log = await committedEvents(system);
  catalogue = await system.as('carol', 'catalogue');
  await put('m1', 'The Matrix');
  await put('m2', 'Brazil');
  await put('retired', 'Gone');
  await ask(nodes[0]!.url, 'DELETE /v1/movies/retired', { headers: catalogue });
});

afterAll(async () => {
  await log?.close();
  await system?.stop();
});

beforeEach(async () => {
  user = `user-${randomUUID()}`;
  viewer = await system.as(user, 'viewer');
});

const put = (movieId: string, title: string) =>
  ask(nodes[0]!.url, `PUT /v1/movies/${movieId}`, { body: { ...up, title }, headers: catalogue });

/** Asks both nodes in turn: the node that doesn't own the lane forwards to the other. */
let turn = 0;
const send = (route: string, { body, headers }: Asked = {}) => {
  turn += 1;
  const key = route.startsWith('POST') ? { 'idempotency-key': randomUUID() } : {};
  const all = { ...viewer, ...key, ...headers };
  return ask<Done & { playId?: string }>(nodes[turn % 2]!.url, route, { body, headers: all });
};

type Listed = { items: Record<string, unknown>[]; count: number };

/** The query API's answer once it has seen a command. */
const read = async <Body = Listed>(path: string, token: string): Promise<Body> => {
  const headers = { ...viewer, 'consistency-token': token, prefer: 'wait=10' };
  const { status, body } = await ask<Body>(queries.url, `GET ${path}`, { headers });
  expect(status, path).toBe(200);
  return body;
};

const eventsOf = () => log.of(`reminders/${user}`);

describe('a reminder', () => {
  it('is set, changed, and set once however often the command is sent', async () => {
    const body = { remindAt: '2030-01-01T20:00:00+01:00', note: 'With Noé\n\t– 灯台' };
    const first = await send('PUT /v1/me/reminders/m1', { body });
    expect(first.status).toBe(200);
    const { token } = doneOf(first, {
      ...{ stream: `reminders/${user}`, version: 1, events: ['ReminderSet'] },
    });
    expect((await read('/v1/me/reminders', token)).items).toMatchObject([{ note: body.note }]);
    const same = { ...body, remindAt: '2030-01-01T19:00:00.000Z' };
    for (const body of [same, same]) {
      const again = await send('PUT /v1/me/reminders/m1', { body });
      doneOf(again, { version: 1, events: [], unchanged: true });
    }
    const bare = doneOf(await send('PUT /v1/me/reminders/m1'), { version: 2 });
    const [set, setAnew] = (await eventsOf()).map(({ data }) => data as ReminderSet);
    expect(set).toMatchObject({ userId: user, movieId: 'm1', remindAt: Date.UTC(2030, 0, 1, 19) });
    expect(set?.note?.keyId, 'encrypted').toEqual(expect.any(String));
    expect(setAnew).toMatchObject({ note: null, remindAt: null });
    const { items } = await read('/v1/me/reminders', bare.token);
    expect(items).toMatchObject([
      { movieId: 'm1', title: 'The Matrix', note: null, remindAt: null, retired: false },
    ]);
  });

  it('is removed, once', async () => {
    await send('PUT /v1/me/reminders/m1');
    const { token } = doneOf(await send('DELETE /v1/me/reminders/m1'), {
      events: ['ReminderRemoved'],
    });
    expect(await read('/v1/me/reminders', token)).toMatchObject({ items: [], count: 0 });
    doneOf(await send('DELETE /v1/me/reminders/m1'), { events: [], unchanged: true });
    doneOf(await send('DELETE /v1/me/reminders/m2'), { version: 2, unchanged: true });
  });

  it('stays when its movie is retired, and shows the movie as retired', async () => {
    const movieId = `m-${randomUUID()}`;
    await put(movieId, 'Brief');
    await send(`PUT /v1/me/reminders/${movieId}`);
    const retired = await ask(nodes[0]!.url, `DELETE /v1/movies/${movieId}`, {
      headers: catalogue,
    });
    const { items } = await read('/v1/me/reminders', doneOf(retired).token);
    expect(items).toMatchObject([{ movieId, title: 'Brief', retired: true }]);
    doneOf(await send(`DELETE /v1/me/reminders/${movieId}`), { events: ['ReminderRemoved'] });
  });

  it('is never denied for a movie that was added a moment ago, in any lane', async () => {
    for (let at = 0; at < 40; at += 1) {
      const movieId = `fresh-${randomUUID()}`;
      const added = await put(movieId, 'Fresh');
      expect(added.status).toBe(201);
      viewer = await system.as(`user-${at}`, 'viewer');
      doneOf(await send(`PUT /v1/me/reminders/${movieId}`), { events: ['ReminderSet'] });
      doneOf(await send(`POST /v1/me/watched/${movieId}`), {
        events: ['MovieWatched', 'ReminderRemoved'],
      });
    }
  });
});

describe('a play', () => {
  it('is made, has a location, and clears the reminder', async () => {
    await send('PUT /v1/me/reminders/m1', { body: { note: 'Soon' } });
    const kept = doneOf(await send('PUT /v1/me/reminders/m2'));
    const answer = await send('POST /v1/me/watched/m1');
    expect(answer.status).toBe(201);
    const { token, playId } = doneOf(answer, {
      ...{ version: 4, events: ['MovieWatched', 'ReminderRemoved'] },
    }) as Done & { playId: string };
    const [, , watched, removed] = await eventsOf();
    expect(watched?.data).toMatchObject({ playId, watchedAt: watched?.meta.time });
    expect(removed?.data).toMatchObject({ movieId: 'm1', reason: 'watched' });
    const place = new URL(answer.headers.get('location') as string).pathname;
    const play = await read<object>(place, token);
    expect(play).toMatchObject({ playId, movieId: 'm1', title: 'The Matrix' });
    expect(await read('/v1/me/watched', token)).toMatchObject({ items: [play], count: 1 });
    const { items } = await read('/v1/me/reminders', token);
    expect(items).toMatchObject([{ movieId: 'm2' }]);
    const both = `${token},${kept.token}`;
    expect(await read('/v1/movies/m1', both)).toMatchObject({ me: { reminder: null, plays: 1 } });
    expect(await read('/v1/movies/m2', both)).toMatchObject({
      me: { reminder: { note: null, remindAt: null, setAt: expect.any(String) }, plays: 0 },
    });
  });

  it('is the same for the same movie and time, and another one otherwise', async () => {
    const at = (watchedAt: string) => send('POST /v1/me/watched/m1', { body: { watchedAt } });
    const first = doneOf(await at('2026-01-01T20:00:00.000Z')) as { playId?: string };
    expect(first.playId).toMatch(/^[0-9a-f-]{36}$/);
    const again = await at('2026-01-01T21:00:00+01:00');
    expect(again.status).toBe(200);
    expect(doneOf(again, { events: [], unchanged: true })).toMatchObject({
      playId: first.playId,
    });
    const { token } = doneOf(await at('2026-01-02T20:00:00Z'), { version: 2 });
    const { items } = await read('/v1/me/watched', token);
    expect(items.map(({ watchedAt }) => watchedAt)).toEqual([
      '2026-01-02T20:00:00.000Z',
      '2026-01-01T20:00:00.000Z',
    ]);
  });

  it('is made once when its request is repeated', async () => {
    const headers = { 'idempotency-key': 'once' };
    const [first, second] = [
      await send('POST /v1/me/watched/m1', { headers }),
      await send('POST /v1/me/watched/m1', { headers }),
    ];
    expect(second.status).toBe(201);
    expect(second.body).toMatchObject({ playId: first.body.playId, events: ['MovieWatched'] });
    expect(second.headers.get('location')).toBe(first.headers.get('location'));
    expect(await eventsOf()).toHaveLength(1);
  });

  it('may be of a retired movie', async () => {
    doneOf(await send('POST /v1/me/watched/retired'), { events: ['MovieWatched'] });
  });

  it('is removed, once, and by its own user only', async () => {
    const { playId } = (await send('POST /v1/me/watched/m1')).body;
    const other = await system.as('mallory', 'viewer');
    const route = `DELETE /v1/me/watched/m1/${playId}`;
    doneOf(await send(route, { headers: other }), { version: 0, unchanged: true });
    const { token } = doneOf(await send(route), { events: ['WatchRemoved'] });
    doneOf(await send(route), { events: [], unchanged: true });
    expect(await read('/v1/me/watched', token)).toMatchObject({ items: [], count: 0 });
  });
});

describe('is refused, and nothing is appended:', () => {
  const tomorrow = () => new Date(Date.now() + 86_400_000).toISOString();
  it.each<[string, string, string, () => Asked]>([
    ['PUT /v1/me/reminders/m99', 'movie-unknown', 'no such movie', () => ({})],
    ['DELETE /v1/me/reminders/m99', 'movie-unknown', 'no such movie', () => ({})],
    ['POST /v1/me/watched/m99', 'movie-unknown', 'no such movie', () => ({})],
    [`DELETE /v1/me/watched/m99/${somePlay}`, 'movie-unknown', 'no such movie', () => ({})],
    ['PUT /v1/me/reminders/retired', 'movie-retired', 'a retired movie', () => ({})],
    ['PUT /v1/me/reminders/a.b', 'invalid-input', 'no movie’s id', () => ({})],
    [
      'PUT /v1/me/reminders/m1',
      'invalid-input',
      'a long note',
      () => bodyOf('note', 'n'.repeat(501)),
    ],
    ['PUT /v1/me/reminders/m1', 'invalid-input', 'a bell', () => bodyOf('note', '\u0007')],
    ['PUT /v1/me/reminders/m1', 'invalid-input', 'no time', () => bodyOf('remindAt', 'soon')],
    ['PUT /v1/me/reminders/m1', 'invalid-input', 'another field', () => bodyOf('nota', 'x')],
    [
      'POST /v1/me/watched/m1',
      'invalid-input',
      'the future',
      () => bodyOf('watchedAt', tomorrow()),
    ],
    ['DELETE /v1/me/watched/m1/p1', 'invalid-input', 'no play’s id', () => ({})],
    ['PUT /v1/me/reminders/m1', 'version-mismatch', 'a version that is gone', () => ifMatch('"7"')],
    ['PUT /v1/me/reminders/m1', 'unauthorized', 'a bad token', () => badToken],
    ['GET /v1/me/reminders/m1', 'method-not-allowed', 'another method', () => ({})],
  ])('%s: %s for %s', async (route, code, _, asked) => {
    problemOf(await send(route, asked()), code);
    expect(await eventsOf()).toEqual([]);
  });

  const bodyOf = (field: string, value: string): Asked => ({ body: { [field]: value } });
  const ifMatch = (version: string): Asked => ({ headers: { 'if-match': version } });
  const badToken: Asked = { headers: { authorization: 'Bearer x.y.z' } };

  it('commands of viewers, for other roles', async () => {
    viewer = await system.as(user, 'support', 'catalogue');
    for (const route of ['PUT /v1/me/reminders/m1', 'POST /v1/me/watched/m1']) {
      problemOf(await send(route), 'forbidden');
    }
  });

  it('a play without an Idempotency-Key', async () => {
    const answer = await ask(nodes[0]!.url, 'POST /v1/me/watched/m1', { headers: viewer });
    problemOf(answer, 'idempotency-key-required');
  });

  it('the same key with another body', async () => {
    const headers = { 'idempotency-key': 'one' };
    await send('PUT /v1/me/reminders/m1', { body: { note: 'a' }, headers });
    const other = await send('PUT /v1/me/reminders/m1', { body: { note: 'b' }, headers });
    problemOf(other, 'key-reused');
  });
});
