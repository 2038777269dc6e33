import { Agent, type IncomingHttpHeaders, request } from 'node:http';
import { text } from 'node:stream/consumers';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { problemTypeNamed, up } from '#tests/answers.ts';
import { type Service, type System, startSystem } from '#tests/system.ts';

/** No input breaks the API: each gets a good answer, or a complete problem below 500. */

let system: System;
let api: Service;
let alice: Record<string, string>;
const agent = new Agent({ keepAlive: true });

beforeAll(async () => {
  system = await startSystem('any-input');
  api = await system.start('command-api');
  alice = await system.as('alice', 'viewer', 'catalogue', 'support', 'operator');
  await sent('PUT', '/v1/movies/m1', { ...alice, ...json }, JSON.stringify(up));
});

afterAll(async () => {
  agent.destroy();
  await system?.stop();
});

const json = { 'content-type': 'application/json' };
const ndjson = { 'content-type': 'application/x-ndjson', 'idempotency-key': 'any' };

type Answer = { status: number; headers: IncomingHttpHeaders; body: string };

/** Sends a request; unlike `fetch`, it leaves paths and headers as they are. */
function sent(
  method: string,
  path: string,
  given: Record<string, string>,
  body: string | Uint8Array,
): Promise<Answer> {
  // Node would send the body of a GET or DELETE without its length.
  const headers = { ...given, 'content-length': Buffer.byteLength(body) };
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(api.url);
    const asked = request({ hostname, port, agent, method, path, headers }, async (answer) => {
      const { statusCode: status = 0, headers } = answer;
      resolve({ status, headers, body: await text(answer) });
    });
    asked.on('error', reject);
    asked.end(body);
  });
}

function expectSound({ status, headers, body }: Answer, method = 'PUT'): void {
  expect(status).toBeLessThan(500);
  if (status < 400) return;
  expect(headers['content-type']).toBe('application/problem+json; charset=utf-8');
  if (method === 'HEAD') return;
  const problem = JSON.parse(body) as { code: string; detail: string; requestId: string };
  expect(problem).toMatchObject({ status, type: `/problems/${problem.code}` });
  expect(problemTypeNamed(problem.code).status).toBe(status);
  expect(problem.detail).toMatch(/\S/);
  expect(problem.requestId).toBe(headers['x-request-id']);
}

const runs = { numRuns: 300 };
const anyText = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' }));
const anyValue = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<unknown>,
  anyText,
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.maxSafeInteger(),
  fc.constantFrom('\ud800', '\u0000', -0, 1e308, '__proto__', [], {}),
);

/** A movie in which some fields have arbitrary values. */
const almostMovie = fc
  .dictionary(
    fc.oneof(fc.constantFrom(...Object.keys(up), '__proto__', 'movieId'), anyText),
    anyValue,
    {
      maxKeys: 3,
    },
  )
  .map((change) => JSON.stringify({ ...up, ...change }));

const anyBody = fc.oneof(fc.json(), almostMovie, anyText, fc.uint8Array({ maxLength: 200 }));

describe('the API is not broken', () => {
  it('by any body of any command', async () => {
    const route = fc.constantFrom<[string, string]>(
      ['PUT', '/v1/movies/m1'],
      ['PUT', '/v1/movies/m1/vote'],
      ['DELETE', '/v1/movies/m2'],
      ['POST', '/internal/commands/put-movie'],
      ['POST', '/internal/commands/vote-asserts-listed-movie'],
    );
    await fc.assert(
      fc.asyncProperty(route, anyBody, async ([method, path], body) => {
        expectSound(await sent(method, path, { ...alice, ...json }, body));
      }),
      runs,
    );
  });

  it('by any lines of an import', async () => {
    const lines = fc.array(fc.oneof(fc.json(), almostMovie, anyText), { maxLength: 5 });
    const anyImport = fc.oneof(
      lines.map((list) => list.join('\n')),
      fc.uint8Array({ maxLength: 200 }),
    );
    await fc.assert(
      fc.asyncProperty(anyImport, async (body) => {
        const answer = await sent('POST', '/v1/movies:import', { ...alice, ...ndjson }, body);
        expect(answer.status).toBe(200);
        const results = answer.body.trimEnd().split('\n');
        const read = results.map((line) => JSON.parse(line) as { code?: string });
        expect(read.at(-1)).toMatchObject({ done: true });
        for (const { code } of read) {
          if (code) expect(problemTypeNamed(code).status).toBeLessThan(500);
        }
      }),
      runs,
    );
  });

  it('by any path, method and query', async () => {
    const printable = fc.string({ unit: fc.integer({ min: 0x21, max: 0xff }).map(latin) });
    const segment = fc.oneof(
      fc.constantFrom('v1', 'movies', 'movies:import', 'm1', 'vote', '..', '.', '', '%00', '%2F'),
      fc.constantFrom('internal', 'commands', 'put-movie', '__proto__', 'constructor', 'readyz'),
      anyText.map((any) => encodeURIComponent(any.toWellFormed())),
      printable,
    );
    const path = fc
      .tuple(fc.array(segment, { maxLength: 5 }), fc.option(printable))
      .map(([segments, query]) => `/${segments.join('/')}${query === null ? '' : `?${query}`}`);
    const movie = anyText.map((any) => `/v1/movies/${encodeURIComponent(any.toWellFormed())}/vote`);
    const method = fc.constantFrom('GET', 'HEAD', 'PUT', 'POST', 'DELETE', 'PATCH', 'OPTIONS');
    await fc.assert(
      fc.asyncProperty(method, fc.oneof(path, movie), async (method, path) => {
        // A path that is not ASCII is no HTTP, so the server can't know that the method was HEAD.
        fc.pre(method !== 'HEAD' || /^[!-~]*$/.test(path));
        const answer = await sent(method, path, { ...alice, ...json }, '{"vote":"like"}');
        expectSound(answer, method);
      }),
      runs,
    );
  });

  it('by any headers', async () => {
    const value = fc.oneof(
      fc.string({ unit: fc.constantFrom(...'\t ,;="W/*\\-01az').map(String) }),
      fc.string({ unit: fc.integer({ min: 0x20, max: 0xff }).map(latin) }),
      fc.base64String(),
      fc.jsonValue().map((any) => Buffer.from(JSON.stringify(any)).toString('base64url')),
      fc.constantFrom('"1"', 'Bearer', 'gzip', 'application/json', 'wait=1'),
    );
    const name = fc.constantFrom(
      ...['authorization', 'idempotency-key', 'if-match', 'if-none-match', 'consistency-token'],
      ...['content-type', 'content-encoding', 'accept', 'accept-encoding', 'prefer', 'origin'],
      ...['x-request-id', 'x-causation-id', 'traceparent', 'cookie', 'range', 'via'],
    );
    const headers = fc.dictionary(name, value, { maxKeys: 4 });
    const body = fc.constantFrom('{"vote":"like"}', '{"vote":"dislike"}');
    await fc.assert(
      fc.asyncProperty(headers, body, async (given, body) => {
        expectSound(await sent('PUT', '/v1/movies/m1/vote', { ...alice, ...json, ...given }, body));
      }),
      runs,
    );
  });
});

const latin = (code: number) => String.fromCharCode(code === 0x7f ? 0x7e : code);
