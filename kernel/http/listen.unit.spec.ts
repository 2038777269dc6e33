import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exampleApp } from '../testing/example-app.ts';
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

describe('listening', () => {
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
    const app = exampleApp(0, () => {
      started.resolve();
      return mayEnd.promise;
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
});
