import type { Page, Route } from 'playwright-core';
import { expect, it } from 'vitest';
import { expectAccessible, strip } from './browser.ts';
import {
  askToCancel,
  cancelledByOlga,
  dropLeft,
  expectCancelled,
  rebuildSlowly,
  stepOf,
  unfinishedOne,
} from './failing-jobs.ts';
import { passForeignEvents } from './harm.ts';
import type { RunningConsole } from './running-console.ts';

/** A rebuild that an operator cancels while its worker, or an API, is killed. */

type Running = () => RunningConsole;
type Step = ReturnType<Page['getByRole']>;

const patiently = { timeout: 30_000 };
const cancellations = '**/v1/ops/jobs/*/cancel';

export function killedCancelJourneys(running: Running): void {
  killWorker(running);
  killQueryApi(running);
  killCommandApi(running);
}

function killWorker(running: Running): void {
  it('ends a job that was cancelled while its worker died, and does no more of it', async () => {
    const { page, step } = await cancelAmid(running(), async (confirm) => {
      process.kill(running().replayWorker.pid, 'SIGSTOP');
      await confirm();
    });
    await step.getByText('cancelling', { exact: true }).waitFor();
    await running().replayWorker.end('SIGKILL');
    await step.getByText(/If none runs, the next one ends it, and does no more of it/).waitFor();
    expect(await step.getByRole('button', { name: 'Cancel this job' }).count()).toBe(0);
    await expectAccessible(page);
    await running().restart('replayWorker');
    await expectOneEnd(page, step);
  });
}

function killQueryApi(running: Running): void {
  it('shows that a job was cancelled while query-api was dead, once it is back', async () => {
    const { page, step } = await cancelAmid(running(), async (confirm, page) => {
      const kill = async (route: Route) => {
        await running().queryApi.end('SIGKILL');
        await route.continue();
      };
      await page.route(cancellations, kill, { times: 1 });
      await confirm();
    });
    await strip(page)
      .getByText(/stored in/)
      .waitFor();
    await page
      .getByText(/gives no answer/)
      .first()
      .waitFor();
    // What was known before stays beside that.
    await step.getByRole('progressbar').waitFor();
    await running().restart('queryApi');
    await strip(page)
      .getByText(/visible after/)
      .waitFor();
    await expectOneEnd(page, step);
  });
}

function killCommandApi(running: Running): void {
  it('tells that a cancellation has no answer, and sends it again with one effect', async () => {
    await passForeignEvents(running());
    const { page, step } = await cancelAmid(running(), async (confirm, page) => {
      // It is stored, but the service is killed before its answer arrives.
      const loseAnswer = async (route: Route) => {
        await route.fetch();
        await running().commandApi.end('SIGKILL');
        await route.abort();
      };
      await page.route(cancellations, loseAnswer, { times: 1 });
      await confirm();
    });
    const again = strip(page).getByRole('button', { name: 'Try again' });
    await again.waitFor();
    await running().restart('commandApi');
    await again.click();
    await expectOneEnd(page, step);
  });
}

type Confirm = () => Promise<void>;

/** Lets an operator cancel a rebuild that is under way. */
async function cancelAmid(
  running: RunningConsole,
  cancel: (confirm: Confirm, page: Page) => Promise<void>,
): Promise<{ page: Page; step: Step }> {
  const { page } = await running.as('olga', '#/ops/projections/rankings');
  const step = stepOf(page);
  await rebuildSlowly(running, page);
  await step.getByRole('progressbar', { name: /: \d+ %$/ }).waitFor();
  const question = await askToCancel(page);
  await cancel(() => question.getByRole('button', { name: 'Cancel it' }).click(), page);
  return { page, step };
}

/** It was cancelled once, and what it left can be dropped. */
async function expectOneEnd(page: Page, step: Step): Promise<void> {
  await step.getByText('cancelled', { exact: true }).waitFor(patiently);
  await expectCancelled(page);
  await step.getByText(cancelledByOlga).waitFor();
  expect(await step.getByRole('progressbar').count()).toBe(0);
  await dropLeft(page, unfinishedOne);
}
