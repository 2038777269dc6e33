import { MongoClient } from 'mongodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readModelsOf } from '#kernel/projector/generations/generations.ts';
import { until } from '#kernel/testing/until.ts';
import { ask, type Done, doneOf, up } from '#tests/answers.ts';
import { type Service, type System, startSystem } from '#tests/system.ts';

/** Operators ask for acts by commands; a worker does them. */

let system: System;
let commandApi: Service;
let queryApi: Service;
let operator: { authorization: string };
let mongo: MongoClient;
/** The job of the rebuild that is asked for before any worker runs. */
let asked: string;

type Job = { jobId: string; status: string; outcome: string; results: unknown[]; worker: string };

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
      ...['rebuild', 'rollback', 'rebuild', 'switch', 'as-of', 'drop', 'rollback', 'retry'],
    ]);
  });
});
