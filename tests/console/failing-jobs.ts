import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { ask } from '../answers.ts';
import { post } from './as-somebody.ts';
import { button, expectAccessible } from './browser.ts';
import type { RunningConsole } from './running-console.ts';

type Running = () => RunningConsole;
type Job = { jobId: string; act: string };

/** What operators see of a rebuild that fails while it runs, and of those that they don't want. */
export function failingJobs(running: Running): void {
  failingRebuild(running);
  cancelledRebuild(running);
  droppedGenerations(running);
}

/** The step in which a rebuild is asked for and told of. */
export const stepOf = (page: Page) =>
  page.getByRole('listitem').filter({ hasText: 'From the first event' });

/** Votes that are taken back: so many events that a slow rebuild takes a while. */
async function letVote({ system, commandApi }: RunningConsole): Promise<void> {
  for (let number = 1; number <= 10; number += 1) {
    const headers = await system.as(`voter-${number}`, 'viewer');
    const path = '/v1/movies/m3/vote';
    await ask(commandApi.url, `PUT ${path}`, { body: { vote: 'like' }, headers });
    await ask(commandApi.url, `DELETE ${path}`, { headers });
  }
}

/** @returns the job of a rebuild of one event a second, asked for on the page of a view. */
export async function rebuildSlowly(running: RunningConsole, page: Page): Promise<Job> {
  await letVote(running);
  const asked = page.waitForResponse(
    (answer) => answer.url().endsWith('/v1/ops/jobs/rebuild') && answer.ok(),
  );
  await page.getByLabel('Events a second at most').fill('1');
  await page.getByRole('button', { name: 'Rebuild' }).click();
  return (await (await asked).json()) as Job;
}

function failingRebuild(running: Running): void {
  it('see how far a rebuild is, and why it failed in place of that', async () => {
    const { page } = await running().as('olga', '#/ops/projections/rankings');
    const step = stepOf(page);
    const { jobId } = await rebuildSlowly(running(), page);
    await step.getByRole('progressbar', { name: /: [1-9]\d? %$/ }).waitFor();
    await step.getByText('1.0/s', { exact: true }).waitFor();
    expect(await step.textContent()).toMatch(/Events[1-9].*Rate1\.0\/s.*Time left\d/);
    // As the worker says when it gives up.
    const outcome = 'The disk of the read models is full.';
    const path = `/v1/ops/jobs/${jobId}/end`;
    const worker = { user: 'worker', role: 'service' } as const;
    await post(running(), { ...worker, path, body: { succeeded: false, outcome } });
    await step.getByRole('alert').filter({ hasText: outcome }).waitFor();
    expect(await step.getByRole('progressbar').count()).toBe(0);
  });
}

function cancelledRebuild(running: Running): void {
  it('cancel a rebuild that would take too long; the audit says who did so, and why', async () => {
    const { page } = await running().as('olga', '#/ops/projections/rankings');
    const { jobId } = await rebuildSlowly(running(), page);
    const step = stepOf(page);
    await step.getByRole('progressbar', { name: /: \d+ %$/ }).waitFor();
    await step.getByText('1.0/s', { exact: true }).waitFor();
    expect(await step.textContent()).toMatch(/Events[1-9].*Rate1\.0\/s.*Time left\d/);
    const question = await askToCancel(page);
    await expectAccessible(page);
    await question.getByRole('button', { name: 'Cancel it' }).click();
    await expectCancelled(page);
    await running().open(page, `#/ops/audit?opened=${jobId}`);
    const act = page.getByRole('region', { name: 'Acts of operators' });
    await act.getByText(cancelledByOlga).waitFor();
    await act.getByText('cancelled', { exact: true }).first().waitFor();
  });
}

export const cancelledByOlga = /^olga cancelled it, .*: It would take a day\.$/;

/** @returns the question whether the rebuild is to be cancelled, with a reason. */
export async function askToCancel(page: Page): Promise<ReturnType<Page['getByRole']>> {
  await stepOf(page).getByRole('button', { name: 'Cancel this job' }).click();
  const question = page.getByRole('dialog', { name: 'Cancel the rebuild?' });
  await question.getByLabel('Why?').fill('It would take a day.');
  return question;
}

export async function expectCancelled(page: Page): Promise<void> {
  const step = stepOf(page);
  await step.getByText('cancelled', { exact: true }).waitFor();
  await step.getByText(/is unfinished, and the next rebuild goes on with it$/).waitFor();
  expect(await step.getByRole('button', { name: 'Cancel this job' }).count()).toBe(0);
}

function droppedGenerations(running: Running): void {
  it('drop what a cancelled rebuild has left, and what another one has kept', async () => {
    const { page } = await running().as('olga', '#/ops/projections/rankings');
    const unfinished = await dropLeft(page, unfinishedOne);
    await button(page, 'Rebuild').click();
    await page.getByText('3 the same').waitFor();
    const kept = await dropLeft(page, /^(rankings\.g\d+) is kept for a switch/);
    expect(kept).not.toBe(unfinished);
    await button(page, 'Nothing is kept for a switch').waitFor();
  });
}

export const unfinishedOne = /^(rankings\.g\d+) is unfinished: the next rebuild/;

/** @param left what the step says of a generation. @returns the generation, which is dropped. */
export async function dropLeft(page: Page, left: RegExp): Promise<string> {
  const step = stepOf(page);
  const [, generation = ''] = left.exec((await step.getByText(left).textContent()) ?? '') ?? [];
  await step.getByRole('button', { name: `Drop ${generation}` }).click();
  const question = page.getByRole('dialog', { name: `Drop ${generation}?` });
  await expectAccessible(page);
  await question.getByRole('button', { name: 'Drop it' }).click();
  await step.getByText(`${generation} is dropped`).waitFor();
  await step.getByText(left).waitFor({ state: 'detached' });
  await page.getByText('After the rebuild.').waitFor();
  return generation;
}
