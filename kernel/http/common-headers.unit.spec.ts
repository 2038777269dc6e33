import { afterAll, beforeAll, expect, it } from 'vitest';
import { exampleApp } from '../testing/example-app.ts';
import { sendJson, setCommon } from './common-headers.ts';
import { type Listening, listen } from './listen.ts';

let server: Listening;
beforeAll(async () => {
  const app = exampleApp({
    more: (app) => {
      app.get('/own', (_req, res) => {
        setCommon(res, 'X-Count', '1');
        setCommon(res, 'X-Count', '2');
        res.setHeader('content-security-policy', 'own');
        res.json('of Express');
      });
      app.get('/without', (_req, res) => {
        res.removeHeader('access-control-allow-origin');
        res.json('of this page alone');
      });
      app.get('/flat', (_req, res) => {
        setCommon(res, 'X-Count', '1');
        res.setHeader('X-Before', 'set before');
        sendJson(res, 201, ['ETag', '"1"'], { text: 'zwölf' });
      });
    },
  });
  server = await listen(app, { host: '127.0.0.1', port: 0 });
});
afterAll(() => server.close());

const ask = async (path: string) => {
  const answer = await fetch(`${server.url}${path}`, { headers: { 'x-request-id': 'asked' } });
  return { headers: answer.headers, status: answer.status, body: await answer.json() };
};

it('an answer has the common headers, and its own in place of those of the same name', async () => {
  const { headers, body } = await ask('/own');
  expect(body).toBe('of Express');
  expect(headers.get('content-security-policy')).toBe('own');
  expect(headers.get('x-count')).toBe('2');
  expect(headers.get('x-request-id')).toBe('asked');
  expect(headers.get('x-content-type-options')).toBe('nosniff');
});

it('an answer goes without a common header that its route removes', async () => {
  expect((await ask('/own')).headers.get('access-control-allow-origin')).toBe('*');
  const { headers } = await ask('/without');
  expect(headers.get('access-control-allow-origin')).toBe(null);
  expect(headers.get('x-request-id')).toBe('asked');
});

it('JSON that is sent in one pass has the same headers, and those set before', async () => {
  const { status, headers, body } = await ask('/flat');
  expect([status, body]).toEqual([201, { text: 'zwölf' }]);
  expect(headers.get('x-before')).toBe('set before');
  expect(headers.get('etag')).toBe('"1"');
  expect(headers.get('content-type')).toBe('application/json; charset=utf-8');
  const common = ['x-count', 'x-request-id', 'content-security-policy', 'traceparent'];
  const { headers: own } = await ask('/own');
  for (const name of [...own.keys()]) expect(headers.has(name), name).toBe(true);
  for (const name of common) expect(headers.get(name), name).not.toMatch(/,/);
});
