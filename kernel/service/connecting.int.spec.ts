import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { afterAll, expect, inject, it } from 'vitest';
import { isMongoAway } from '../mongo/mongo-away.ts';
import { connectMongo } from './connecting.ts';

/** Stands before a mongod that falls asleep: it takes connections and requests, and is silent. */
const { hostname, port } = new URL(inject('stack').mongo);
const sockets: Socket[] = [];
let isAsleep = false;
const door = createServer((socket) => {
  const server = connect(Number(port), hostname);
  sockets.push(socket, server);
  for (const side of [socket, server]) side.on('error', () => {});
  socket.pipe(server);
  server.on('data', (part) => {
    if (!isAsleep) socket.write(part);
  });
});
afterAll(() => {
  for (const socket of sockets) socket.destroy();
  door.close();
});

it('what waits for a mongod that sleeps fails sooner than a client of ours gives up', async () => {
  await once(door.listen(0, '127.0.0.1'), 'listening');
  const { port } = door.address() as AddressInfo;
  const client = await connectMongo(`mongodb://127.0.0.1:${port}/?directConnection=true`);
  const documents = client.db('asleep').collection('documents');
  await documents.findOne();
  isAsleep = true;
  const beganAt = performance.now();
  const error = await documents.findOne().catch((reason: unknown) => reason);
  expect(isMongoAway(error), String(error)).toBe(true);
  expect(performance.now() - beganAt).toBeLessThan(20_000);
  await client.close();
}, 60_000);
