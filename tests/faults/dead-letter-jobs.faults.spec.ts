import { type Db, MongoClient } from 'mongodb';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openLog } from '#kernel/log/kafka-log.ts';
import { laneOf } from '#kernel/log/lane-of.ts';
import { topicName, transactionalId } from '#kernel/log/topic-names.ts';
import { discardedLettersOf } from '#kernel/projector/dead-letters/dead-letter-retry.ts';
import { deadLettersOf } from '#kernel/projector/dead-letters/dead-letters.ts';
import { readModelsOf } from '#kernel/projector/generations/generations.ts';
import { until } from '#kernel/testing/until.ts';
import type { Stack } from '#local-stack/parts/stack.ts';
import type { RankingDocument } from '#schemas/ranking/rankings-view.ts';
import { ask, type Done, doneOf, up } from '../answers.ts';
import { restart } from '../chaos-faults.ts';
import { startOwnStack } from '../own-stack.ts';
import { replay } from '../replay-tool.ts';
import { type Service, type System, startSystem } from '../system.ts';

/** Jobs on dead letters go on after mongod was killed amid them. */

const movies = Array.from({ length: 150 }, (_, at) => `m${at + 1}`);
const some = movies.length / 5;
const filter = { view: 'rankings' };

let stack: Stack;
let system: System;
let commandApi: Service;
let queryApi: Service;
let operator: { authorization: string };
let mongo: MongoClient;
let db: Db;

beforeAll(async () => {
  stack = await startOwnStack();
  system = await startSystem('letters', stack.endpoints);
  const names = ['command-api', 'query-api', 'projectors'] as const;
  [commandApi, queryApi] = (await Promise.all(names.map((name) => system.start(name)))) as [
    Service,
    Service,
  ];
  await system.start('replay-worker', { COMMAND_API_URL: commandApi.url });
  operator = await system.as('olga', 'operator');
  mongo = await MongoClient.connect(stack.endpoints.mongo);
  db = mongo.db(system.settings.MONGO_DATABASE);
  await put((id) => `PUT /v1/movies/${id}`, up, await system.as('carol', 'catalogue'));
}, 120_000);
afterAll(async () => {
  await mongo?.close();
  await system?.stop();
  await stack?.stop();
});

const put = async (route: (id: string) => string, body: object, headers: Record<string, string>) =>
  Promise.all(
    movies.map(async (id) => doneOf(await ask<Done>(commandApi.url, route(id), { body, headers }))),
  );

/** A record of each movie that no code can decode. */
async function poison(): Promise<void> {
  const { KAFKA_BROKERS, TOPIC_PREFIX, LANES } = system.settings as Record<string, string>;
  const log = openLog({ brokers: KAFKA_BROKERS!.split(','), clientId: 'poison' });
  const topic = topicName(TOPIC_PREFIX!, 'ranking');
  const producer = await log.producer(transactionalId(TOPIC_PREFIX!, 'poison'));
  const record = { topic, value: Buffer.from('not Avro'), timestamp: Date.now() };
  await producer.append(
    movies.map((key) => ({ ...record, key, lane: laneOf(key, Number(LANES)) })),
  );
  await producer.close();
  await log.close();
}

const letters = () => deadLettersOf(db).countDocuments({ view: 'rankings@2' });

type Job = { status: string; outcome: string; results: { ok: boolean }[] };

/** Kills mongod once at most so many letters are left. @returns the job when it has ended. */
async function killedAmid(act: string, body: object, left: number): Promise<Job> {
  const headers = { ...operator, 'idempotency-key': act };
  const asked = await ask<Done & { jobId: string }>(commandApi.url, `POST /v1/ops/jobs/${act}`, {
    ...{ body, headers },
  });
  expect(asked.status).toBe(201);
  let count = await letters();
  while (count > left) count = await letters();
  expect(count).toBeGreaterThan(left - some);
  await restart(stack.mongods[0]!);
  const path = `GET /v1/ops/jobs/${asked.body.jobId}`;
  let job: Job | undefined;
  await until(
    async () => {
      const { status, body } = await ask<Job>(queryApi.url, path, { headers: operator });
      if (status === 200) job = body;
      return job?.status === 'done' || job?.status === 'failed';
    },
    { limitMs: 90_000 },
  );
  return job!;
}

it('a job discards and folds each dead letter once, although mongod is killed amid', async () => {
  await poison();
  await put(
    (id) => `PUT /v1/movies/${id}/vote`,
    { vote: 'like' },
    await system.as('alice', 'viewer'),
  );
  const all = movies.length;
  await until(async () => (await letters()) === 2 * all);

  const discarded = await killedAmid(
    'discard',
    { filter: { ...filter, error: 'wire FORMAT' }, reason: 'sent past the API' },
    2 * all - some,
  );
  expect(discarded).toMatchObject({
    ...{ status: 'done', outcome: `${all} of ${all} letters are discarded` },
  });
  expect(await letters()).toBe(all);
  expect(await discardedLettersOf(db).countDocuments({ view: 'rankings@2' })).toBe(all);

  const retried = await killedAmid('retry', { filter }, all - some);
  expect(retried).toMatchObject({
    ...{ status: 'done', outcome: `${all} letters found; ${all} folded, 0 left` },
  });
  const { active } = (await readModelsOf(db).findOne({ view: 'rankings' }))!;
  const found = await db.collection<RankingDocument>(active!).find().toArray();
  const likes = new Map(found.map((one) => [one._id, one.likes]));
  expect(movies.filter((id) => likes.get(id) !== 1)).toEqual([]);
  const { code, out, err } = await replay(system, 'verify', 'rankings');
  expect(`${code} ${out}${err}`).toMatch(/^0 .* are right$/);
}, 300_000);
