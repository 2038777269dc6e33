import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseTokens } from '#kernel/consistency-token.ts';
import type { RoleName } from '#schemas/roles.ts';
import { type Asked, ask, type Done, doneOf, problemOf, up } from '#tests/answers.ts';
import { type CommittedEvents, committedEvents } from '#tests/committed-events.ts';
import { type Service, type System, startSystem } from '#tests/system.ts';

/** Successful commands: the answers of the command API, and their events in the log. */

let system: System;
let api: Service;
let log: CommittedEvents;
let catalogue: Record<string, string>;
let alice: Record<string, string>;

beforeAll(async () => {
  system = await startSystem('commands');
  api = await system.start('command-api', { ADVERTISED_URL: 'https://movies.example/api/' });
  log = await committedEvents(system);
  catalogue = await system.as('carol', 'catalogue');
  alice = await system.as('alice', 'viewer');
});

afterAll(async () => {
  await log?.close();
  await system?.stop();
});

const send = (route: string, { body, headers }: Asked = {}) =>
  ask<Done>(api.url, route, { body, headers: { ...alice, ...headers } });
const manage = (route: string, { body, headers }: Asked = {}) =>
  ask<Done>(api.url, route, { body, headers: { ...catalogue, ...headers } });

const typesOf = async (stream: string) => (await log.of(stream)).map(({ type }) => type);

/** Adds a movie that only one test uses. */
async function newMovie(): Promise<string> {
  const movieId = `m-${randomUUID()}`;
  doneOf(await manage(`PUT /v1/movies/${movieId}`, { body: up }), { events: ['MovieAdded'] });
  return movieId;
}

describe('put-movie', () => {
  it('adds a new movie: 201 with its location', async () => {
    const answer = await manage('PUT /v1/movies/m12', { body: up });
    const stream = 'movies/m12';
    doneOf(answer, { stream, version: 1, events: ['MovieAdded'], unchanged: false });
    expect(answer.status).toBe(201);
    expect(answer.headers.get('location')).toBe('https://movies.example/api/v1/movies/m12');
    const [added] = await log.of(stream);
    expect(added).toMatchObject({
      type: 'MovieAdded',
      data: { movieId: 'm12', ...up },
      meta: { subject: stream, sequence: 1, actor: 'carol' },
    });
  });

  it('changes a movie: its event has all details', async () => {
    const movieId = await newMovie();
    const answer = await manage(`PUT /v1/movies/${movieId}`, { body: { ...up, rating: 8.4 } });
    doneOf(answer, { version: 2, events: ['MovieDetailsChanged'] });
    expect(answer.status).toBe(200);
    const [, changed] = await log.of(`movies/${movieId}`);
    expect(changed?.data).toMatchObject({ ...up, rating: 8.4 });
  });

  it('answers `unchanged` for the same details', async () => {
    const movieId = await newMovie();
    const again = await manage(`PUT /v1/movies/${movieId}`, { body: up });
    expect(again.status).toBe(200);
    doneOf(again, { version: 1, events: [], unchanged: true });
    expect(await typesOf(`movies/${movieId}`)).toEqual(['MovieAdded']);
  });

  it('takes a movie without revenue, text in any script, and an id such as __proto__', async () => {
    const { revenueMillions, metascore, ...required } = up;
    const body = { ...required, title: '千と千尋 "\\" 🎬', director: 'ნინო' };
    for (const movieId of ['__proto__', 'constructor', '-', '_', 'x'.repeat(64)]) {
      doneOf(await manage(`PUT /v1/movies/${movieId}`, { body }), { events: ['MovieAdded'] });
      const [added] = await log.of(`movies/${movieId}`);
      const absent = { revenueMillions: null, metascore: null };
      expect(added?.data).toMatchObject({ movieId, ...body, ...absent });
    }
  });

  it('accepts the path’s id in the body as well', async () => {
    const movieId = await newMovie();
    const body = { ...up, movieId };
    doneOf(await manage(`PUT /v1/movies/${movieId}`, { body }), { unchanged: true });
  });
});

describe('retire-movie', () => {
  it('retires a movie, once', async () => {
    const movieId = await newMovie();
    const answer = await manage(`DELETE /v1/movies/${movieId}`);
    expect(answer.status).toBe(200);
    doneOf(answer, { version: 2, events: ['MovieRetired'] });
    doneOf(await manage(`DELETE /v1/movies/${movieId}`), { version: 2, unchanged: true });
    expect(await typesOf(`movies/${movieId}`)).toEqual(['MovieAdded', 'MovieRetired']);
  });
});

describe('vote and retract-vote', () => {
  it('casts, changes and takes back the one vote of a user', async () => {
    const movieId = await newMovie();
    const route = `/v1/movies/${movieId}/vote`;
    const stream = `ranking/${movieId}/alice`;
    const liked = await send(`PUT ${route}`, { body: { vote: 'like' } });
    doneOf(liked, { stream, version: 1, events: ['VoteCast'] });
    expect(liked.status).toBe(200);
    const again = await send(`PUT ${route}`, { body: { vote: 'like' } });
    doneOf(again, { version: 1, events: [], unchanged: true });
    doneOf(await send(`PUT ${route}`, { body: { vote: 'dislike' } }), { version: 2 });
    doneOf(await send(`DELETE ${route}`), { version: 3, events: ['VoteRetracted'] });
    doneOf(await send(`DELETE ${route}`), { version: 3, events: [], unchanged: true });
    const [first, second, third] = await log.of(stream);
    const of = { movieId, userId: 'alice' };
    expect(first?.data).toMatchObject({ ...of, vote: 'like', previous: 'none' });
    expect(first?.data).toMatchObject({ previousCastAt: null, castAt: first?.meta.time });
    expect(second?.data).toMatchObject({ ...of, vote: 'dislike', previous: 'like' });
    expect(second?.data).toMatchObject({ previousCastAt: first?.meta.time });
    expect(third?.data).toMatchObject({ ...of, previous: 'dislike' });
  });

  it('count each user’s vote by itself', async () => {
    const movieId = await newMovie();
    const bob = await system.as('bob', 'viewer');
    for (const headers of [alice, bob]) {
      const answer = await send(`PUT /v1/movies/${movieId}/vote`, {
        body: { vote: 'like' },
        headers,
      });
      doneOf(answer, { version: 1, events: ['VoteCast'] });
    }
  });

  it('answer `unchanged` when there is no vote to take back', async () => {
    const movieId = await newMovie();
    const answer = await send(`DELETE /v1/movies/${movieId}/vote`);
    doneOf(answer, { version: 0, events: [], unchanged: true });
    expect(await typesOf(`ranking/${movieId}/alice`)).toEqual([]);
  });

  it('take a vote back from a retired movie as well', async () => {
    const movieId = await newMovie();
    await send(`PUT /v1/movies/${movieId}/vote`, { body: { vote: 'like' } });
    await manage(`DELETE /v1/movies/${movieId}`);
    doneOf(await send(`DELETE /v1/movies/${movieId}/vote`), { events: ['VoteRetracted'] });
  });
});

describe('every command', () => {
  const logOf = (token: string) =>
    (JSON.parse(Buffer.from(token, 'base64url').toString()) as [string])[0];
  const seenBy = (token: string) => parseTokens(token, logOf(token)).seen;

  it('answers a token that covers its events', async () => {
    const movieId = await newMovie();
    const answer = await send(`PUT /v1/movies/${movieId}/vote`, { body: { vote: 'like' } });
    const { token } = doneOf(answer);
    const all = await log.all();
    const cast = all.find(({ event }) => event.meta.subject === `ranking/${movieId}/alice`);
    expect(seenBy(token)).toEqual({ [`ranking:${cast?.lane}`]: cast?.offset });
  });

  it('answers a token that covers the tokens of its request', async () => {
    const movieId = await newMovie();
    const route = `PUT /v1/movies/${movieId}/vote`;
    const body = { vote: 'like' };
    const log = logOf(doneOf(await send(route, { body })).token);
    const tokenOf = (seen: Record<string, number>) =>
      Buffer.from(JSON.stringify([log, seen])).toString('base64url');
    const [one, two] = [tokenOf({ 'support:0': 7, 'support:1': 3 }), tokenOf({ 'support:1': 5 })];
    const expected = { 'support:0': 7, 'support:1': 5 };
    const inHeader = await send(route, { body, headers: { 'consistency-token': `${one},${two}` } });
    expect(seenBy(doneOf(inHeader).token)).toMatchObject(expected);
    const inQuery = await send(`${route}?consistency=${one},${two}`, { body });
    expect(seenBy(doneOf(inQuery).token)).toMatchObject(expected);
    const forged = { 'consistency-token': tokenOf({ 'support:99': 7 }) };
    problemOf(await send(route, { body, headers: forged }), 'invalid-token');
  });

  it('is done only at the version of its If-Match', async () => {
    const movieId = await newMovie();
    const headers = { 'if-match': '"1"' };
    const body = { ...up, rating: 1 };
    doneOf(await manage(`PUT /v1/movies/${movieId}`, { body, headers }), { version: 2 });
    const vote = { body: { vote: 'like' }, headers: { 'if-match': '"0"' } };
    doneOf(await send(`PUT /v1/movies/${movieId}/vote`, vote), { version: 1 });
  });

  it('records actor, cause and trace in its event', async () => {
    const movieId = await newMovie();
    const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
    const answer = await send(`PUT /v1/movies/${movieId}/vote`, {
      body: { vote: 'like' },
      headers: { 'x-request-id': 'request-1', traceparent },
    });
    expect(answer.headers.get('x-request-id')).toBe('request-1');
    expect(answer.headers.get('traceparent')).toBe(traceparent);
    const [cast] = await log.of(`ranking/${movieId}/alice`);
    expect(cast?.meta).toMatchObject({
      ...{ correlationid: 'request-1', causationid: null, actor: 'alice' },
      ...{ source: '/command-api', subject: `ranking/${movieId}/alice`, sequence: 1 },
    });
  });

  it('records the cause that a service names, and nobody else’s', async () => {
    const [viewers, services] = [await newMovie(), await newMovie()];
    const cause = randomUUID();
    const vote = async (movieId: string, causationid: string, ...roles: RoleName[]) =>
      send(`PUT /v1/movies/${movieId}/vote`, {
        body: { vote: 'like' },
        headers: { ...(await system.as('alice', ...roles)), 'x-causation-id': causationid },
      });
    doneOf(await vote(viewers, cause, 'viewer', 'support', 'catalogue', 'operator'));
    doneOf(await vote(services, cause.toUpperCase(), 'viewer', 'service'));
    const causeOf = async (movieId: string) =>
      (await log.of(`ranking/${movieId}/alice`))[0]?.meta.causationid;
    expect(await causeOf(viewers)).toBeNull();
    expect(await causeOf(services)).toBe(cause);
    const refused = await vote(services, 'made up', 'viewer', 'service');
    const [error] = problemOf(refused, 'invalid-input').errors ?? [];
    expect(error?.path).toBe('X-Causation-Id');
    doneOf(await vote(services, 'made up', 'viewer'));
  });

  it('is decided after earlier commands, also when many come at once', async () => {
    const movieId = await newMovie();
    const users = Array.from({ length: 40 }, (_, index) => `user${index}`);
    const answers = await Promise.all(
      users.map(async (user) =>
        send(`PUT /v1/movies/${movieId}/vote`, {
          body: { vote: 'like' },
          headers: await system.as(user, 'viewer'),
        }),
      ),
    );
    expect(new Set(answers.map((answer) => doneOf(answer).stream)).size).toBe(40);
    const ratings = Array.from({ length: 20 }, (_, index) => index / 2);
    const changes = await Promise.all(
      ratings.map((rating) => manage(`PUT /v1/movies/${movieId}`, { body: { ...up, rating } })),
    );
    const versions = changes.map((answer) => doneOf(answer).version);
    expect(versions.sort((a, b) => a - b)).toEqual(ratings.map((_, index) => index + 2));
  });

  it('may come from a web page, which can read the headers it needs', async () => {
    const headers = { origin: 'http://page.example' };
    const preflight = await ask(api.url, 'OPTIONS /v1/movies/m12/vote', {
      headers: {
        ...headers,
        'access-control-request-method': 'PUT',
        'access-control-request-headers': 'authorization,content-type,idempotency-key',
      },
    });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get('access-control-allow-methods')).toContain('PUT');
    const answer = await send('PUT /v1/movies/m12/vote', { body: { vote: 'like' }, headers });
    expect(answer.headers.get('access-control-allow-origin')).toBe('*');
    expect(answer.headers.get('access-control-expose-headers')).toContain('Consistency-Token');
  });
});

it('operators can ask whether it is alive and ready, and for metrics', async () => {
  expect(await ask(api.url, 'GET /healthz')).toMatchObject({ status: 200 });
  const { status, body } = await ask<Ready>(api.operationsUrl, 'GET /readyz');
  expect(status).toBe(200);
  expect(body.details.lanes.map(({ lane, open }) => [lane, open])).toEqual([
    [0, true],
    [1, true],
    [2, true],
  ]);
  const { body: metrics } = await ask<string>(api.operationsUrl, 'GET /metrics');
  expect(metrics).toMatch(/http_request_duration_seconds_count\{.*"\/v1\/movies\/:movieId\/vote"/);
});
type Ready = { details: { lanes: { lane: number; open: boolean }[] } };
