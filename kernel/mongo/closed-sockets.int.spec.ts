import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';
import { MongoClient, MongoNetworkError } from 'mongodb';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { failWritesToClosedSockets } from './closed-sockets.ts';

failWritesToClosedSockets();

let client: MongoClient;
let sockets: Socket[];
const note = (message: unknown) => sockets.push((message as { socket: Socket }).socket);

beforeEach(async () => {
  sockets = [];
  subscribe('net.client.socket', note);
  client = await new MongoClient(inject('stack').mongo, {
    retryReads: false,
    retryWrites: false,
  }).connect();
  await client.db('admin').command({ ping: 1 });
});
afterEach(async () => {
  unsubscribe('net.client.socket', note);
  await client.close();
});

describe('an operation begun on a connection that is gone but has not emitted close', {
  timeout: 10_000,
}, () => {
  it('fails with a network error', async () => {
    for (const socket of sockets) socket.destroy();
    await expect(client.db('admin').command({ ping: 1 })).rejects.toThrow(MongoNetworkError);
  });

  it('fails in a transaction too, and the session can go on', async () => {
    const session = client.startSession();
    const documents = client.db('closed-sockets').collection<{ _id: string }>('documents');
    session.startTransaction();
    for (const socket of sockets) socket.destroy();
    await expect(documents.insertOne({ _id: 'a' }, { session })).rejects.toThrow(MongoNetworkError);
    await session.abortTransaction();
    session.startTransaction();
    await documents.insertOne({ _id: 'b' }, { session });
    await session.commitTransaction();
    expect(await documents.find().toArray()).toEqual([{ _id: 'b' }]);
    await session.endSession();
    await client.db('closed-sockets').dropDatabase();
  });
});

it('a socket that no writer waits for emits no error when it closes', async () => {
  const errors: Error[] = [];
  for (const socket of sockets) socket.on('drain', () => {}).on('error', (e) => errors.push(e));
  const closed = sockets.map((socket) => new Promise((resolve) => socket.once('close', resolve)));
  for (const socket of sockets) socket.destroy();
  await Promise.all(closed);
  expect(errors).toEqual([]);
});
