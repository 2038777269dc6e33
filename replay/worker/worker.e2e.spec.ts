import { MongoClient } from 'mongodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openLog } from '#kernel/log/kafka-log.ts';
import { laneOf } from '#kernel/log/lane-of.ts';
import { topicName, transactionalId } from '#kernel/log/topic-names.ts';
import { deadLettersOf } from '#kernel/projector/dead-letters/dead-letters.ts';
import { readModelsOf } from '#kernel/projector/generations/generations.ts';
import { until } from '#kernel/testing/until.ts';
import type { JobProgress } from '#schemas/operations/job-progress.ts';
import type { RankingDocument } from '#schemas/ranking/rankings-view.ts';
import { ask, type Done, doneOf, up } from '#tests/answers.ts';
import { type Service, type System, startSystem } from '#tests/system.ts';
import type { JobWork } from './job-work.ts';
import { discardLetters } from './letter-jobs.ts';

/** Operators ask for acts by commands; a worker does them. */

let system: System;
let commandApi: Service;
let queryApi: Service;
let operator: { authorization: string };
let mongo: MongoClient;
/** The job of the rebuild that is asked for before any worker runs. */
let asked: string;

type Letters = { count: number; items: { id: string; attempts: number }[] };

/** The dead letters of a filter, as operators see them. */
const shownLetters = async (filter: string) => {
  const path = `GET /v1/ops/dead-letters?${filter}`;
  return (await ask<Letters>(queryApi.url, path, { headers: operator })).body;
};

type Result = { what: string; ok: boolean; detail: string };
type Job = { jobId: string; status: string; outcome: string; results: Result[]; worker: string };

const request = async (act: string, key: string, body: object) =>
  ask<Done & { jobId: string }>(commandApi.url, `POST /v1/ops/jobs/${act}`, {
    ...{ body, headers: { ...operator, 'idempotency-key': key } },
  });

const jobOf = async (jobId: string) =>
  (await ask<Job>(queryApi.url, `GET /v1/ops/jobs/${jobId}`, { headers: operator })).body;

async function done(act: string, key: string, body: object): Promise<Job> {
  const { status, body: answer } = await request(act, key, body);
  expect(status).toBe(201);
  let job: Job | undefined;
  await until(
    async () => {
      job = await jobOf(answer.jobId);
      return job.status === 'done' || job.status === 'failed';
    },
    { limitMs: 60_000 },
  );
  return job as Job;
}

const served = async () => {
  const db = mongo.db(system.settings.MONGO_DATABASE);
  return readModelsOf(db).findOne({ view: 'rankings' });
};

/** Records that no code can decode, each with the key of a movie. */
async function poison(...movies: string[]): Promise<void> {
  const { KAFKA_BROKERS, TOPIC_PREFIX, LANES } = system.settings as Record<string, string>;
  const log = openLog({ brokers: KAFKA_BROKERS!.split(','), clientId: 'poison' });
  const topic = topicName(TOPIC_PREFIX!, 'ranking');
  for (const key of movies) {
    const lane = laneOf(key, Number(LANES));
    const producer = await log.producer(transactionalId(TOPIC_PREFIX!, `poison-${lane}`));
    const value = Buffer.from('not Avro');
    await producer.append([{ topic, lane, key, value, timestamp: Date.now() }]);
    await producer.close();
  }
  await log.close();
}

const letters = () => {
  const db = mongo.db(system.settings.MONGO_DATABASE);
  return deadLettersOf(db).find({ view: 'rankings@2' }).sort({ key: 1, offset: 1 }).toArray();
};

beforeAll(async () => {
  system = await startSystem('acts');
  const names = ['command-api', 'query-api', 'projectors'] as const;
  [commandApi, queryApi] = (await Promise.all(names.map((name) => system.start(name)))) as [
    Service,
    Service,
  ];
  operator = await system.as('olga', 'operator');
  mongo = await MongoClient.connect(system.settings.MONGO_URL as string);
  const headers = await system.as('carol', 'catalogue');
  doneOf(await ask<Done>(commandApi.url, 'PUT /v1/movies/m55', { body: up, headers }));
}, 120_000);
afterAll(async () => {
  await mongo?.close();
  await system?.stop();
});

describe('an act', { timeout: 120_000 }, () => {
  it('needs the role operator, and waits while there is no worker', async () => {
    const headers = { ...(await system.as('alice', 'viewer')), 'idempotency-key': 'not-mine' };
    const path = 'POST /v1/ops/jobs/rollback';
    const answer = await ask(commandApi.url, path, { body: { view: 'rankings' }, headers });
    expect(answer.status).toBe(403);
    const { body } = await request('rebuild', 'first', { views: ['rankings'], diff: true });
    asked = body.jobId;
    await until(async () => (await jobOf(asked)).status === 'waiting');
  });

  it('is done once, however often it is asked for and whichever worker is killed', async () => {
    const before = (await served())?.active;
    const { body } = await request('rebuild', 'first', { views: ['rankings'], diff: true });
    expect(body.jobId).toBe(asked);
    const killed = await system.start('replay-worker', { COMMAND_API_URL: commandApi.url });
    await until(async () => (await jobOf(body.jobId)).status !== 'waiting');
    await killed.end('SIGKILL');
    await system.start('replay-worker', { COMMAND_API_URL: commandApi.url });
    await until(async () => (await jobOf(body.jobId)).status === 'done', { limitMs: 60_000 });
    expect(await jobOf(body.jobId)).toMatchObject({
      ...{ requestedBy: 'olga', differences: { added: 0, removed: 0, changed: 0, same: 1 } },
      results: [{ what: 'rankings@2', ok: true }],
    });
    const after = await served();
    expect(after?.previous).toBe(before);
    expect(after?.active).not.toBe(before);
  });

  it('may be a rollback, a rebuild that is kept and a switch to it', async () => {
    const { active, previous } = (await served())!;
    expect(await done('rollback', 'back', { view: 'rankings' })).toMatchObject({ status: 'done' });
    expect(await served()).toMatchObject({ active: previous, previous: active });
    const kept = { views: ['rankings'], serve: false };
    expect(await done('rebuild', 'kept', kept)).toMatchObject({ status: 'done' });
    const [generation] = (await served())?.kept ?? [];
    expect(await done('switch', 'to', { view: 'rankings' })).toMatchObject({ status: 'done' });
    expect((await served())?.active).toBe(generation);
  });

  it('may keep the views as of a time, and drop that again', async () => {
    const time = new Date().toISOString();
    const friday = { name: 'friday', time, views: ['rankings'] };
    expect(await done('as-of', 'friday', friday)).toMatchObject({ status: 'done' });
    expect(await done('drop', 'drop', { name: 'friday' })).toMatchObject({ status: 'done' });
  });

  it('may retry dead letters: one, or all that are found, and none stops the rest', async () => {
    const movies = ['m55', 'm56', 'm57'];
    const headers = await system.as('carol', 'catalogue');
    const alice = await system.as('alice', 'viewer');
    for (const id of movies) {
      doneOf(await ask<Done>(commandApi.url, `PUT /v1/movies/${id}`, { body: up, headers }));
    }
    await poison(...movies);
    for (const id of movies) {
      const vote = { body: { vote: 'like' }, headers: alice };
      doneOf(await ask<Done>(commandApi.url, `PUT /v1/movies/${id}/vote`, vote));
    }
    await until(async () => (await letters()).length === 6);
    const [bad55, vote55, , , bad57] = await letters();
    // Its key is folded up to the first that can't be: nothing, while the bytes are there.
    const of55 = await shownLetters('view=rankings&key=m55');
    expect(of55.count).toBe(2);
    expect(of55.items.map(({ id }) => id).sort()).toEqual([bad55!._id, vote55!._id].sort());
    expect(of55.items.map(({ attempts }) => attempts)).toEqual([0, 0]);
    expect((await shownLetters('view=rankings&error=wire%20FORMAT')).count).toBe(3);
    const one = await done('retry', 'retry one', { filter: { id: vote55!._id } });
    expect(one).toMatchObject({
      ...{ status: 'done', outcome: '1 letters found; 0 folded, 1 left' },
      results: [{ ok: false, detail: expect.stringContaining('Confluent wire format') }],
    });
    expect(await letters()).toHaveLength(6);
    // It is the first of the key that was tried in vain, and nothing else was.
    const { items } = await shownLetters('view=rankings');
    expect(items.filter(({ attempts }) => attempts > 0)).toEqual([
      expect.objectContaining({ id: bad55!._id, attempts: 1 }),
    ]);
    for (const bad of [bad55, bad57]) {
      const given = { filter: { id: bad!._id }, reason: 'sent past the API' };
      expect(await done('discard', `discard ${bad!._id}`, given)).toMatchObject({
        ...{ status: 'done', outcome: '1 of 1 letters are discarded' },
        results: [{ what: bad!._id, ok: true }],
      });
    }
    // MongoDB refuses the document of m57, as it does one that has grown too large.
    const db = mongo.db(system.settings.MONGO_DATABASE);
    const collMod = bad57!.generation;
    await db.command({ collMod, validator: { _id: { $ne: 'm57' } } });
    const all = await done('retry', 'retry all', { filter: { view: 'rankings' } });
    expect(all.outcome).toBe('4 letters found; 1 folded, 3 left');
    const results = Object.fromEntries(
      all.results.map(({ what, ok, detail }) => [what.replace(/.*, key /, ''), { ok, detail }]),
    );
    expect(results).toEqual({
      m55: { ok: true, detail: '1 folded' },
      m56: { ok: false, detail: expect.stringContaining('2 left') },
      m57: { ok: false, detail: expect.stringContaining('validation') },
    });
    await db.command({ collMod, validator: {} });
    const last = {
      filter: { error: 'wire FORMAT', view: 'rankings' },
      reason: 'sent past the API',
    };
    expect((await done('discard', 'the rest', last)).outcome).toBe('1 of 1 letters are discarded');
    expect((await letters()).map(({ key }) => key)).toEqual(['m56', 'm57']);
    const end = await done('retry', 'the rest', { filter: { topic: 'ranking', view: 'rankings' } });
    expect(end.outcome).toBe('2 letters found; 2 folded, 0 left');
    const rankings = db.collection<RankingDocument>(bad57!.generation);
    for (const id of movies) expect((await rankings.findOne({ _id: id }))?.likes).toBe(1);
  });

  it('on letters goes on where an earlier worker was killed', async () => {
    const [db, stop] = [mongo.db(system.settings.MONGO_DATABASE), new AbortController().signal];
    const first = { what: 'rankings.g1/ranking/0/1', ok: true, detail: 'discarded' };
    const known = { letters: [first.what, 'rankings.g1/ranking/0/2'], results: [first] };
    const kept: Partial<JobProgress>[] = [];
    const work = {
      tool: { client: mongo, db, stop },
      known,
      keep: async (more: Partial<JobProgress>) => kept.push(more),
    };
    await discardLetters({ filter: {}, reason: 'none' }, work as unknown as JobWork);
    expect(kept.at(-1)?.results).toEqual([
      ...[first, { what: known.letters[1], ok: false, detail: 'it is no dead letter any more' }],
    ]);
  });

  it('that can’t be done fails with the reason, and is in the audit like all others', async () => {
    expect(await done('rollback', 'no', { view: 'none' })).toMatchObject({
      ...{ status: 'failed', outcome: expect.stringContaining('There is no view none') },
    });
    const filter = { filter: { view: 'rankings' } };
    expect(await done('retry', 'retry', filter)).toMatchObject({
      ...{ status: 'done', outcome: expect.stringMatching(/^0 letters found/) },
    });
    const { body } = await ask<{ items: { act: string; requestedBy: string }[] }>(
      ...([queryApi.url, 'GET /v1/ops/audit?user=olga', { headers: operator }] as const),
    );
    expect(body.items.map(({ act }) => act).reverse()).toEqual([
      ...['rebuild', 'rollback', 'rebuild', 'switch', 'as-of', 'drop'],
      ...['retry', 'discard', 'discard', 'retry', 'discard', 'retry', 'rollback', 'retry'],
    ]);
  });
});
