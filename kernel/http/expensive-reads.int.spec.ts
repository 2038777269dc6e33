import { MongoClient } from 'mongodb';
import { afterAll, beforeAll, describe, expect, inject, it, vi } from 'vitest';
import { z } from 'zod';
import { query, type Reading } from '../query.ts';
import { type QueryService, queryService } from '../testing/query-service.ts';
import { view } from '../view.ts';

type Note = { _id: string };
const notes = view<Note>({ name: 'notes', version: 1, topics: ['notes'], indexes: [] });

const plain = { summary: '', views: [notes], output: z.unknown(), input: z.object({}) };
const slowly = { $expr: { $function: { body: 'sleep(100)', args: [], lang: 'js' } } };

/** Queries that take MongoDB minutes, in each way to read. */
const waysToRead: Record<string, (notes: ReturnType<Reading['read']>) => Promise<unknown>> = {
  find: (notes) => notes.find({ $where: 'sleep(100) || true' }).toArray(),
  findOne: (notes) => notes.findOne({ $where: 'sleep(100) || false' }),
  aggregate: (notes) => notes.aggregate([{ $match: slowly }]).toArray(),
  countDocuments: (notes) => notes.countDocuments(slowly),
};
const slow = Object.entries(waysToRead).map(([name, read]) =>
  query({
    ...{ ...plain, name, route: `GET /slow/${name}/:number`, example: { number: '1' } },
    input: z.object({ number: z.string() }),
    answer: (_, reading) => read(reading.read(notes)),
  }),
);
const fast = query({
  ...{ ...plain, name: 'fast', route: 'GET /fast', example: {} },
  answer: (_, { read }) => read(notes).findOne({ _id: 'n1' }),
});

const answerWithinMs = 3_000;
const limits = { atOnce: 8, queue: 8, answerWithinMs };
let service: QueryService;
let admin: MongoClient;
beforeAll(async () => {
  const { mongo } = inject('stack');
  admin = await MongoClient.connect(mongo);
  service = await queryService(mongo, { queries: [...slow, fast], views: [notes], limits });
  const documents = Array.from({ length: 1_000 }, (_, number) => ({ _id: `n${number}` }));
  await service.collection(notes).insertMany(documents);
});
afterAll(async () => {
  await service.close();
  await admin.close();
});

/** The operations on the notes that MongoDB is busy with. */
const running = () =>
  admin
    .db('admin')
    .aggregate([{ $currentOp: {} }, { $match: { ns: service.collection(notes).namespace } }])
    .toArray();
const runs = (count: number) =>
  vi.waitFor(async () => expect(await running()).toHaveLength(count), 2_000);

/** A request that the client closes when it is told to. */
function asked(path: string, headers: Record<string, string> = {}) {
  const closing = new AbortController();
  const answer = service
    .ask(path, headers, closing.signal)
    .then(({ status }) => status)
    .catch((error: Error) => error.name);
  return { answer, close: () => closing.abort() };
}

const codeOf = async (answer: Response) => ((await answer.json()) as { code: string }).code;

describe.each(Object.keys(waysToRead))('an expensive read by %s', (way) => {
  it.each([
    ['a shared answer', () => ({})],
    ['one that is fresh', () => service.fresh],
  ])('ends in the database when its client has gone: %s', async (_, headers) => {
    const one = asked(`/slow/${way}/1`, headers());
    await runs(1);
    one.close();
    expect(await one.answer).toBe('AbortError');
    await runs(0);
  });
});

it('expensive reads end in the database when their time is up', async () => {
  const ways = Object.keys(waysToRead);
  const answers = await Promise.all(
    ways.map(async (way) => service.ask(`/slow/${way}/1`, await service.as(way))),
  );
  expect(answers.map(({ status }) => status)).toEqual(ways.map(() => 503));
  expect(await Promise.all(answers.map(codeOf))).toEqual(ways.map(() => 'part-away'));
  await runs(0);
});

describe('reads that wait for what never comes', () => {
  const headers = () => ({
    'consistency-token': service.consistencyToken('notes:0', 99),
    prefer: 'wait=10',
  });

  it('are only so many of one client, and none once the client has gone', async () => {
    const waiting = [1, 2].map(() => asked('/fast', headers()));
    await vi.waitFor(async () => {
      const refused = await service.ask('/fast', { ...headers(), prefer: 'wait=0' });
      expect([refused.status, await codeOf(refused)]).toEqual([503, 'overloaded']);
      expect(refused.headers.get('retry-after')).toBe('1');
    });
    const alice = await service.as('alice');
    const other = await service.ask('/fast', { ...alice, ...headers(), prefer: 'wait=0' });
    expect(await codeOf(other)).toBe('read-model-behind');
    for (const one of waiting) one.close();
    await vi.waitFor(async () => {
      expect((await service.ask('/fast', service.fresh)).status).toBe(200);
    });
  });
});

describe('many expensive reads', () => {
  const slowOf = (number: number, headers = {}) => asked(`/slow/find/${number}`, headers);

  it('of one client leave the others their turns', async () => {
    const all = [1, 2, 3, 4].map((number) => slowOf(number));
    await runs(2);
    expect((await service.ask('/fast', await service.as('alice'))).status).toBe(200);
    expect(await running()).toHaveLength(2);
    for (const one of all) one.close();
    await runs(0);
  });

  it('of all users leave operators theirs, and one too many is told to come back', async () => {
    const users = await Promise.all(
      ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].map((user) => service.as(user)),
    );
    const all = users.flatMap((user) => [slowOf(1, user), slowOf(2, user)]);
    await runs(8);
    const fresh = { ...service.fresh, ...(await service.as('alice')) };
    const refused = await service.ask('/fast', fresh);
    expect([refused.status, await codeOf(refused)]).toEqual([503, 'overloaded']);
    expect(refused.headers.get('retry-after')).toBe('1');
    const olga = await service.as('olga', ['operator']);
    expect((await service.ask('/fast', olga)).status).toBe(200);
    for (const one of all) one.close();
    await runs(0);
    expect((await service.ask('/fast', fresh)).status).toBe(200);
  });
});
