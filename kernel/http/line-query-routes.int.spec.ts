import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { MongoClient } from 'mongodb';
import { afterAll, afterEach, beforeAll, expect, inject, it, vi } from 'vitest';
import { z } from 'zod';
import { discard } from '../projector/generations/generations.ts';
import { lineQuery } from '../query.ts';
import { type QueryService, queryService } from '../testing/query-service.ts';
import { until } from '../testing/until.ts';
import { view } from '../view.ts';

const parcels = view({ name: 'parcels', version: 1, topics: ['parcels'], indexes: [] });
const shared = {
  ...{ views: [parcels], input: z.object({}), example: {}, summary: 'Lines' },
  line: z.object({ text: z.string() }).meta({ id: 'Line' }),
};
const line = { text: 'x'.repeat(10_000) };
let made = 0;
let isEnded = false;

const endless = lineQuery({
  ...{ ...shared, name: 'endless', route: 'GET /v1/endless' },
  async *lines() {
    try {
      for (;;) {
        made += 1;
        yield line;
      }
    } finally {
      isEnded = true;
    }
  },
});
const failing = lineQuery({
  ...{ ...shared, name: 'failing', route: 'GET /v1/failing' },
  async *lines() {
    for (let at = 0; at < 10; at += 1) yield line;
    throw new Error('the lines break off');
  },
});

const dropped = view({ ...parcels, name: 'dropped' });
const ofDropped = lineQuery({
  ...{ ...shared, name: 'of-dropped', route: 'GET /v1/dropped', views: [dropped] },
  async *lines(_, { read }) {
    for (const { _id } of await read(dropped).find().toArray()) yield { text: _id };
  },
});

const short = view({ ...parcels, name: 'short' });
const long = view({ ...parcels, name: 'long' });
const halfRead = { begun: 0, goOn: Promise.withResolvers<void>() };
const half = (from: typeof short, lines: number) =>
  lineQuery({
    ...{ ...shared, name: `half-of-${from.name}`, route: `GET /v1/half-of-${from.name}` },
    views: [from],
    async *lines(_, { read }) {
      for (let at = 0; at < lines; at += 1) yield line;
      halfRead.begun += 1;
      await halfRead.goOn.promise;
      for (const { _id } of await read(from).find().toArray()) yield { text: _id };
    },
  });

let hasBegun = false;
const meanwhile = Promise.withResolvers<void>();
const twice = lineQuery({
  ...{ ...shared, name: 'twice', route: 'GET /v1/twice' },
  async *lines(_, { read, position }) {
    const all = async () => (await read(parcels).find().toArray()).map(({ _id }) => _id).join();
    yield { text: `${await all()} at ${position.seen['parcels:0']}` };
    hasBegun = true;
    await meanwhile.promise;
    yield { text: await all() };
  },
});

let service: QueryService;
const sockets: Socket[] = [];
beforeAll(async () => {
  service = await queryService(inject('stack').mongo, {
    ...{ lineQueries: [endless, failing, twice, ofDropped, half(short, 1), half(long, 10)] },
    views: [parcels, dropped, short, long],
  });
  await service.written();
});
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy();
});
afterAll(() => service?.close());

async function sluggish(): Promise<Socket> {
  const { port, hostname } = new URL(service.url);
  const socket = connect(Number(port), hostname);
  sockets.push(socket);
  socket.pause();
  await once(socket, 'connect');
  socket.write('GET /v1/endless HTTP/1.1\r\nHost: x\r\n\r\n');
  return socket;
}

it('makes lines no faster than a client takes them, and none for one that has gone', async () => {
  made = 0;
  isEnded = false;
  const socket = await sluggish();
  await until(() => made > 10);
  // Each of these answers takes turns in which lines could be made.
  for (let turn = 0; turn < 300; turn += 1) await service.ask('/v1/nothing');
  expect(made * line.text.length).toBeLessThan(20_000_000);
  expect(isEnded).toBe(false);
  socket.destroy();
  await until(() => isEnded);
});

it('reads everything as it was at one moment, which the token names', async () => {
  await service.collection(parcels).insertOne({ _id: 'p1' });
  await service.written();
  const asked = service.ask('/v1/twice', service.fresh);
  await until(() => hasBegun);
  await service.collection(parcels).insertOne({ _id: 'p2' });
  await service.written();
  meanwhile.resolve();
  const answer = await asked;
  const lines = (await answer.text()).trim().split('\n');
  expect(lines.map((text) => JSON.parse(text))).toEqual([{ text: 'p1 at 1' }, { text: 'p1' }]);
});

it('answers nothing from a moment at which what the token asks for was not there yet', async () => {
  const { operationTime: before } = await service.db.command({ ping: 1 });
  await service.collection(parcels).insertOne({ _id: 'p3' });
  await service.written();
  const { startSession } = MongoClient.prototype;
  const spy = vi.spyOn(MongoClient.prototype, 'startSession');
  // As a primary that was elected a moment ago.
  spy.mockImplementation(function (this: MongoClient, options) {
    const session = startSession.call(this, options);
    return options?.snapshot ? Object.assign(session, { snapshotTime: before }) : session;
  });
  const answer = await service.ask('/v1/twice', service.fresh);
  spy.mockRestore();
  expect(answer.status).toBe(503);
  expect(await answer.json()).toMatchObject({ code: 'read-model-behind' });
});

it('answers nothing from a generation that was dropped', async () => {
  expect((await service.ask('/v1/dropped')).status).toBe(200);
  await discard(service.db, service.collection(dropped).collectionName);
  const answer = await service.ask('/v1/dropped');
  expect(answer.status).toBe(503);
  expect(await answer.json()).toMatchObject({ code: 'part-away' });
});

it('ends no answer from a generation that is dropped meanwhile as if it were whole', async () => {
  const asked = [service.ask('/v1/half-of-short'), service.ask('/v1/half-of-long')];
  await until(() => halfRead.begun === 2);
  for (const one of [short, long]) {
    await discard(service.db, service.collection(one).collectionName);
  }
  halfRead.goOn.resolve();
  const [ofShort, ofLong] = await Promise.all(asked);
  expect(ofShort!.status).toBe(503);
  expect(await ofShort!.json()).toMatchObject({ code: 'part-away' });
  // Too long to be held back until its end.
  await expect(ofLong!.text()).rejects.toThrow();
});

it('lets one client have a quarter of all streams at most', async () => {
  for (let at = 0; at < 4; at += 1) await sluggish();
  await until(async () => (await service.ask('/v1/failing')).status === 503);
});

it('cuts the connection when lines are missing', async () => {
  await until(async () => {
    const answer = await service.ask('/v1/failing');
    if (answer.status === 503) return false;
    await expect(answer.text()).rejects.toThrow();
    return true;
  });
});
