import { randomUUID } from 'node:crypto';
import { type Db, type Document, MongoClient } from 'mongodb';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import type { Page } from '../page.ts';
import { checkpointId, checkpointsOf, initialProgress } from '../projector/checkpoint.ts';
import {
  type DeadLetter,
  deadLetter,
  deadLettersOf,
  park,
} from '../projector/dead-letters/dead-letters.ts';
import { prepareProjections } from '../projector/runner.ts';
import type { Reading } from '../query.ts';
import { deadLettersQuery } from './dead-letters.ts';

/** The order in which operators see dead letters, and how MongoDB finds them. */

let client: MongoClient;
let db: Db;

const offsets = Array.from({ length: 120 }, (_, at) => at);
const places = [
  ...['journal', 'stock'].map((view) => ({ view: `${view}@1`, generation: `${view}.g1` })),
  { view: 'reactor:post', generation: 'reactor:post' },
  // Nobody needs letters of a generation that was dropped.
  { view: 'stock@1', generation: 'stock.g0' },
];

beforeAll(async () => {
  client = await MongoClient.connect(inject('stack').mongo);
  db = client.db(`test-${randomUUID()}`);
  await prepareProjections(db);
  for (const generation of ['journal.g1', 'stock.g1']) {
    await checkpointsOf(db).insertOne({
      ...initialProgress(['parcels']),
      ...{ _id: checkpointId(generation, 0), generation, lane: 0, updatedAt: new Date() },
    });
  }
  // The newest first: the order in which they were stored tells nothing.
  for (const lane of [1, 0]) {
    for (const offset of offsets.toReversed()) {
      const record = { topic: 'parcels', lane, offset, timestamp: offset, headers: {} };
      const given = { ...record, key: Buffer.from(`p${offset % 40}`), value: Buffer.from('?') };
      const letters = places.map((place) =>
        deadLetter({ ...place, lane }, 'parcels', given, new Error(`broken ${offset % 3}`)),
      );
      await park(deadLettersOf(db), letters);
    }
  }
});
afterAll(async () => {
  await db?.dropDatabase();
  await client?.close();
});

type Filter = { view?: string; topic?: string; key?: string; error?: string };

it('there are none before projectors have made a place for them', async () => {
  const none = { operations: { db: client.db(`test-${randomUUID()}`) } } as Reading;
  expect(await deadLettersQuery.answer({ limit: 50 }, none)).toMatchObject({ count: 0 });
});

type Letter = DeadLetter & { isFirst: boolean; behind: number };

/** All letters that a filter finds, page by page. */
async function found(filter: Filter = {}) {
  const reading = { operations: { db } } as Reading;
  const letters: Letter[] = [];
  let cursor: string | undefined;
  do {
    const asked = { ...filter, limit: 50, cursor };
    const { items, next, count } = (await deadLettersQuery.answer(asked, reading)) as Page<Letter>;
    letters.push(...items);
    cursor = next ?? undefined;
    if (cursor === undefined) expect(count).toBe(letters.length);
  } while (cursor !== undefined);
  return letters;
}

it('dead letters come in the order of the log, lane by lane', async () => {
  const letters = await found();
  const inOrder = places
    .slice(0, 3)
    .sort((a, b) => (a.generation < b.generation ? -1 : 1))
    .flatMap(({ generation }) =>
      [0, 1].flatMap((lane) => offsets.map((offset) => ({ generation, lane, offset }))),
    );
  expect(letters.map(({ generation, lane, offset }) => ({ generation, lane, offset }))).toEqual(
    inOrder,
  );
  const ofKey = letters.filter(
    ({ key, view, lane }) => key === 'p7' && view === 'stock@1' && lane === 1,
  );
  expect(ofKey.map(({ offset, isFirst, behind }) => ({ offset, isFirst, behind }))).toEqual([
    { offset: 7, isFirst: true, behind: 2 },
    { offset: 47, isFirst: false, behind: 1 },
    { offset: 87, isFirst: false, behind: 0 },
  ]);
});

it.each<Filter>([
  {},
  { view: 'stock' },
  { view: 'reactor:post' },
  { topic: 'parcels' },
  { key: 'p7' },
  { view: 'stock@1', key: 'p7', error: 'BROKEN' },
  { error: 'broken 1' },
])('those that %o finds are read and counted by an index, and not sorted', async (filter) => {
  await db.command({ profile: 2 });
  const letters = await found(filter);
  await db.command({ profile: 0 });
  expect(letters.length).toBeGreaterThan(0);
  const profile = db.collection<Document>('system.profile');
  const ns = `${db.databaseName}.dead_letters`;
  const recorded = await profile.find({ ns, op: { $in: ['query', 'command'] } }).toArray();
  await profile.drop();
  const isCount = ({ command }: Document) => 'aggregate' in command;
  expect(recorded.filter(isCount).length).toBeGreaterThan(0);
  expect(recorded.filter((one) => !isCount(one)).length).toBeGreaterThan(0);
  for (const { planSummary, hasSortStage, command } of recorded) {
    const what = `${planSummary} ${JSON.stringify(command)}`;
    expect(planSummary, what).toMatch(/^(IXSCAN|COUNT_SCAN)/);
    expect(hasSortStage ?? false, what).toBe(false);
  }
});
