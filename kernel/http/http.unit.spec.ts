import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { signToken } from '../auth/tokens.ts';
import { type KernelProblemCode, kernelProblems } from '../problems.ts';
import { exampleApp, secret } from '../testing/example-app.ts';
import { createApp, finish } from './app.ts';
import { type Listening, listen } from './listen.ts';

let server: Listening;
let operator: Record<string, string>;

beforeAll(async () => {
  server = await listen(exampleApp(), { host: '127.0.0.1', port: 0 });
  const token = { user: 'alice', secret, ttlSeconds: 60 };
  operator = { authorization: `Bearer ${await signToken({ ...token, roles: ['operator'] })}` };
});
afterAll(() => server.close());

const ask = (path: string, init: RequestInit = {}) => fetch(`${server.url}${path}`, init);

const scan = (
  body: RequestInit['body'],
  headers: Record<string, string> = {},
  path = '/parcels/p1',
) =>
  ask(path, {
    method: 'PUT',
    headers: { ...operator, 'content-type': 'application/json', ...headers },
    body: body ?? null,
    ...(body instanceof ReadableStream && { duplex: 'half' }),
  });

/** Lets each byte travel alone. */
const bytesApart = () =>
  new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      for (const byte of chunk) controller.enqueue(Uint8Array.of(byte));
    },
  });

/** Checks that an answer is a whole problem, and gives it. */
async function problem(asked: Promise<Response>) {
  const answer = await asked;
  const { status, headers } = answer;
  const body = (await answer.json()) as Body;
  expect(headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
  const { title } = kernelProblems[body.code];
  expect(body).toMatchObject({ type: `/problems/${body.code}`, title, status });
  expect(status).toBe(kernelProblems[body.code].status);
  expect(body.requestId).toBe(headers.get('x-request-id'));
  expect(body.detail).toMatch(/\S/);
  return { ...body, headers };
}
type Body = {
  code: KernelProblemCode;
  detail: string;
  requestId: string;
  errors?: { path: string; message: string }[];
};

describe('a request', () => {
  it('is answered when it is right', async () => {
    const answer = await scan('{"condition":"whole"}');
    expect(answer.status).toBe(200);
    expect(await answer.json()).toEqual({ parcelId: 'p1', condition: 'whole' });
  });

  const text = '{"condition":"whole","note":{"text":"h\u00e9 \ud83d\udce6"}}';
  it.each([
    ['compressed', gzipSync(text), { 'content-encoding': 'gzip' }],
    ['with a byte order mark', `\ufeff${text}`, {}],
    ['with a charset', text, { 'content-type': 'application/json; charset="UTF-8"' }],
    ['in many pieces', new Blob([text]).stream().pipeThrough(bytesApart()), {}],
  ] as const)('is read when its body comes %s', async (_, body, headers) => {
    const answer = await scan(body, headers);
    expect(await answer.json()).toEqual({ parcelId: 'p1', ...JSON.parse(text) });
  });

  it('keeps its ids, and gets new ones for missing or broken ones', async () => {
    const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
    const kept = await ask('/parcels', { headers: { 'x-request-id': 'abc', traceparent } });
    expect(kept.headers.get('x-request-id')).toBe('abc');
    expect(kept.headers.get('traceparent')).toBe(traceparent);
    const made = await ask('/parcels', {
      headers: { 'x-request-id': 'a b', traceparent: '00-0-0' },
    });
    expect(made.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
    expect(made.headers.get('traceparent')).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
  });

  it('is answered 304 when its client has the same already', async () => {
    const first = await ask('/parcels');
    const etag = first.headers.get('etag') ?? '';
    expect(etag).toMatch(/^W\//);
    const again = await ask('/parcels', { headers: { 'if-none-match': etag } });
    expect(again.status).toBe(304);
    expect(await again.text()).toBe('');
  });

  it('by HEAD is answered like GET, without the body', async () => {
    const answer = await ask('/parcels', { method: 'HEAD' });
    expect(answer.status).toBe(200);
    expect(await answer.text()).toBe('');
    expect((await ask('/nowhere', { method: 'HEAD' })).status).toBe(404);
  });

  it('may come from any web page, and the page may read the headers it needs', async () => {
    const { headers } = await ask('/parcels', { headers: { origin: 'http://page.example' } });
    expect(headers.get('access-control-allow-origin')).toBe('*');
    const exposed =
      'Consistency-Token,ETag,Location,Retry-After,X-Request-Id,RateLimit,RateLimit-Policy,' +
      'Idempotent-Replayed,Deprecation,Sunset,Link';
    expect(headers.get('access-control-expose-headers')).toBe(exposed);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
  });
});

describe('browsers', () => {
  it.each([
    [0, null],
    [3_600, 'max-age=3600'],
  ])('are told to use HTTPS for %i seconds as it is set', async (hstsSeconds, header) => {
    const logger = pino({ level: 'silent' });
    const options = { service: 'example', logger, registry: new Registry(), hstsSeconds };
    const app = finish(createApp(options), { logger });
    const secured = await listen(app, { host: '127.0.0.1', port: 0 });
    const { headers } = await fetch(secured.url);
    expect(headers.get('strict-transport-security')).toBe(header);
    await secured.close();
  });
});

describe('a request is refused', () => {
  it('where there is no route', async () => {
    expect((await problem(ask('/nowhere'))).code).toBe('route-unknown');
    expect((await problem(ask('/%ZZ'))).code).toBe('route-unknown');
  });

  it('where the route has another method, and says which', async () => {
    const refused = await problem(ask('/parcels/p1', { method: 'POST' }));
    expect(refused.code).toBe('method-not-allowed');
    expect(refused.headers.get('allow')).toBe('PUT');
    const health = await problem(ask('/healthz', { method: 'DELETE' }));
    expect(health.headers.get('allow')).toBe('GET, HEAD');
  });

  it('first for its route, then token, role, size, type, and last for its input', async () => {
    const bad = { method: 'PUT', body: 'x'.repeat(1001), headers: { 'content-type': 'a/b' } };
    expect((await problem(ask('/parcel', bad))).code).toBe('route-unknown');
    const unknown = await problem(ask('/parcels/1', bad));
    expect(unknown.code).toBe('unauthorized');
    expect(unknown.headers.get('www-authenticate')).toBe('Bearer');
    const roleless = await signToken({ user: 'a', roles: [], secret, ttlSeconds: 60 });
    const authorization = `Bearer ${roleless}`;
    const forbidden = await problem(scan(bad.body, { authorization }, '/parcels/1'));
    expect(forbidden.code).toBe('forbidden');
    expect(forbidden.headers.get('www-authenticate')).toMatch(/insufficient_scope/);
    const type = { 'content-type': 'a/b' };
    expect((await problem(scan(bad.body, type, '/parcels/1'))).code).toBe('body-too-large');
    expect((await problem(scan('x', type, '/parcels/1'))).code).toBe('media-type-unsupported');
    expect((await problem(scan('x', {}, '/parcels/1'))).code).toBe('malformed-json');
    expect((await problem(scan('{}', {}, '/parcels/1'))).code).toBe('invalid-input');
  });

  it('for a bad token, with the reason', async () => {
    const refused = await problem(scan('{}', { authorization: 'Bearer nonsense' }));
    expect(refused.headers.get('www-authenticate')).toMatch(/^Bearer error="invalid_token"/);
  });

  it.each([
    ['no body', null, {}, 'invalid-input'],
    ['half a body', '{"condition":', {}, 'malformed-json'],
    ['a bare word', 'whole', {}, 'malformed-json'],
    ['a list', '[]', {}, 'invalid-input'],
    [
      'bytes that are not UTF-8',
      Buffer.from('{"condition":"\xff"}', 'latin1'),
      {},
      'malformed-json',
    ],
    ['another charset', '{}', { 'content-type': 'application/json;charset=x' }, undefined],
    ['an unknown compression', '{}', { 'content-encoding': 'x' }, 'media-type-unsupported'],
    ['broken compression', '{}', { 'content-encoding': 'gzip' }, 'invalid-input'],
    ['a form', 'condition=whole', { 'content-type': 'text/plain' }, 'media-type-unsupported'],
  ] as const)('for %s', async (_, body, headers, code = 'media-type-unsupported') => {
    expect((await problem(scan(body, headers))).code).toBe(code);
  });

  it('for a body that never ends, without reading on', async () => {
    const endless = new ReadableStream({
      pull: (controller) => controller.enqueue(new Uint8Array(400).fill(32)),
    });
    const refused = await problem(scan(endless));
    expect(refused.code).toBe('body-too-large');
  });

  it('for a body that does not arrive in time', async () => {
    const slow = new ReadableStream({
      start: (controller) => controller.enqueue(Buffer.from('{')),
    });
    expect((await problem(scan(slow))).code).toBe('request-timeout');
  });

  it('for each wrong field, named by its path', async () => {
    const body = '{"condition":"lost","note":{"texts":1},"__proto__":{"a":1},"parcelId":"p2"}';
    const { errors } = await problem(scan(body, {}, '/parcels/p1?why=1'));
    expect(errors).toEqual([
      { path: 'parcelId', message: 'is not the one in the path' },
      { path: 'why', message: 'is not known here' },
      { path: 'condition', message: 'has to be one of whole, damaged' },
      { path: 'note.text', message: 'is required' },
      { path: 'note.texts', message: 'is not known here' },
      { path: '__proto__', message: 'is not known; known: parcelId, condition, note' },
    ]);
  });

  it.each([
    ['an unknown parameter', '/parcels?deopt=d1', 'deopt'],
    ['a repeated parameter', '/parcels?limit=1&limit=2', 'limit'],
    ['a parameter of the wrong type', '/parcels?limit=many', 'limit'],
    ['a NUL byte', '/parcels?depot=a%00b', 'depot'],
    ['a polluting parameter', '/parcels?__proto__=1', '__proto__'],
  ])('for %s in the query', async (_, path, field) => {
    const { code, errors } = await problem(ask(path));
    expect(code).toBe('invalid-input');
    expect(errors?.map((error) => error.path)).toEqual([field]);
  });

  it('for a broken %-sequence in path or query', async () => {
    expect((await problem(ask('/parcels?depot=%E0%A4%A'))).code).toBe('invalid-input');
    expect((await problem(scan('{}', {}, '/parcels/%ff'))).code).toBe('invalid-input');
  });

  it('for headers that are too large', async () => {
    const answer = await ask('/parcels', { headers: { 'x-large': 'x'.repeat(20_000) } });
    expect(answer.status).toBe(431);
    expect(await answer.json()).toMatchObject({ code: 'headers-too-large', status: 431 });
  });

  it('for not being HTTP at all', async () => {
    const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
    socket.end('GARBAGE\r\n\r\n');
    const chunks = await socket.toArray();
    expect(Buffer.concat(chunks).toString()).toMatch(/^HTTP\/1.1 400 .*"malformed-request"/s);
  });
});

describe('a thrown error', () => {
  it.each(Object.keys(kernelProblems))(
    'with the code %s is answered as in the table',
    async (code) => {
      const answered = await problem(ask(`/problems/${code}`));
      expect(answered.code).toBe(code);
      const { status } = kernelProblems[code as KernelProblemCode];
      const retryAfter = status === 503 || status === 429 ? '1' : null;
      expect(answered.headers.get('retry-after')).toBe(retryAfter);
      expect(answered.headers.get('cache-control')).toBe('no-store');
    },
  );

  it('that is a bug is a 500 that reveals nothing of the inside', async () => {
    const { code, detail } = await problem(ask('/bug'));
    expect(code).toBe('internal-error');
    expect(detail).not.toMatch(/internals/);
  });

  it('after half an answer cuts the connection', async () => {
    await expect(ask('/half').then((answer) => answer.text())).rejects.toThrow();
  });

  it('is never a 500 for any body', async () => {
    const bodies = fc.oneof(fc.json(), fc.string(), fc.uint8Array());
    await fc.assert(
      fc.asyncProperty(bodies, async (body) => {
        const answer = await scan(body as string);
        expect(answer.status).toBeOneOf([200, 400]);
        await answer.arrayBuffer();
      }),
    );
  });

  it('is never a 500 for any query or path', async () => {
    const texts = fc.string({ unit: 'binary' }).map((text) => text.toWellFormed());
    const queries = fc.oneof(texts.map(encodeURI), fc.webQueryParameters(), fc.webPath());
    await fc.assert(
      fc.asyncProperty(queries, async (text) => {
        for (const path of [`/parcels?${text}`, `/parcels/${text}`]) {
          const answer = await ask(path);
          expect(answer.status).toBeOneOf([200, 400, 404, 405]);
          await answer.arrayBuffer();
        }
      }),
    );
  });
});
