import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { signToken } from '../auth/tokens.ts';
import { exampleApp, secret } from '../testing/example-app.ts';
import { input } from './input.ts';
import { jsonBody, noBody } from './json-body.ts';
import { type Listening, listen } from './listen.ts';

/** Requests that are wrong in rare ways get a whole problem too, and it says what is wrong. */

let server: Listening;
let authorization: string;

beforeAll(async () => {
  const Box = z.object({
    boxId: z.uuid().toLowerCase(),
    parcelId: z.string().max(4).regex(/^p/).optional(),
    weight: z.int().max(9).optional(),
    marks: z.array(z.string()).min(1).max(2).optional(),
  });
  const read = input(Box);
  const more: Parameters<typeof exampleApp>[0] = {
    more: (app) => {
      app.put('/boxes/:boxId', jsonBody(), (req, res) => void res.json(read(req)));
      app.delete('/boxes/:boxId', noBody, (req, res) => void res.json(read(req)));
    },
  };
  server = await listen(exampleApp(more), { host: '127.0.0.1', port: 0 });
  const roles = ['operator'] as const;
  const token = await signToken({ user: 'alice', roles: [...roles], secret, ttlSeconds: 60 });
  authorization = `Bearer ${token}`;
});
afterAll(() => server.close());

const boxId = '2b93e69e-8da0-5a0e-a2b3-935c4bd76e63';

const put = (body: string | Uint8Array, type = 'application/json', id = boxId) =>
  ask('PUT', body, type, id);

async function ask(
  method: string,
  body: string | Uint8Array | ReadableStream | null,
  type = 'application/json',
  id = boxId,
) {
  const answer = await fetch(`${server.url}/boxes/${id}`, {
    ...{ method, body, headers: { 'content-type': type, authorization } },
    ...(body instanceof ReadableStream && { duplex: 'half' }),
  });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
}

describe('a body', () => {
  it.each(['application/json; charset=utf-8', 'application/json;charset="UTF-8"'])(
    'of type %s is read',
    async (type) => expect((await put('{}', type)).status).toBe(200),
  );

  it.each([
    ['application/json; charset=utf-16le', Buffer.from('{}', 'utf16le')],
    ['application/json; charset=utf-16', Buffer.from('{}', 'utf16le')],
    ['application/json; charset=utf-32', '{}'],
    ['application/json; charset=iso-8859-1', '{}'],
    ['application/json; charset=utf-8; charset=utf-7', '{}'],
  ])('of type %s is refused as a type', async (type, body) => {
    const { status, body: problem } = await put(body, type);
    expect({ status, ...problem }).toMatchObject({ status: 415, code: 'media-type-unsupported' });
    expect(problem.detail).toContain('in UTF-8');
  });

  it.each([
    ['null', 'null'],
    ['[{}]', 'a list'],
    ['"text"', 'text'],
    ['1', 'a number'],
    ['true', 'true or false'],
  ])('that is %s is JSON, but no object', async (body, kind) => {
    const { status, body: problem } = await put(body);
    expect({ status, ...problem }).toMatchObject({ status: 400, code: 'invalid-input' });
    expect(problem.detail).toBe(`The body has to be a JSON object, not ${kind}.`);
  });

  it.each([
    ['{"parcelId":null}', 'parcelId: has to be text, not null.'],
    ['{"parcelId":["p1"]}', 'parcelId: has to be text, not a list.'],
    ['{"parcelId":"p1234"}', 'parcelId: must have at most 4 characters.'],
    ['{"weight":10}', 'weight: has to be at most 9.'],
    ['{"marks":[]}', 'marks: must have at least 1 item.'],
    ['{"marks":["a","b","c"]}', 'marks: must have at most 2 items.'],
    ['{"weight":"1"}', 'weight: has to be a number, not text.'],
    ['{"weight":1.5}', 'weight: has to be a whole number, not a number.'],
    ['{"marks":{}}', 'marks: has to be a list, not a JSON object.'],
    ['{"marks":[null]}', 'marks.0: has to be text, not null.'],
  ])('with a value of another kind is told so: %s', async (body, detail) => {
    expect((await put(body)).body.detail).toBe(detail);
  });

  it('may repeat an id of the path in another form', async () => {
    const body = JSON.stringify({ boxId });
    expect((await put(body, undefined, boxId.toUpperCase())).body).toEqual({ boxId });
    const other = JSON.stringify({ boxId: boxId.replace('2b', '2c') });
    expect((await put(other)).body.detail).toBe('boxId: is not the one in the path.');
  });

  it('of a DELETE is refused, with or without its length', async () => {
    const refused = { status: 400, body: { code: 'invalid-input' } };
    expect(await ask('DELETE', '{}')).toMatchObject(refused);
    expect(await ask('DELETE', ReadableStream.from([Buffer.from('{}')]))).toMatchObject(refused);
    const empty = await ask('DELETE', ReadableStream.from([]));
    expect(empty).toEqual({ status: 200, body: { boxId } });
  });
});

/** Sends these lines as they are, and reads all that comes back. */
async function raw(...lines: string[]) {
  const { hostname, port } = new URL(server.url);
  const socket = connect(Number(port), hostname);
  socket.end([...lines, '', ''].join('\r\n'));
  const answer = await text(socket);
  const [head = '', body = ''] = answer.split('\r\n\r\n');
  const requestId = /^x-request-id: (.+)$/im.exec(head)?.[1];
  return { head, problem: JSON.parse(body) as Record<string, unknown>, requestId };
}

describe('a request is refused with a problem', () => {
  it.each([
    [
      'that expects what no server does',
      417,
      'expectation-failed',
      ['GET /parcels HTTP/1.1', 'Host: a', 'Expect: tea'],
    ],
    ['without a Host', 400, 'malformed-request', ['GET /parcels HTTP/1.1']],
    [
      'for a proxy',
      400,
      'malformed-request',
      ['CONNECT a.example:443 HTTP/1.1', 'Host: a.example'],
    ],
    ['with a broken header', 400, 'malformed-request', ['GET /parcels HTTP/1.1', 'Host a']],
    ['of another version', 400, 'malformed-request', ['GET /parcels HTTP/7.0', 'Host: a']],
    [
      'with large headers',
      431,
      'headers-too-large',
      ['GET /parcels HTTP/1.1', `Host: ${'a'.repeat(17_000)}`],
    ],
  ])('%s', async (_, status, code, lines) => {
    const close = status === 417 || code === 'malformed-request' ? ['Connection: close'] : [];
    const { head, problem, requestId } = await raw(...lines, ...close);
    expect(head).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(head).toMatch(/^content-type: application\/problem\+json; charset=utf-8$/im);
    expect(problem).toMatchObject({ status, code, requestId });
  });

  it('but not if it waits for 100 Continue', async () => {
    const head = ['PUT /parcels/p1 HTTP/1.1', 'Host: a', `Authorization: ${authorization}`];
    const body = ['Content-Type: application/json', 'Content-Length: 21', 'Connection: close'];
    const { hostname, port } = new URL(server.url);
    const socket = connect(Number(port), hostname);
    socket.write([...head, ...body, 'Expect: 100-Continue', '', ''].join('\r\n'));
    socket.once('data', () => socket.end('{"condition":"whole"}'));
    expect(await text(socket)).toMatch(/^HTTP\/1.1 (100 Continue\r\n\r\nHTTP\/1.1 )?200 OK/);
  });
});
