import { fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { MongoClient } from 'mongodb';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { journalView } from '../../testing/journal.ts';
import type { KilledGenerations } from '../../testing/killed-generations.ts';
import { checkpointId, checkpointsOf, initialProgress } from '../checkpoint.ts';
import { prepareProjections } from '../runner.ts';
import { asOfsIn } from './as-of-documents.ts';
import { Generations, generationsOf, newGeneration, readModelsOf } from './generations.ts';
import { unreserve } from './reservations.ts';

const program = join(import.meta.dirname, '..', '..', 'testing', 'killed-generations.ts');
const database = `reserved-${randomUUID().slice(0, 8)}`;
let client: MongoClient;
let generations: Generations;
const db = () => client.db(database);

beforeAll(async () => {
  client = await new MongoClient(inject('stack').mongo).connect();
  generations = new Generations(db(), journalView);
});
beforeEach(async () => {
  await db().dropDatabase();
  await prepareProjections(db());
});
afterAll(async () => {
  await db().dropDatabase();
  await client.close();
});

type Killed = Pick<KilledGenerations, 'does' | 'dies' | 'command'>;

async function killedWhile(killed: Killed, generation = ''): Promise<void> {
  const settings = { mongo: inject('stack').mongo, database, generation, ...killed };
  const child = fork(program, [JSON.stringify(settings)], { execArgv: [] });
  expect(await once(child, 'exit')).toEqual([null, 'SIGKILL']);
}

/** A generation that is being built, with one lane complete. */
async function begun(): Promise<string> {
  const generation = await generations.begin();
  const progress = { ...initialProgress(journalView.topics), updatedAt: new Date() };
  const row = { _id: checkpointId(generation, 0), generation, lane: 0, ...progress };
  await checkpointsOf(db()).insertOne(row);
  return generation;
}

/** All generations that anything in the database is of. */
async function traces(): Promise<string[]> {
  const collections = await db()
    .listCollections({ name: /^journal\./ })
    .toArray();
  const rows = await checkpointsOf(db()).distinct('generation');
  return [...new Set([...collections.map(({ name }) => name), ...rows])].sort();
}

const model = async () => (await generations.read())!;
const reserved = async () => (await model()).reserved?.map(({ generation }) => generation);

/** Projectors do this now and then: here after longer than a process that lives may take. */
async function sweepLater(): Promise<void> {
  const longAgo = { $set: { 'reserved.$[].since': new Date(0) } };
  await readModelsOf(db()).updateMany({ reserved: { $exists: true } }, longAgo as object);
  await generations.sweep();
}

describe('a process that dies', () => {
  it('after it made a collection, before the view’s row has it, leaves nothing', async () => {
    await killedWhile({ does: 'begin', dies: 'after', command: 'create' });
    expect((await model()).building).toBeNull();
    expect(await traces()).toEqual(await reserved());
    expect(await traces()).toHaveLength(1);
    await sweepLater();
    expect([await traces(), await reserved()]).toEqual([[], []]);
  });

  it.each([
    ['before it takes a collection over, leaves only that', 'before'],
    ['after it took a collection over, before the view’s row has it, leaves nothing', 'after'],
  ] as const)('%s', async (_, dies) => {
    const generation = await begun();
    await killedWhile({ does: 'resume', dies, command: 'renameCollection' });
    expect((await model()).building).toBe(generation);
    expect(await reserved()).toHaveLength(1);
    expect(await traces()).toEqual(expect.arrayContaining((await reserved())!));
    await sweepLater();
    expect(await traces()).toEqual(dies === 'before' ? [generation] : []);
    // A build goes on, or begins anew.
    const next = (await generations.resume()) ?? (await generations.begin());
    expect([await traces(), await reserved()]).toEqual([[next], []]);
    expect(generationsOf(await model())).toEqual([next]);
  });

  it('before it drops a collection that no row has any more, leaves nothing', async () => {
    const generation = await begun();
    await killedWhile({ does: 'drop', dies: 'before', command: 'drop' }, generation);
    expect((await model()).building).toBeNull();
    expect(await traces()).toEqual([generation]);
    await generations.sweep();
    expect(await traces()).toEqual([]);
    expect(generationsOf(await model())).toEqual([]);
  });

  it('before it drops the collection that it replaced, leaves only the new one', async () => {
    const generation = await begun();
    await killedWhile({ does: 'begin', dies: 'before', command: 'drop' });
    const { building } = await model();
    expect(await traces()).toEqual([generation, building]);
    await generations.sweep();
    expect(await traces()).toEqual([building]);
  });
});

describe('a reserved generation', () => {
  it('stays as long as its process may live, and can’t be used once it is gone', async () => {
    const sleeper = await newGeneration(db(), journalView);
    await generations.sweep();
    expect(await traces()).toEqual([sleeper]);
    await sweepLater();
    expect(await traces()).toEqual([]);
    expect(await unreserve(db(), generations.id, sleeper)).toBe(false);
  });

  it('stays if an as-of has it, though its process died before it said so', async () => {
    const generation = await newGeneration(db(), journalView);
    const views = [{ view: generations.id, generation }];
    const times = { time: new Date(), startedAt: new Date(), builtAt: null };
    await asOfsIn(db()).insertOne({ _id: 'friday', views, ...times });
    await sweepLater();
    expect([await traces(), await reserved()]).toEqual([[generation], []]);
  });
});
