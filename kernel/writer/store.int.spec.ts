import { randomUUID } from 'node:crypto';
import { type CommandStartedEvent, type Db, MongoClient } from 'mongodb';
import { afterAll, beforeAll, beforeEach, expect, inject, it } from 'vitest';
import { type LaneStore, mongoLaneStore, prepareStore } from './store.ts';
import { StreamReads } from './stream-reads.ts';
import type { Stream } from './streams.ts';
import type { LaneRow } from './write-state.ts';

let client: MongoClient;
let db: Db;
let store: LaneStore;
let row: LaneRow;
let written: string[] = [];

const isWrite = ({ commandName }: CommandStartedEvent) =>
  commandName === 'insert' || commandName === 'update';

beforeAll(async () => {
  client = await new MongoClient(inject('stack').mongo, { monitorCommands: true }).connect();
  client.on('commandStarted', (event) => {
    if (isWrite(event)) written.push(event.commandName);
  });
  db = client.db(`store-${randomUUID().slice(0, 8)}`);
  await prepareStore(db);
});
afterAll(async () => {
  await db.dropDatabase();
  await client.close();
});
beforeEach(async () => {
  await db.collection('write_state').deleteMany({});
  const reads = new StreamReads(db);
  const session = client.startSession();
  const of = { client, database: db.databaseName, lane: 3, stateVersion: 'test' };
  store = mongoLaneStore({ ...of, session, reads });
  row = { ...(await store.take()), next: { parcels: 10 } };
  written = [];
});

const stream = (version: number): Stream => {
  return { version, lastOffset: 9, state: { version }, keys: [] };
};
const stored = async (...names: string[]) =>
  Object.fromEntries(await store.load(row.cacheId, () => names));

it('a flush adds new streams and replaces others, together with the row', async () => {
  expect(await store.flush(row, [['parcels/a', stream(1)]], new Set(['parcels/a']))).toBe(true);
  // The row, and the stream.
  expect(written).toEqual(['update', 'insert']);
  const next = { ...row, next: { parcels: 20 } };
  const changed: [string, Stream][] = [
    ['parcels/a', stream(2)],
    ['parcels/b', stream(1)],
  ];
  expect(await store.flush(next, changed, new Set(['parcels/b']))).toBe(true);
  expect(await stored('parcels/a', 'parcels/b', 'parcels/c')).toEqual({
    'parcels/a': stream(2),
    'parcels/b': stream(1),
    'parcels/c': null,
  });
  expect((await store.take()).next).toEqual({ parcels: 20 });
});

it('a flush replaces a stream that somebody else has stored since it was looked for', async () => {
  await store.flush(row, [['parcels/a', stream(1)]], new Set(['parcels/a']));
  const changed: [string, Stream][] = [
    ['parcels/a', stream(4)],
    ['parcels/b', stream(1)],
  ];
  const added = new Set(['parcels/a', 'parcels/b']);
  expect(await store.flush({ ...row, next: { parcels: 30 } }, changed, added)).toBe(true);
  expect(await stored('parcels/a', 'parcels/b')).toEqual({
    'parcels/a': stream(4),
    'parcels/b': stream(1),
  });
});

it('a flush writes nothing if the row is ahead', async () => {
  await store.flush({ ...row, next: { parcels: 30 } }, [], new Set());
  const added = new Set(['parcels/a']);
  expect(await store.flush(row, [['parcels/a', stream(1)]], added)).toBe(false);
  expect(await stored('parcels/a')).toEqual({ 'parcels/a': null });
});
