import { randomUUID } from 'node:crypto';
import { MongoClient } from 'mongodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openLog } from '#kernel/log/kafka-log.ts';
import { laneOf } from '#kernel/log/lane-of.ts';
import { topicName, transactionalId } from '#kernel/log/topic-names.ts';
import { deadLettersOf } from '#kernel/projector/dead-letters/dead-letters.ts';
import { type ReadModel, readModelsOf } from '#kernel/projector/generations/generations.ts';
import { until } from '#kernel/testing/until.ts';
import { progressOfJobs } from '#schemas/operations/job-progress.ts';
import { ask, type Done, doneOf, problemOf, up } from '#tests/answers.ts';
import { type Service, type System, startSystem } from '#tests/system.ts';

/** Jobs that an operator cancels, and workers that are killed amid a letter. */

const movies = 20;
let system: System;
let commandApi: Service;
let queryApi: Service;
let worker: Service;
let olga: { authorization: string };
let otto: { authorization: string };
let mongo: MongoClient;

const db = () => mongo.db(system.settings.MONGO_DATABASE);
const startWorker = () => system.start('replay-worker', { COMMAND_API_URL: commandApi.url });

beforeAll(async () => {
  system = await startSystem('stopped-jobs');
  [commandApi, queryApi] = await Promise.all([
    system.start('command-api'),
    system.start('query-api'),
    system.start('projectors'),
  ]);
  [olga, otto] = await Promise.all([system.as('olga', 'operator'), system.as('otto', 'operator')]);
  mongo = await MongoClient.connect(system.settings.MONGO_URL as string);
  const headers = await system.as('carol', 'catalogue');
  for (let number = 1; number <= movies; number += 1) {
    doneOf(await ask<Done>(commandApi.url, `PUT /v1/movies/m${number}`, { body: up, headers }));
  }
  worker = await startWorker();
}, 120_000);
afterAll(async () => {
  await mongo?.close();
  await system?.stop();
});

type Job = {
  jobId: string;
  status: string;
  outcome: string;
  worker: string | null;
  cancel: { by: string; reason: string | null } | null;
  progress: { events: number; eventsPerSecond: number; secondsLeft: number } | null;
  results: { what: string; ok: boolean }[];
};

const send = (path: string, body: object, headers = olga) => {
  const asked = { body, headers: { ...headers, 'idempotency-key': randomUUID() } };
  return ask<Done & { jobId: string }>(commandApi.url, `POST ${path}`, asked);
};
const request = async (act: string, body: object): Promise<string> => {
  const { status, body: answer } = await send(`/v1/ops/jobs/${act}`, body);
  expect(status).toBe(201);
  await until(async () => (await jobOf(answer.jobId)).jobId === answer.jobId);
  return answer.jobId;
};
const cancel = (jobId: string) =>
  send(`/v1/ops/jobs/${jobId}/cancel`, { reason: 'the wrong view' }, otto);
const jobOf = async (jobId: string) =>
  (await ask<Job>(queryApi.url, `GET /v1/ops/jobs/${jobId}`, { headers: olga })).body;

/** Waits until the job is like this. @returns the job then. */
async function untilJob(
  jobId: string,
  isSo: (job: Job) => boolean,
  limit?: { limitMs: number },
): Promise<Job> {
  let job: Job | undefined;
  const isThere = async () => {
    job = await jobOf(jobId);
    return isSo(job);
  };
  await until(isThere, limit).catch((error) => {
    throw new Error(`${error.message}: ${JSON.stringify(job)}`);
  });
  return job as Job;
}
const ended = (jobId: string, limitMs = 30_000) =>
  untilJob(jobId, ({ status }) => /^(done|failed|cancelled)$/.test(status), { limitMs });
/** A job that is cancelled ends soon, whatever it waits for. */
const endedSoon = (jobId: string) => ended(jobId, 5_000);

/** Takes as many seconds as there are events. */
const slowRebuild = (view: string) => request('rebuild', { views: [view], throttle: 1 });
const untilItReads = (jobId: string) =>
  untilJob(jobId, ({ progress }) => progress !== null && progress.events > 0);
const letters = () => deadLettersOf(db()).countDocuments({ view: 'rankings@2' });
const model = async (view: string) => (await readModelsOf(db()).findOne({ view })) as ReadModel;

describe('a job that is cancelled', { timeout: 120_000 }, () => {
  it('stops amid a rebuild of one event a second, whose progress was told all along', async () => {
    const { active, previous } = await model('rankings');
    const jobId = await slowRebuild('rankings');
    const begun = await untilItReads(jobId);
    expect(begun).toMatchObject({ status: 'running', progress: { eventsPerSecond: 1 } });
    const { events, secondsLeft } = begun.progress!;
    expect(secondsLeft).toBeGreaterThan(movies / 4);
    await untilJob(jobId, ({ progress }) => progress!.events > events + 1);
    doneOf(await cancel(jobId));
    const { building } = await model('rankings');
    expect(await endedSoon(jobId)).toMatchObject({
      ...{ status: 'cancelled', progress: null, cancel: { by: 'otto', reason: 'the wrong view' } },
      outcome: expect.stringMatching(`^cancelled; rankings@2: ${building} is unfinished, and the`),
    });
    expect(await model('rankings')).toMatchObject({ active, previous, building });
  });

  it('leaves a rebuild that the next one goes on with', async () => {
    const { active } = await model('rankings');
    const jobId = await request('rebuild', { views: ['rankings'], diff: true });
    const { status, outcome } = await ended(jobId);
    expect([status, outcome]).toEqual(['done', expect.stringContaining(`${movies} documents`)]);
    expect(await model('rankings')).toMatchObject({ previous: active, building: null });
  });

  it('is never begun if it waits, and the one before it goes on', async () => {
    const first = await slowRebuild('movies');
    await untilItReads(first);
    const next = await request('rebuild', { views: ['rankings'] });
    doneOf(await cancel(next));
    expect(await endedSoon(next)).toMatchObject({
      ...{ status: 'cancelled', outcome: 'cancelled before it began', worker: null },
    });
    expect(await jobOf(first)).toMatchObject({ status: 'running' });
    doneOf(await cancel(first));
    expect(await endedSoon(first)).toMatchObject({ status: 'cancelled' });
  });

  it('is not gone on with by a worker that starts after the cancel', async () => {
    const jobId = await slowRebuild('movies');
    await untilItReads(jobId);
    await worker.end('SIGKILL');
    doneOf(await cancel(jobId));
    await untilJob(jobId, ({ status }) => status === 'cancelling');
    worker = await startWorker();
    expect(await ended(jobId)).toMatchObject({
      ...{ status: 'cancelled', outcome: expect.stringContaining('is unfinished') },
    });
    expect(await progressOfJobs(db()).findOne({ _id: jobId })).toMatchObject({ attempts: 1 });
  });

  it('keeps what it has done with letters, and leaves the others', async () => {
    await poison(300);
    const jobId = await request('discard', { filter: { view: 'rankings' }, reason: 'no Avro' });
    await untilJob(jobId, ({ results }) => results.length > 0);
    process.kill(worker.pid, 'SIGSTOP');
    try {
      doneOf(await cancel(jobId));
      await untilJob(jobId, ({ status }) => status === 'cancelling');
    } finally {
      process.kill(worker.pid, 'SIGCONT');
    }
    const { status, outcome, results } = await endedSoon(jobId);
    const left = await letters();
    expect(left).toBeGreaterThan(0);
    const discarded = results.filter(({ ok }) => ok).length;
    expect([status, outcome]).toEqual([
      ...['cancelled', `cancelled; 300 letters found; ${discarded} discarded, ${left} left`],
    ]);
    expect(discarded + left).toBe(300);
  });

  it('can’t be cancelled once it has ended; who cancels it twice cancels it once', async () => {
    const [done, stopped] = await Promise.all([request('drop', { name: 'none' }), waiting()]);
    await ended(done);
    problemOf(await cancel(done), 'job-ended');
    const again = await cancel(stopped);
    expect([again.status, again.body.unchanged]).toEqual([200, true]);
    await endedSoon(stopped);
    problemOf(await cancel('c51d8787-203d-5307-88f5-d1525a9bce91'), 'job-unknown');
  });

  it('is in the audit of who asked for it, and of who cancelled it', async () => {
    const actsOf = async (user: string) => {
      const path = `GET /v1/ops/audit?user=${user}&limit=100`;
      const { body } = await ask<{ items: Job[] }>(queryApi.url, path, { headers: olga });
      return body.items.filter(({ status }) => status === 'cancelled').map(({ jobId }) => jobId);
    };
    const cancelled = await actsOf('otto');
    expect(cancelled.length).toBeGreaterThan(4);
    expect(await actsOf('olga')).toEqual(cancelled);
    expect(await actsOf('nobody')).toEqual([]);
  });
});

/** A job that was cancelled before it began. */
async function waiting(): Promise<string> {
  process.kill(worker.pid, 'SIGSTOP');
  try {
    const jobId = await request('rollback', { view: 'rankings' });
    doneOf(await cancel(jobId));
    return jobId;
  } finally {
    process.kill(worker.pid, 'SIGCONT');
  }
}

describe('a worker that is killed amid a letter', { timeout: 120_000 }, () => {
  it('holds up neither the next worker nor the lane', async () => {
    await poison(300);
    const jobId = await request('discard', { filter: { view: 'rankings' }, reason: 'no Avro' });
    await untilJob(jobId, ({ results }) => results.length > 0);
    await killAmidTransaction();
    const left = await letters();
    worker = await startWorker();
    await until(async () => (await letters()) < left, { limitMs: 15_000 });
    const { results } = await ended(jobId, 60_000);
    expect(results.filter(({ ok }) => !ok)).toEqual([]);
  });
});

/** MongoDB keeps a transaction that its client has left open for a minute. */
async function killAmidTransaction(): Promise<void> {
  for (let left = await letters(); ; left = await letters()) {
    expect(left).toBeGreaterThan(0);
    process.kill(worker.pid, 'SIGSTOP');
    const isAmid = await until(someTransactionStaysOpen, { limitMs: 1_000 }).then(
      () => true,
      () => false,
    );
    if (isAmid) break;
    process.kill(worker.pid, 'SIGCONT');
    await until(async () => (await letters()) < left);
  }
  await worker.end('SIGKILL');
}

async function someTransactionStaysOpen(): Promise<boolean> {
  const inactive = { 'transaction.timeInactiveMicros': { $gt: 300_000 }, 'locks.Global': 'w' };
  const open = mongo
    .db('admin')
    .aggregate([
      { $currentOp: { idleSessions: true } },
      { $match: { type: 'idleSession', ...inactive } },
    ]);
  return (await open.toArray()).length > 0;
}

/** Records that no code can decode, all of one key. */
async function poison(count: number): Promise<void> {
  const { KAFKA_BROKERS, TOPIC_PREFIX, LANES } = system.settings as Record<string, string>;
  const before = await letters();
  const log = openLog({ brokers: KAFKA_BROKERS!.split(','), clientId: 'poison' });
  const topic = topicName(TOPIC_PREFIX!, 'ranking');
  const lane = laneOf('m1', Number(LANES));
  const producer = await log.producer(transactionalId(TOPIC_PREFIX!, 'poison'));
  const record = { topic, lane, key: 'm1', value: Buffer.from('not Avro'), timestamp: Date.now() };
  await producer.append(Array.from({ length: count }, () => record));
  await producer.close();
  await log.close();
  await until(async () => (await letters()) === before + count);
}
