import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exampleApp } from '../testing/example-app.ts';
import { until } from '../testing/until.ts';
import { type Listening, listen } from './listen.ts';

describe('slow clients', () => {
  const patience = { headersMs: 100, silenceMs: 300, lookEveryMs: 20 };
  const cutOff = Promise.withResolvers<void>();
  const app = exampleApp({
    more: (routes) => {
      routes.put('/never', () => undefined);
      routes.get('/long', (_req, res) => {
        res.once('close', cutOff.resolve).end(Buffer.alloc(64 * 2 ** 20));
      });
    },
  });
  let hasty: Listening;
  const warnings: string[] = [];
  beforeAll(async () => {
    const onWarning = (message: string) => void warnings.push(message);
    const where = { host: '127.0.0.1', port: 0 };
    hasty = await listen(app, { ...where, patience, maxConnections: 20, onWarning });
  });
  afterAll(() => hasty.close());

  async function open(text: string): Promise<Socket> {
    const socket = connect(Number(new URL(hasty.url).port), '127.0.0.1');
    socket.on('error', () => undefined);
    await once(socket, 'connect');
    if (text) socket.write(text);
    return socket;
  }
  const answerOf = async (socket: Socket) => Buffer.concat(await socket.toArray()).toString();
  const head = (request: string, ...headers: string[]) =>
    [`${request} HTTP/1.1`, 'Host: a', ...headers, '', ''].join('\r\n');

  it('that send no whole headers are cut off', async () => {
    const answer = await answerOf(await open('GET /parcels HTTP/1.1\r\n'));
    expect(answer).toMatch(/^HTTP\/1.1 408 .*"request-timeout"/s);
    expect(await answerOf(await open(''))).toBe('');
  });

  it('that connect long before they ask are answered', async () => {
    const early = await open('');
    // The server has given up a request that was late with its headers, so this one would be, too.
    await answerOf(await open('GET'));
    early.end(head('GET /parcels', 'Connection: close'));
    expect(await answerOf(early)).toMatch(/^HTTP\/1.1 200 /);
  });

  it('that go on sending a body after their 401 are cut off', async () => {
    const asked = await open(head('PUT /parcels/p1', 'Content-Length: 900'));
    const dribble = setInterval(() => asked.write('x'), 50);
    const answer = await answerOf(asked);
    clearInterval(dribble);
    expect(answer).toMatch(/^HTTP\/1.1 401 /);
    expect(answer.match(/HTTP\/1.1/g)).toHaveLength(1);
  });

  it('that have sent the whole body by their 401 keep the connection', async () => {
    const asked = await open(`${head('PUT /parcels/p1', 'Content-Length: 4')}body`);
    await once(asked, 'data');
    asked.end(head('GET /parcels', 'Connection: close'));
    expect(await answerOf(asked)).toMatch(/HTTP\/1.1 200 /);
  });

  it('that send nothing for a while in the middle of a body are cut off', async () => {
    const asked = await open(head('PUT /never', 'Content-Length: 9'));
    expect(await answerOf(asked)).toBe('');
  });

  it('that take nothing of a long answer are cut off', async () => {
    await open(head('GET /long'));
    await cutOff.promise;
  });

  it('that take more connections than there are leave room again, and are told of', async () => {
    const many = await Promise.all(Array.from({ length: 25 }, () => open('')));
    await until(() => warnings.length === 1);
    for (const one of many) one.destroy();
    await until(async () => (await fetch(`${hasty.url}/healthz`).catch(() => null))?.ok === true);
  });
});
