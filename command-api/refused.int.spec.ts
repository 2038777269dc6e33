import { createHmac, generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import { request } from 'node:http';
import { signToken } from '@event-sourced/kernel/auth';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Asked, ask, type Done, doneOf, problemOf, up } from '#tests/answers.ts';
import { type CommittedEvents, committedEvents } from '#tests/committed-events.ts';
import { type Service, type System, startSystem } from '#tests/system.ts';

/** Bad input gets a clear problem, and leaves nothing in the log. */

let system: System;
let api: Service;
let log: CommittedEvents;
let both: Record<string, string>;
let sent: number;

beforeAll(async () => {
  system = await startSystem('refused');
  api = await system.start('command-api');
  log = await committedEvents(system);
  both = await system.as('alice', 'viewer', 'catalogue');
  await send('PUT /v1/movies/m1', { body: up });
  await send('PUT /v1/movies/retired', { body: up });
  await send('DELETE /v1/movies/retired');
});

afterAll(async () => {
  await log?.close();
  await system?.stop();
});

const send = (route: string, { body, headers }: Asked = {}) =>
  ask<Done>(api.url, route, { body, headers: { ...both, ...headers } });

const vote = 'PUT /v1/movies/m1/vote';
const like = { vote: 'like' };

describe('a bad request is refused, and nothing is appended', () => {
  beforeEach(async () => {
    sent = (await log.all()).length;
  });
  afterEach(async () => {
    expect(await log.all()).toHaveLength(sent);
  });

  describe('400: a body that can’t be read', () => {
    it.each<[string, string | Uint8Array, string]>([
      ['half an object', '{"vote":', 'malformed-json'],
      ['a bare word', 'like', 'malformed-json'],
      ['a list', '[{"vote":"like"}]', 'invalid-input'],
      ['nothing but spaces', '  ', 'malformed-json'],
      ['bytes that are not UTF-8', Buffer.from('{"vote":"lik\xe9"}', 'latin1'), 'malformed-json'],
      ['an unescaped control character', '{"vote":"like\n"}', 'malformed-json'],
    ])('%s', async (_, body, code) => {
      problemOf(await send(vote, { body }), code);
    });

    it('no body at all', async () => {
      const { errors } = problemOf(await send(vote), 'invalid-input');
      expect(errors?.map(({ path }) => path)).toEqual(['vote']);
    });
  });

  describe('400: wrong fields, each named by its path', () => {
    it.each<[string, object, string[]]>([
      ['a missing field', { title: undefined }, ['title']],
      ['several wrong fields', { year: '2009', rating: 11 }, ['year', 'rating']],
      ['text for a list', { genres: 'Drama' }, ['genres']],
      ['a number in a list of texts', { genres: ['Drama', 7] }, ['genres.1']],
      ['an empty list of genres', { genres: [] }, ['genres']],
      ['too many genres', { genres: Array.from({ length: 11 }, (_, n) => `g${n}`) }, ['genres']],
      ['a genre twice', { genres: ['Drama', 'drama'] }, ['genres']],
      ['a genre with a comma', { genres: ['Drama,Crime'] }, ['genres.0']],
      ['too many actors', { actors: Array.from({ length: 51 }, () => 'A') }, ['actors']],
      ['a field that does not exist', { titel: 'Up' }, ['titel']],
      ['text that is too long', { title: 'x'.repeat(301) }, ['title']],
      ['text of spaces only', { director: '   ' }, ['director']],
      ['half a year', { year: 2009.5 }, ['year']],
      ['a year out of range', { year: 1869 }, ['year']],
      ['a number that no double holds', { ratingVotes: 2 ** 53 }, ['ratingVotes']],
      ['a rating below 0', { rating: -0.1 }, ['rating']],
      ['null for what is required', { rating: null }, ['rating']],
      ['a control character', { description: 'a\u0000b' }, ['description']],
      ['a line break in a title', { title: 'a\nb' }, ['title']],
      ['a C1 control character', { title: 'a\u0085b' }, ['title']],
      ['a control character in a list', { actors: ['A', 'B\u0007'] }, ['actors.1']],
      ['an object for a text', { title: { $ne: 1 } }, ['title']],
      ['another id than the path has', { movieId: 'm2' }, ['movieId']],
    ])('%s', async (_, change, paths) => {
      const { errors } = problemOf(
        await send('PUT /v1/movies/m1', { body: { ...up, rating: 1, ...change } }),
        'invalid-input',
      );
      expect(errors?.map(({ path }) => path)).toEqual(paths);
      for (const { message } of errors ?? []) expect(message).toMatch(/\S/);
    });

    // Avro would write U+FFFD in place of such halves, so the event would differ from the request.
    it.each([
      ['the first half of a pair', 'a\\ud800b', 'title'],
      ['the second half of a pair', 'a\\udc00b', 'title'],
      ['a pair the wrong way round', '\\udc00\\ud800', 'director'],
    ])('half a character: %s', async (_, escaped, field) => {
      const { [field as 'title']: __, ...others } = { ...up, rating: 1 };
      const body = JSON.stringify(others).replace('{', `{"${field}":"${escaped}",`);
      const { errors } = problemOf(await send('PUT /v1/movies/m1', { body }), 'invalid-input');
      expect(errors?.map(({ path }) => path)).toEqual([field]);
    });

    it.each<[string, string, string]>([
      ['a number that is infinite', '"rating":1e999', 'rating'],
      ['a polluting key', '"__proto__":{"title":"x"}', '__proto__'],
      ['a constructor', '"constructor":{"prototype":{}}', 'constructor'],
    ])('%s', async (_, member, path) => {
      const { rating, ...others } = up;
      const rest = path === 'rating' ? others : { ...others, rating: 1 };
      const body = JSON.stringify(rest).replace('{', `{${member},`);
      const { errors } = problemOf(await send('PUT /v1/movies/m1', { body }), 'invalid-input');
      expect(errors?.map((error) => error.path)).toEqual([path]);
    });

    it('an invalid vote', async () => {
      for (const body of [{ vote: 'love' }, { vote: true }, { vote: null }, { vote: ['like'] }]) {
        const { errors } = problemOf(await send(vote, { body }), 'invalid-input');
        expect(errors?.map(({ path }) => path)).toEqual(['vote']);
      }
      const more = { vote: 'like', userId: 'bob' };
      const { errors } = problemOf(await send(vote, { body: more }), 'invalid-input');
      expect(errors?.map(({ path }) => path)).toEqual(['userId']);
    });

    it.each([
      ['a character that no id has', '/v1/movies/m%201/vote', 'movieId'],
      ['an escaped slash', '/v1/movies/a%2Fb/vote', 'movieId'],
      ['an id that is too long', `/v1/movies/${'x'.repeat(65)}/vote`, 'movieId'],
      ['an unknown query parameter', '/v1/movies/m1/vote?force=true', 'force'],
    ])('%s', async (_, path, field) => {
      for (const asked of [{ method: 'PUT', body: like }, { method: 'DELETE' }]) {
        const answer = await send(`${asked.method} ${path}`, { body: asked.body });
        const { errors } = problemOf(answer, 'invalid-input');
        expect(errors?.map((error) => error.path)).toContain(field);
      }
    });

    it('a broken %-sequence', async () => {
      problemOf(await send('PUT /v1/movies/%ff/vote', { body: like }), 'invalid-input');
      problemOf(await send(`${vote}?consistency=%E0%A4%A`, { body: like }), 'invalid-input');
    });
  });

  describe('400: wrong headers', () => {
    it.each([
      ['If-Match without quotes', { 'if-match': '1' }],
      ['a weak If-Match', { 'if-match': 'W/"1"' }],
      ['If-Match with a weak ETag among versions', { 'if-match': '"1", W/"1"' }],
      ['If-Match with versions that are not separated', { 'if-match': '"1" "2"' }],
      ['If-None-Match with a version', { 'if-none-match': '"1"' }],
      ['If-Match and If-None-Match', { 'if-match': '*', 'if-none-match': '*' }],
      ['If-Match with text', { 'if-match': '"one"' }],
      ['If-Match with a negative version', { 'if-match': '"-1"' }],
      ['an empty If-Match', { 'if-match': '' }],
      ['an empty Idempotency-Key', { 'idempotency-key': '' }],
      ['an Idempotency-Key that is too long', { 'idempotency-key': 'x'.repeat(256) }],
      ['an Idempotency-Key that is not ASCII', { 'idempotency-key': 'clé' }],
      ['an Idempotency-Key with a tab', { 'idempotency-key': 'a\tb' }],
    ])('%s', async (_, headers) => {
      const { errors } = problemOf(await send(vote, { body: like, headers }), 'invalid-input');
      expect(errors).toHaveLength(1);
      expect(errors?.[0]?.path).toMatch(/^(If-Match|If-None-Match|Idempotency-Key)$/);
    });

    const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
    it.each([
      ['is nonsense', 'nonsense'],
      ['is of another log', encoded(['another-log', { 'movies:0': 1 }])],
      ['has no offsets', encoded(['another-log'])],
      ['has an invalid offset', encoded(['another-log', { 'movies:0': -1 }])],
      ['is followed by an invalid one', `${encoded(['another-log', {}])},x`],
      ['is JSON that is not encoded', '["another-log",{}]'],
    ])('a consistency token that %s', async (_, token) => {
      const inHeader = { body: like, headers: { 'consistency-token': token } };
      problemOf(await send(vote, inHeader), 'invalid-token');
      const inQuery = `${vote}?consistency=${encodeURIComponent(token)}`;
      problemOf(await send(inQuery, { body: like }), 'invalid-token');
    });
  });

  describe('401: a bearer token that is', () => {
    const base64 = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const seconds = () => Math.floor(Date.now() / 1_000);
    const claims = () => ({ sub: 'eve', roles: ['viewer'], exp: seconds() + 300 });
    const secretOf = () => system.settings.AUTH_SECRET as string;
    const jwt = (payload: object, secret = secretOf(), header: object = { alg: 'HS256' }) => {
      const content = `${base64(header)}.${base64(payload)}`;
      return `${content}.${createHmac('sha256', secret).update(content).digest('base64url')}`;
    };
    const ofRsa = () => {
      const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
      const content = `${base64({ alg: 'RS256' })}.${base64(claims())}`;
      return `${content}.${sign('sha256', Buffer.from(content), privateKey).toString('base64url')}`;
    };

    it.each<[string, () => string | Promise<string>]>([
      ['expired', () => jwt({ ...claims(), exp: seconds() - 31 })],
      ['not valid yet', () => jwt({ ...claims(), nbf: seconds() + 120 })],
      ['not signed (alg none)', () => `${base64({ alg: 'none' })}.${base64(claims())}.`],
      ['signed with another key', () => jwt(claims(), randomUUID() + randomUUID())],
      ['signed in another way', () => ofRsa()],
      ['signed by another hash', () => jwt(claims(), secretOf(), { alg: 'HS512' })],
      ['without an expiry', () => jwt({ ...claims(), exp: undefined })],
      ['without a user', () => jwt({ ...claims(), sub: undefined })],
      ['of a user without a name', () => jwt({ ...claims(), sub: '' })],
      ['of a user with a long name', () => jwt({ ...claims(), sub: 'x'.repeat(129) })],
      ['of a user with a control character', () => jwt({ ...claims(), sub: 'e\u0000ve' })],
      ['of a user with half a character', () => jwt({ ...claims(), sub: 'e\ud800' })],
      ['of a user whose name ends in a space', () => jwt({ ...claims(), sub: 'eve ' })],
      ['an ID token', () => jwt({ ...claims(), nonce: 'n-0S6_WzA2Mj' })],
      ['without a list of roles', () => jwt({ ...claims(), roles: 'viewer' })],
      ['changed after it was signed', () => jwt(claims()).replace(/\.[^.]+\./, `.${base64({})}.`)],
      ['nonsense', () => 'nonsense'],
    ])('%s', async (_, tokenOf) => {
      const authorization = `Bearer ${await tokenOf()}`;
      const answer = await ask(api.url, vote, { body: like, headers: { authorization } });
      problemOf(answer, 'unauthorized');
      expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer error="invalid_token"/);
    });

    it('absent, or of another scheme', async () => {
      const absent = await ask(api.url, vote, { body: like });
      problemOf(absent, 'unauthorized');
      expect(absent.headers.get('www-authenticate')).toBe('Bearer');
      const headers = { authorization: 'Basic YTpi' };
      problemOf(await ask(api.url, vote, { body: like, headers }), 'unauthorized');
    });
  });

  it.each([
    ['PUT /v1/movies/m1/vote', 'catalogue', 'viewer'],
    ['DELETE /v1/movies/m1/vote', 'support', 'viewer'],
    ['PUT /v1/movies/m1', 'viewer', 'catalogue'],
    ['DELETE /v1/movies/m1', 'operator', 'catalogue'],
  ] as const)('403: %s by a %s', async (route, role, needed) => {
    const answer = await ask(api.url, route, { headers: await system.as('eve', role) });
    expect(problemOf(answer, 'forbidden').detail).toContain(needed);
    const nothing = await ask(api.url, route, { headers: await system.as('eve') });
    problemOf(nothing, 'forbidden');
  });

  it.each([
    ['PUT /v1/movies/unknown/vote', { body: like }],
    ['DELETE /v1/movies/unknown/vote', {}],
    ['DELETE /v1/movies/unknown', {}],
  ])('404: %s, an unknown movie', async (route, asked) => {
    expect(problemOf(await send(route, asked), 'movie-unknown').detail).toContain('unknown');
  });

  it.each(['GET /', 'PUT /v1/movie/m1', 'PUT /v1/movies/m1/votes', 'POST /v2/movies:import'])(
    '404: %s, a route that is none',
    async (route) => void problemOf(await ask(api.url, route), 'route-unknown'),
  );

  it.each([
    ['POST /v1/movies/m1/vote', 'DELETE, PUT'],
    ['GET /v1/movies/m1', 'DELETE, PUT'],
    ['PATCH /v1/movies/m1', 'DELETE, PUT'],
    ['PUT /v1/movies:import', 'POST'],
    ['POST /readyz', 'GET, HEAD'],
  ])('405: %s, with the allowed methods', async (route, allow) => {
    const answer = await ask(api.url, route);
    problemOf(answer, 'method-not-allowed');
    expect(answer.headers.get('allow')).toBe(allow);
  });

  it('409: commands that a retired movie does not take', async () => {
    problemOf(await send('PUT /v1/movies/retired/vote', { body: like }), 'movie-retired');
    problemOf(await send('PUT /v1/movies/retired', { body: up }), 'movie-retired');
  });

  it('412: another version than the expected one, and the answer names it', async () => {
    const headers = { 'if-match': '"7"' };
    const change = await send('PUT /v1/movies/m1', { body: { ...up, rating: 1 }, headers });
    expect(problemOf(change, 'version-mismatch').detail).toContain('1');
    problemOf(await send(vote, { body: like, headers }), 'version-mismatch');
    problemOf(await send('DELETE /v1/movies/m1', { headers }), 'version-mismatch');
  });

  describe('413: a body of more than 64 KiB', () => {
    const tooMuch = 64 * 1024 + 1;

    it('with a Content-Length', async () => {
      const answer = await send(vote, { body: ' '.repeat(tooMuch) });
      problemOf(answer, 'body-too-large');
    });

    it('in pieces: a client that first sends the whole body gets the answer', async () => {
      const pieces = Array.from({ length: 500 }, () => new Uint8Array(10_000).fill(32));
      problemOf(await send(vote, { body: ReadableStream.from(pieces) }), 'body-too-large');
    });

    it('without an end: the request is answered, and then cut off', async () => {
      const upload = request(`${api.url}/v1/movies/m1/vote`, {
        method: 'PUT',
        headers: { ...both, 'content-type': 'application/json' },
      });
      upload.on('error', () => undefined);
      // Not by `once` of node:events, which would fail if cutting off emits an error.
      const cutOff = new Promise((resolve) => upload.once('close', resolve));
      let status: number | undefined;
      upload.once('response', (answer) => {
        status = answer.statusCode;
        answer.resume();
      });
      const more = setInterval(() => upload.write(' '.repeat(10_000)), 5);
      await cutOff;
      clearInterval(more);
      expect(status).toBe(413);
    });

    it('64 KiB are accepted', async () => {
      const body = JSON.stringify(up).padEnd(tooMuch - 1);
      doneOf(await send('PUT /v1/movies/m1', { body }), { unchanged: true });
    });
  });

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'application/json;charset=klingon'])(
    '415: a body of the type %s',
    async (type) => {
      const headers = { 'content-type': type };
      problemOf(await send(vote, { body: '{"vote":"like"}', headers }), 'media-type-unsupported');
    },
  );

  it('415: a body of no type, or compressed in an unknown way', async () => {
    const untyped = { body: Buffer.from('{"vote":"like"}'), headers: { 'content-type': '' } };
    problemOf(await send(vote, untyped), 'media-type-unsupported');
    const compressed = { body: like, headers: { 'content-encoding': 'snail' } };
    problemOf(await send(vote, compressed), 'media-type-unsupported');
  });
});

it('422: an Idempotency-Key used before with another body', async () => {
  const headers = { 'idempotency-key': 'a key' };
  doneOf(await send(vote, { body: like, headers }), { events: ['VoteCast'] });
  const appended = await log.during(async () => {
    problemOf(await send(vote, { body: { vote: 'dislike' }, headers }), 'key-reused');
  });
  expect(appended).toEqual([]);
  // The same key with another user, movie or command is another key.
  const bob = await system.as('bob', 'viewer');
  const other = { body: { vote: 'dislike' }, headers: { ...headers, ...bob } };
  doneOf(await send(vote, other), { events: ['VoteCast'] });
  doneOf(await send('DELETE /v1/movies/m1/vote', { headers }), { events: ['VoteRetracted'] });
});

describe('the checks come in one order', () => {
  /** A request with every fault, from the outside in: each step corrects one fault. */
  it('route, method, token, role, size, type, body, movie, key, version, state', async () => {
    const key = { 'idempotency-key': 'in order' };
    const done = { movieId: 'order', body: like, headers: key };
    await send(`PUT /v1/movies/${done.movieId}`, { body: up });
    doneOf(await send(`PUT /v1/movies/${done.movieId}/vote`, done), { version: 1 });
    await send(`DELETE /v1/movies/${done.movieId}`);

    const viewer = await system.as('alice', 'viewer');
    const support = await system.as('alice', 'support');
    const wrong = { ...key, 'if-match': '"7"' };
    const badly = { ...key, 'if-match': 'seven' };
    const form = { 'content-type': 'text/plain' };
    const huge = `{"vote": ${' '.repeat(64 * 1024)}`;
    const json = { 'content-type': 'application/json' };
    const other = '{"vote":"dislike"}';
    const known = `PUT /v1/movies/${done.movieId}/vote`;
    const unknown = 'PUT /v1/movies/nobody/vote';
    const bad = 'PUT /v1/movies/no%20id/vote';
    const steps: [string, string, Record<string, string>, string][] = [
      ['POST /v1/no%20id', huge, { ...badly, ...form }, 'route-unknown'],
      ['POST /v1/movies/no%20id/vote', huge, { ...badly, ...form }, 'method-not-allowed'],
      [bad, huge, { ...badly, ...form }, 'unauthorized'],
      [bad, huge, { ...badly, ...form, ...support }, 'forbidden'],
      [bad, huge, { ...badly, ...form, ...viewer }, 'body-too-large'],
      [bad, '{"vote":', { ...badly, ...form, ...viewer }, 'media-type-unsupported'],
      [bad, '{"vote":', { ...badly, ...json, ...viewer }, 'malformed-json'],
      [bad, '{}', { ...badly, ...json, ...viewer }, 'invalid-input'],
      [unknown, other, { ...badly, ...json, ...viewer }, 'invalid-input'],
      [unknown, other, { ...wrong, ...json, ...viewer }, 'movie-unknown'],
      [known, other, { ...wrong, ...json, ...viewer }, 'key-reused'],
      [known, other, { 'if-match': '"7"', ...json, ...viewer }, 'version-mismatch'],
      [known, other, { 'if-match': '"1"', ...json, ...viewer }, 'movie-retired'],
    ];
    const appended = await log.during(async () => {
      for (const [route, body, headers, code] of steps) {
        problemOf(await ask(api.url, route, { body, headers }), code);
      }
    });
    expect(appended).toEqual([]);
    // The key of a command that was done gets its first answer, whatever has happened since.
    const again = await send(known, { body: like, headers: wrong });
    doneOf(again, { version: 1, events: ['VoteCast'], unchanged: false });
  });
});

it('a token that expires during a session is refused from then on', async () => {
  const secret = system.settings.AUTH_SECRET as string;
  const asked = { user: 'dan', roles: ['viewer'] as const, secret };
  // 30 s of skew are allowed: the first token is accepted, the second is not.
  const headersFor = async (ttlSeconds: number) => ({
    authorization: `Bearer ${await signToken({ ...asked, ttlSeconds })}`,
  });
  doneOf(await send(vote, { body: like, headers: await headersFor(-20) }));
  problemOf(await send(vote, { body: like, headers: await headersFor(-31) }), 'unauthorized');
});
