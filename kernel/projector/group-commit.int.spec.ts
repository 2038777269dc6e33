import { randomUUID } from 'node:crypto';
import { type ClientSession, type Db, MongoClient } from 'mongodb';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import {
  checkpointId,
  checkpointsOf,
  FencedError,
  HeldError,
  initialProgress,
  type LaneProgress,
} from './checkpoint.ts';
import { type DeadLetter, deadLettersOf } from './dead-letters/dead-letters.ts';
import type { Document } from './fold.ts';
import { GroupCommit, type Step } from './group-commit.ts';
import { prepareProjections } from './runner.ts';

let client: MongoClient;
let db: Db;
let sessions: ClientSession[];
let generation: string;
const lanes = 6;

beforeAll(async () => {
  client = await new MongoClient(inject('stack').mongo).connect();
  db = client.db(`group-commit-${randomUUID().slice(0, 8)}`);
  await prepareProjections(db);
});
afterAll(async () => {
  await db.dropDatabase();
  await client.close();
});

beforeEach(async () => {
  generation = `things.${randomUUID().slice(0, 8)}`;
  await db.createCollection(generation);
  sessions = Array.from({ length: lanes }, () => client.startSession());
  const rows = sessions.map((_, lane) => ({
    _id: checkpointId(generation, lane),
    ...{ generation, lane, ...at(0), updatedAt: new Date() },
  }));
  await checkpointsOf(db).insertMany(rows);
});
afterEach(() => Promise.all(sessions.map((session) => session.endSession())));

const at = (next: number): LaneProgress => ({
  ...initialProgress(['things']),
  next: { things: next },
});

/** Moves a lane on by one, and writes a document that is named for it. */
const step = (lane: number, from: number, more: Partial<Step> = {}): Step => ({
  id: checkpointId(generation, lane),
  from: at(from),
  to: at(from + 1),
  documents: db.collection<Document>(generation),
  writes: [{ insertOne: { document: { _id: `${lane}/${from}` } } }],
  changed: { ids: [] },
  letters: [],
  bytes: 20,
  session: sessions[lane]!,
  ...more,
});

const stored = async () => {
  const rows = await checkpointsOf(db).find({ generation }).sort({ lane: 1 }).toArray();
  const documents = await db.collection<Document>(generation).find().sort({ _id: 1 }).toArray();
  return { next: rows.map(({ next }) => next.things), documents: documents.map(({ _id }) => _id) };
};

const outcomes = (steps: readonly Step[], commits = new GroupCommit(db)) =>
  Promise.allSettled(steps.map((one) => commits.store(one)));

const all = Array.from({ length: lanes }, (_, lane) => lane);

describe('steps of several lanes', () => {
  it('are all stored, with their documents and letters', async () => {
    const letter = { _id: `${generation}/things/2/0`, generation, lane: 2 } as DeadLetter;
    const steps = all.map((lane) => step(lane, 0, lane === 2 ? { letters: [letter] } : {}));
    const results = await outcomes(steps);
    expect(results.map(({ status }) => status)).toEqual(all.map(() => 'fulfilled'));
    const documents = all.map((lane) => `${lane}/0`);
    expect(await stored()).toEqual({ next: all.map(() => 1), documents });
    expect(await deadLettersOf(db).countDocuments({ generation })).toBe(1);
  });

  it('share a transaction', async () => {
    const commands: string[] = [];
    const watched = await new MongoClient(inject('stack').mongo, {
      monitorCommands: true,
    }).connect();
    watched.on('commandStarted', ({ commandName }) => commands.push(commandName));
    const own = all.map(() => watched.startSession());
    const steps = all.map((lane) => {
      const documents = watched.db(db.databaseName).collection<Document>(generation);
      return step(lane, 0, { session: own[lane]!, documents });
    });
    await outcomes(steps, new GroupCommit(watched.db(db.databaseName)));
    await watched.close();
    expect(commands.filter((name) => name === 'commitTransaction')).toHaveLength(1);
    expect((await stored()).next).toEqual(all.map(() => 1));
  });

  it('are stored except one that was fenced', async () => {
    await outcomes([step(3, 0)]);
    const results = await outcomes(all.map((lane) => step(lane, 0)));
    const failed = results.flatMap((one, lane) => (one.status === 'rejected' ? [lane] : []));
    expect(failed).toEqual([3]);
    expect((results[3] as PromiseRejectedResult).reason).toBeInstanceOf(FencedError);
    const documents = all.map((lane) => `${lane}/0`);
    expect(await stored()).toEqual({ next: all.map(() => 1), documents });
  });

  it('are stored except one whose lane is held', async () => {
    const heldUntil = new Date(Date.now() + 60_000);
    await checkpointsOf(db).updateOne({ generation, lane: 0 }, { $set: { heldUntil } });
    const results = await outcomes(all.map((lane) => step(lane, 0)));
    expect((results[0] as PromiseRejectedResult).reason).toBeInstanceOf(HeldError);
    expect((await stored()).next).toEqual([0, 1, 1, 1, 1, 1]);
    expect((await stored()).documents).not.toContain('0/0');
  });

  it('are stored except one whose writes the database refuses', async () => {
    const twice = { insertOne: { document: { _id: 'same' } } };
    const results = await outcomes(
      all.map((lane) => step(lane, 0, lane === 4 ? { writes: [twice, twice] } : {})),
    );
    expect(results[4]).toMatchObject({ status: 'rejected', reason: { code: 11_000 } });
    expect((await stored()).next).toEqual([1, 1, 1, 1, 0, 1]);
    expect((await stored()).documents).not.toContain('same');
  });
});

describe('rivals for the same lanes', () => {
  it('move each of them only once', async () => {
    const rivals = Array.from({ length: 4 }, () => all.map(() => client.startSession()));
    const results = await Promise.all(
      rivals.map((own) => {
        const steps = all.map((lane) => step(lane, 0, { session: own[lane]! }));
        return outcomes(steps);
      }),
    );
    await Promise.all(rivals.flat().map((session) => session.endSession()));
    const { next, documents } = await stored();
    for (const lane of all) {
      const won = results.filter((result) => result[lane]!.status === 'fulfilled').length;
      expect(won).toBeLessThanOrEqual(1);
      expect(next[lane]).toBe(won);
      expect(documents.includes(`${lane}/0`)).toBe(won === 1);
    }
  });
});
