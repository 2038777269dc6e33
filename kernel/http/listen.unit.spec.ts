import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { signToken } from '../auth/tokens.ts';
import { exampleApp, secret } from '../testing/example-app.ts';
import { type Listening, listen, urlAt } from './listen.ts';

let server: Listening;
beforeAll(async () => {
  server = await listen(exampleApp(), { host: '127.0.0.1', port: 0 });
});
afterAll(() => server.close());

const ask = (path: string, init: RequestInit = {}) => fetch(`${server.url}${path}`, init);

describe('operations', () => {
  it('say that the service is alive, and whether it is ready', async () => {
    expect((await ask('/healthz')).status).toBe(200);
    const readiness = await ask('/readyz');
    expect(readiness.status).toBe(503);
    expect(await readiness.json()).toEqual({ ready: false, details: { for: 'it' } });
  });

  it('count requests by route, never by path', async () => {
    await ask('/parcels/p1', { method: 'PUT' });
    const metrics = await (await ask('/metrics')).text();
    expect(metrics).toMatch(/http_request_duration_seconds_count\{.*route="\/parcels\/:parcelId"/);
    expect(metrics).toMatch(/nodejs_heap_size_used_bytes\{service="example"\}/);
    expect(metrics).not.toMatch(/route="\/parcels\/p1"/);
  });
});

describe('listening', async () => {
  it.each([
    ['127.0.0.1', 'http://127.0.0.1:80'],
    ['parcels.example', 'http://parcels.example:80'],
    ['0.0.0.0', 'http://localhost:80'],
    ['::', 'http://localhost:80'],
    ['::1', 'http://[::1]:80'],
  ])('on %s is found at %s', (host, url) => {
    expect(urlAt(host, 80)).toBe(url);
  });

  it('on a port that is taken fails in one line', async () => {
    const port = Number(new URL(server.url).port);
    const second = listen(exampleApp(), { host: '127.0.0.1', port });
    await expect(second).rejects.toThrow(/^127.0.0.1:\d+ is taken: .*$/);
  });

  it('ends once requests in flight are answered, though clients keep connections', async () => {
    const started = Promise.withResolvers<void>();
    const mayEnd = Promise.withResolvers<void>();
    const app = exampleApp({
      slow: () => {
        started.resolve();
        return mayEnd.promise;
      },
    });
    const closing = await listen(app, { host: '127.0.0.1', port: 0 });
    const answer = fetch(`${closing.url}/slow`);
    await started.promise;
    const closed = closing.close();
    await expect(fetch(`${closing.url}/parcels`)).rejects.toThrow();
    mayEnd.resolve();
    expect(await (await answer).json()).toBe('done');
    await closed;
  });

  /** Sends this text on a connection of its own; resolves with the answer when it is closed. */
  const sent = async ({ url }: Listening, text: string) => {
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    await once(socket, 'connect');
    socket.write(text);
    let received = '';
    socket.on('data', (chunk: Buffer) => {
      received += chunk;
    });
    socket.on('error', () => {});
    const closed = new Promise<string>((resolve) => socket.once('close', () => resolve(received)));
    return { socket, closed };
  };

  const token = await signToken({ user: 'o', roles: ['operator'], secret, ttlSeconds: 60 });
  const put =
    'PUT /parcels/p1 HTTP/1.1\r\nHost: here\r\nContent-Type: application/json\r\n' +
    `Authorization: Bearer ${token}\r\n`;
  it.each([
    ['nothing', ''],
    ['half of its headers', 'GET /parcels HTTP/1.1\r\nHost: here\r\n'],
    ['half of a body', `${put}Content-Length: 9\r\n\r\n{`],
  ])('ends though a client has sent %s', async (_, text) => {
    const closing = await listen(exampleApp(), { host: '127.0.0.1', port: 0 });
    const { closed } = await sent(closing, text);
    // Connections are taken in order: with this answer, the one before it is there, too.
    await fetch(closing.url);
    const startedAt = performance.now();
    await Promise.all([closing.close(), closed]);
    expect(performance.now() - startedAt).toBeLessThan(2_000);
  });

  it('answers requests that have arrived, though it has not read them yet', async () => {
    const closing = await listen(exampleApp(), { host: '127.0.0.1', port: 0 });
    const request = 'GET /parcels HTTP/1.1\r\nHost: here\r\n\r\n';
    const kept = await sent(closing, request);
    await once(kept.socket, 'data');
    // The system takes these at once; the server reads them when this function has to wait.
    kept.socket.write(request);
    await closing.close();
    expect((await kept.closed).match(/HTTP\/1.1 200/g)).toHaveLength(2);
  });

  it('tells clients to close their connections before it closes them', async () => {
    const started = Promise.withResolvers<void>();
    const mayEnd = Promise.withResolvers<void>();
    const app = exampleApp({
      slow: () => {
        started.resolve();
        return mayEnd.promise;
      },
    });
    const leaving = await listen(app, { host: '127.0.0.1', port: 0 });
    const request = (path: string) => `GET ${path} HTTP/1.1\r\nHost: here\r\n\r\n`;
    const before = await sent(leaving, request('/slow'));
    const idle = await sent(leaving, request('/parcels'));
    await Promise.all([started.promise, once(idle.socket, 'data')]);
    leaving.closeAfterAnswers();
    mayEnd.resolve();
    expect(await before.closed).toMatch(/^HTTP\/1.1 200 OK\r\n(.+\r\n)*Connection: close\r\n/i);
    idle.socket.write(request('/parcels'));
    expect(await idle.closed).toMatch(/Connection: keep-alive.+Connection: close/is);
    const during = await sent(leaving, request('/parcels'));
    expect(await during.closed).toMatch(/Connection: close/i);
    await leaving.close();
  });
});
