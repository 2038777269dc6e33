import { randomUUID } from 'node:crypto';
import { type Db, MongoClient } from 'mongodb';
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { asOfsIn } from '#kernel/projector/generations/as-of-documents.ts';
import { readModelsOf } from '#kernel/projector/generations/generations.ts';
import { until } from '#kernel/testing/until.ts';
import { progressOfJobs } from '#schemas/operations/job-progress.ts';
import { ask } from '../answers.ts';
import { button } from './browser.ts';
import { killWorkerAmid, stopWorkerAmid } from './harm.ts';
import type { RunningConsole } from './running-console.ts';

/** A replay worker that dies amid a switch, the way back, or views that are kept as of a time. */

type Running = () => RunningConsole;

const patiently = { timeout: 30_000 };

export function killedWorkerJourneys(running: Running): void {
  killAmidSwitch(running);
  killAmidRollback(running);
  killAmidAsOf(running);
}

function killAmidSwitch(running: Running): void {
  it('serves what it was asked to, once, when its worker died amid the switch', async () => {
    const { page, serve, generation } = await rebuilt(running());
    const step = stepOf(page, 'is served at once by all');
    await askWhileStopped(running(), serve, step, (...job) => isAmidServing(...job, generation));
    await step.getByText(`${generation} is served now`).waitFor(patiently);
    await expectOneAct(running(), 'switch');
    await page.getByRole('button', { name: /^Serve rankings\.g\d+ again/ }).click();
    await step.getByText(`${generation} is served now`).waitFor({ state: 'detached' });
  });
}

/** A second way back would lead to the new generation again. */
function killAmidRollback(running: Running): void {
  it('goes back once when its worker died amid that', async () => {
    const { page, back, before, generation } = await switched(running());
    const step = stepOf(page, 'stays until the next switch');
    await askWhileStopped(running(), back, step, (...job) => isAmidServing(...job, before));
    await step.getByText(`${before} is served now`).waitFor(patiently);
    await button(page, `Serve ${generation} again in place of ${before}`).waitFor();
    await expectOneAct(running(), 'rollback');
  });

  it('goes back while no projector is there, and says so once one is', async () => {
    const { page, back, before, generation } = await switched(running());
    const { page: flow } = await running().as('olga', '#/ops');
    const missing = flow.getByRole('listitem').filter({ hasText: /No projectors are there/ });
    const step = stepOf(page, 'stays until the next switch');
    await askAndHarm(running(), back, step, async (...job) => {
      await stopWorkerAmid(running(), () => isAmidServing(...job, before));
      await running().projectors.end('SIGKILL');
      process.kill(running().replayWorker.pid, 'SIGCONT');
    });
    await missing.waitFor();
    // The views themselves tell what is served; that the job is done is in a view that stands.
    await button(page, `Serve ${generation} again in place of ${before}`).waitFor();
    await step.getByText(/^No news of it/).waitFor();
    await running().restart('projectors');
    await step.getByText(`${before} is served now`).waitFor(patiently);
    await missing.waitFor({ state: 'detached' });
    await expectOneAct(running(), 'rollback');
  });
}

const stepOf = (page: Page, text: string) => page.getByRole('listitem').filter({ hasText: text });

/** @returns a new generation of the rankings, and the button that serves it. */
async function rebuilt(running: RunningConsole) {
  const { page } = await running.as('olga', '#/ops/projections/rankings');
  await button(page, 'Rebuild').click();
  const serve = page.getByRole('button', { name: /^Serve rankings\.g\d+$/ });
  await serve.waitFor(patiently);
  const generation = ((await serve.textContent()) ?? '').replace('Serve ', '');
  return { page, serve, generation };
}

/** @returns the generation that is served now, the one before, and the button that goes back. */
async function switched(running: RunningConsole) {
  const { page, serve, generation } = await rebuilt(running);
  await serve.click();
  const back = page.getByRole('button', { name: /^Serve rankings\.g\d+ again in place of/ });
  const isThere = back.and(page.locator(':enabled')).filter({ hasText: `of ${generation}` });
  await isThere.waitFor(patiently);
  const [before = ''] = /rankings\.g\d+/.exec((await isThere.textContent()) ?? '') ?? [];
  return { page, back, before, generation };
}

async function isAmidServing(db: Db, jobId: string, generation: string): Promise<boolean> {
  const { active } = (await readModelsOf(db).findOne({ view: 'rankings' }))!;
  const known = await progressOfJobs(db).findOne({ _id: jobId });
  return known?.targets != null && active !== generation;
}

function killAmidAsOf(running: Running): void {
  it('shows a past amid whose making the worker died, as it was', async () => {
    const user = randomUUID();
    for (const wanted of ['like', 'dislike']) await vote(running(), user, wanted);
    const { page } = await running().as('olga', `#/ops/time?user=${user}&at=1`);
    const views = page.getByRole('region', { name: 'What readers saw then' });
    const keep = views.getByRole('button', { name: /^Keep movies and rankings/ });
    await askWhileStopped(running(), keep, views, async (db) => {
      const begun = await asOfsIn(db).findOne({ builtAt: null });
      return begun !== null;
    });
    await views.getByText(/^\?asOf=at-\w+ shows/).waitFor(patiently);
    await page.getByRole('region', { name: 'The ranking then and now' }).waitFor();
    const film = page.getByRole('region', { name: 'Then: Gamma' });
    await film.getByText(/dislikes \(changed\) \d/).waitFor();
    await expectOneAct(running(), 'as-of');
    const headers = await running().system.as(user, 'viewer');
    await ask(running().commandApi.url, 'DELETE /v1/movies/m3/vote', { headers });
  });
}

type Found = ReturnType<Page['getByRole']>;

/**
 * Lets an operator ask for something that a worker begins, and is killed amid; the next worker goes
 * on with it.
 */
async function askWhileStopped(
  running: RunningConsole,
  asking: Found,
  shown: Found,
  isAmid: (db: Db, jobId: string) => Promise<boolean>,
): Promise<void> {
  await askAndHarm(running, asking, shown, (...job) =>
    killWorkerAmid(running, () => isAmid(...job)),
  );
  await shown.getByText(/^No news of it/).waitFor();
  await running.restart('replayWorker');
}

/** Lets an operator ask for something while the worker stands still, and then does some harm. */
async function askAndHarm(
  running: RunningConsole,
  asking: Found,
  shown: Found,
  harm: (db: Db, jobId: string) => Promise<void>,
): Promise<void> {
  const { MONGO_URL = '', MONGO_DATABASE } = running.system.settings;
  const page = asking.page();
  const isAsked = page.waitForResponse(
    (answer) => answer.request().method() === 'POST' && answer.url().includes('/v1/ops/jobs/'),
  );
  process.kill(running.replayWorker.pid, 'SIGSTOP');
  await asking.click();
  const { jobId } = (await (await isAsked).json()) as { jobId: string };
  await shown.getByText(/^A replay worker takes it as soon as one is free/).waitFor();
  const mongo = await MongoClient.connect(MONGO_URL);
  await harm(mongo.db(MONGO_DATABASE), jobId);
  await mongo.close();
}

async function vote({ system, commandApi }: RunningConsole, user: string, wanted: string) {
  const asked = { body: { vote: wanted }, headers: await system.as(user, 'viewer') };
  await ask(commandApi.url, 'PUT /v1/movies/m3/vote', asked);
}

/** It is one job, however many workers have done it, and it is done. */
async function expectOneAct({ system, queryApi }: RunningConsole, act: string): Promise<void> {
  const headers = await system.as('olga', 'operator');
  type Acts = { items: { act: string; status: string }[] };
  const newest = async () =>
    (await ask<Acts>(queryApi.url, 'GET /v1/ops/audit?limit=2', { headers })).body.items;
  await until(async () => (await newest())[0]?.status === 'done');
  const [last, before] = await newest();
  expect(last?.act).toBe(act);
  expect(before?.act).not.toBe(act);
}
