import { randomUUID } from 'node:crypto';
import {
  type CommandStartedEvent,
  type CommandSucceededEvent,
  type Db,
  MongoClient,
} from 'mongodb';
import { afterAll, beforeAll, beforeEach, expect, inject, it } from 'vitest';
import { StreamReads } from './stream-reads.ts';
import type { Stream } from './streams.ts';
import { CacheLostError, documentId, laneRowId, laneRowsIn, streamsIn } from './write-state.ts';

let client: MongoClient;
let db: Db;
let cacheId: string;
let started: CommandStartedEvent[] = [];
let succeeded: CommandSucceededEvent[] = [];
const lanes = 6;

beforeAll(async () => {
  client = await new MongoClient(inject('stack').mongo, { monitorCommands: true }).connect();
  client.on('commandStarted', (event) => started.push(event));
  client.on('commandSucceeded', (event) => succeeded.push(event));
  db = client.db(`stream-reads-${randomUUID().slice(0, 8)}`);
});
afterAll(async () => {
  await db.dropDatabase();
  await client.close();
});

const stream = (version: number): Stream => ({ version, lastOffset: 9, state: {}, keys: [] });
const rowIdOf = (lane: number) => laneRowId(lane, 'test');

/** Every lane with a row, and two streams: `parcel/<lane>/a` at version 1 and `…/b` at 2. */
beforeEach(async () => {
  cacheId = randomUUID();
  await Promise.all([laneRowsIn(db).deleteMany({}), streamsIn(db).deleteMany({})]);
  const all = Array.from({ length: lanes }, (_, lane) => lane);
  const empty = { next: {}, last: {}, lastTime: 0, numbers: {}, types: [], at: new Date() };
  await laneRowsIn(db).insertMany(all.map((lane) => ({ _id: rowIdOf(lane), cacheId, ...empty })));
  const streams = all.flatMap((lane) => [
    { _id: documentId(cacheId, `parcel/${lane}/a`), ...stream(1) },
    { _id: documentId(cacheId, `parcel/${lane}/b`), ...stream(2) },
  ]);
  await streamsIn(db).insertMany(streams);
  started = [];
  succeeded = [];
});

const asked = (lane: number, names: string[], of = cacheId) => ({
  ...{ lane, rowId: rowIdOf(lane), cacheId: of },
  names: () => names.map((name) => `parcel/${lane}/${name}`),
});

const finds = () => started.filter(({ commandName }) => commandName === 'find');

it('finds the streams that the cache has of a lane, and of no other lane', async () => {
  const reads = new StreamReads(db);
  const [one, two] = await Promise.all([
    reads.read(asked(1, ['a', 'none'])),
    reads.read(asked(2, ['a', 'b'])),
  ]);
  expect([...one]).toEqual([
    ['parcel/1/a', stream(1)],
    ['parcel/1/none', null],
  ]);
  expect([...two]).toEqual([
    ['parcel/2/a', stream(1)],
    ['parcel/2/b', stream(2)],
  ]);
});

it('answers all reads that come while a query is under way with one more query', async () => {
  const reads = new StreamReads(db);
  const first = reads.read(asked(0, ['a']));
  await expect.poll(() => finds().length).toBe(1);
  await Promise.all([first, ...[1, 2, 3, 4, 5].map((lane) => reads.read(asked(lane, ['b'])))]);
  expect(finds()).toHaveLength(2);
});

it('asks for the streams that are wanted once the query is sent', async () => {
  const reads = new StreamReads(db);
  const wanted = ['a'];
  const first = reads.read(asked(0, ['a']));
  await expect.poll(() => finds().length).toBe(1);
  const second = reads.read(asked(1, wanted));
  wanted.push('b');
  await first;
  expect([...(await second).keys()]).toEqual(['parcel/1/a', 'parcel/1/b']);
});

it('does not let a large read wait, nor others wait for it', async () => {
  const reads = new StreamReads(db);
  const names = Array.from({ length: 3_000 }, (_, at) => `${at}`);
  const [many, few] = await Promise.all([
    reads.read(asked(0, [...names, 'b'])),
    reads.read(asked(1, ['a'])),
  ]);
  expect([...many.values()].filter((found) => found !== null)).toEqual([stream(2)]);
  expect([...few.values()]).toEqual([stream(1)]);
  expect(finds()).toHaveLength(2);
});

it('reads the rows last, so that a dropped cache never looks like an empty one', async () => {
  const reads = new StreamReads(db);
  await Promise.all([reads.read(asked(4, ['b', 'a'])), reads.read(asked(3, ['a']))]);
  const found = succeeded.find(({ commandName }) => commandName === 'find');
  const reply = found?.reply as { cursor: { firstBatch: { _id: string }[] } };
  expect(reply.cursor.firstBatch.map(({ _id }) => _id)).toEqual([
    documentId(cacheId, 'parcel/3/a'),
    documentId(cacheId, 'parcel/4/a'),
    documentId(cacheId, 'parcel/4/b'),
    rowIdOf(3),
    rowIdOf(4),
  ]);
});

it('fails for a lane whose cache was replaced, and for no other', async () => {
  await laneRowsIn(db).updateOne({ _id: rowIdOf(2) }, { $set: { cacheId: randomUUID() } });
  await laneRowsIn(db).deleteOne({ _id: rowIdOf(5) });
  const reads = new StreamReads(db);
  const results = await Promise.allSettled([
    ...[0, 2, 5].map((lane) => reads.read(asked(lane, ['a']))),
    reads.read(asked(1, ['a'], randomUUID())),
  ]);
  expect(results[0]?.status).toBe('fulfilled');
  for (const failed of results.slice(1)) {
    expect((failed as PromiseRejectedResult).reason).toBeInstanceOf(CacheLostError);
  }
});

it('fails all reads that share a failing query, and asks again for the next', async () => {
  const other = await new MongoClient(inject('stack').mongo).connect();
  const reads = new StreamReads(other.db(db.databaseName));
  await other.close();
  const results = await Promise.allSettled([0, 1].map((lane) => reads.read(asked(lane, ['a']))));
  expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  await expect(reads.read(asked(2, ['a']))).rejects.not.toBeInstanceOf(CacheLostError);
});
