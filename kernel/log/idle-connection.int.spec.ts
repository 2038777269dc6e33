import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { connector } from './cluster.ts';
import { Connections } from './connections.ts';
import { metadataRequest } from './requests.ts';

/** A broker closes connections on which nothing was sent for minutes. */

const [kafka = ''] = inject('stack').kafka.split(',');
const [host = '', port] = kafka.split(':');
const opened: Socket[] = [];
const door = createServer((socket) => {
  opened.push(socket);
  const broker = connect(Number(port), host);
  socket.pipe(broker).pipe(socket);
  for (const side of [socket, broker]) side.on('error', () => {});
});
const connections = new Connections(connector({ brokers: [kafka], clientId: 'idle' }));

beforeAll(async () => {
  await once(door.listen(0, '127.0.0.1'), 'listening');
});
afterAll(async () => {
  await connections.close();
  door.close();
});

const ask = () => {
  const { port } = door.address() as AddressInfo;
  return connections.send({ host: '127.0.0.1', port }, metadataRequest(null));
};

it('a request on a connection that the broker has closed goes over another one', async () => {
  await ask();
  const [first] = opened;
  const closed = once(first as Socket, 'close');
  first?.end();
  await closed;
  expect((await ask()).brokers.length).toBeGreaterThan(0);
  expect(opened).toHaveLength(2);
});

it('so it does while it is being closed', async () => {
  for (let turns = 0; turns < 20; turns += 1) {
    await ask();
    opened.at(-1)?.end();
    for (let turn = 0; turn < turns; turn += 1) await new Promise(setImmediate);
    const { brokers } = await ask().catch((error: Error) => {
      // What was sent just before that may be lost, and isn't repeated.
      expect(error.message).toMatch(/Closed connection/);
      return { brokers: [1] };
    });
    expect(brokers.length).toBeGreaterThan(0);
  }
});
