import { once } from 'node:events';
import { createServer, get, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { LogReader } from '../log/log.ts';
import { openScanLog, type Scan, type ScanLog } from '../testing/journal.ts';
import { parcelSchemas } from '../testing/parcels.ts';
import { until } from '../testing/until.ts';
import { LogFollower } from './log-follower.ts';
import type { Operations } from './operations.ts';
import { tailing } from './tail.ts';

let world: ScanLog;
let reader: LogReader;
let follower: LogFollower;
let server: Server;
let url: string;

beforeAll(async () => {
  world = await openScanLog('tail');
  const { log, prefix } = world;
  reader = log.reader();
  const codec = async () => world.codec;
  follower = new LogFollower({ log, reader, codec, prefix, topics: ['parcels'] });
  const operations = { log, codec, prefix, schemas: parcelSchemas, filters: {}, follower };
  const app = express().get('/tail', tailing(operations as unknown as Operations));
  server = createServer(app).listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/tail`;
});
afterAll(async () => {
  server?.closeAllConnections();
  server?.close();
  await reader?.close();
  await world?.close();
});

/** Events of some kilobytes, so that no buffer on the way has room for thousands of them. */
const large = (count: number, from: number): Scan[] =>
  Array.from({ length: count }, (_, at) => ({
    ...{ depotId: 'd1', parcelId: `${from + at}-${'x'.repeat(2_000)}`, at: 1 },
  }));

it('a reader that takes nothing for a while is told how many events it has missed', async () => {
  const count = 6_000;
  let heard = 0;
  await follower.listen((entries) => {
    heard += entries.length;
  });
  const [answer] = (await once(get(url), 'response')) as [IncomingMessage];
  await world.append(large(count, 0));
  await until(() => heard === count);

  let text = '';
  answer.setEncoding('utf8').on('data', (part: string) => {
    text += part;
  });
  const dropped = () => Number(/^event: dropped\ndata: \{"dropped":(\d+)\}$/m.exec(text)?.[1] ?? 0);
  await until(() => dropped() > 0);
  const offsets = () =>
    [...text.matchAll(/^id: parcels\/\d+\/(\d+)$/gm)].map(([, at]) => Number(at));
  const received = offsets();
  expect(received.length).toBeGreaterThan(1_000);
  expect(received.length + dropped()).toBe(count);
  // What it has is the beginning, without a gap before the message.
  expect(received).toEqual(received.map((_, at) => received[0]! + at));

  await world.append(large(1, count));
  await until(() => offsets().length === received.length + 1);
  expect(text.match(/^event: dropped$/gm)).toHaveLength(1);
  answer.destroy();
});
