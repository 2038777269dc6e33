import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { until } from '#kernel/testing/until.ts';
import type { Stack } from '#local-stack/parts/stack.ts';
import { startOwnStack } from '../own-stack.ts';
import { button, strip, takeComplaints } from './browser.ts';
import { type RunningConsole, startConsole } from './running-console.ts';

/**
 * The console while a part of its system sleeps: it takes what is sent to it, and is silent. The
 * parts are this test's own.
 */

const films = [
  { movieId: 'm1', title: 'Alpha', genres: ['Drama'] },
  { movieId: 'm2', title: 'Beta', genres: ['Horror'] },
];

let stack: Stack;
let running: RunningConsole;
beforeAll(async () => {
  stack = await startOwnStack();
  running = await startConsole(films, stack.endpoints);
}, 180_000);
afterAll(async () => {
  await running?.stop();
  await stack?.stop();
});

afterEach(async () => {
  for (const context of running.browser.contexts()) await context.close();
  expect(takeComplaints()).toEqual([]);
});

/** An API says itself that it can't serve now, or says nothing. */
const told = (page: Page) => page.getByText(/(answered 503|gives no answer)\. The console asks/);
const like = (page: Page, count: number) => button(page, `Like Alpha: ${count}`).first();
const patiently = { timeout: 60_000 };

describe('a console on a stack of its own', { timeout: 240_000 }, () => {
  it.each([
    ['mongod', () => stack.mongods[0]],
    ['broker', () => stack.brokers[0]],
  ])('says so while the only %s sleeps, and goes on once it wakes', async (_, part) => {
    const { page: film } = await running.as('alice', '#/movies/m1');
    const { page: ranking } = await running.as('sam', '');
    const { page: flow } = await running.as('olga', '#/ops');
    const { page: views } = await running.as('olga', '#/ops/projections');
    for (const page of [film, ranking]) await like(page, 0).waitFor();
    const rankings = views.getByRole('row').filter({ hasText: 'rankings@' });
    await rankings.waitFor(patiently);
    await flow.getByRole('heading', { name: 'From command to screen' }).waitFor(patiently);
    const pid = part()!.pid!;
    process.kill(pid, 'SIGSTOP');
    try {
      await like(film, 0).click();
      await like(film, 1).waitFor();
      for (const page of [film, flow, views]) await told(page).first().waitFor(patiently);
      // What was read before stays beside that.
      await flow.getByRole('heading', { name: 'From command to screen' }).waitFor();
      await rankings.waitFor();
      await like(ranking, 0).waitFor();
    } finally {
      process.kill(pid, 'SIGCONT');
    }
    await untilVisible(film);
    // It counts once, however often it was sent.
    await like(ranking, 1).waitFor(patiently);
    await like(film, 1).waitFor();
    for (const page of [film, ranking, flow, views]) {
      const failures = page.getByRole('main').getByRole('alert');
      await until(async () => (await told(page).count()) + (await failures.count()) === 0);
    }
    await like(film, 1).click();
    await untilVisible(film);
    await like(ranking, 0).waitFor(patiently);
  });
});

/** If the part has slept for longer than the console repeats a command, a person does so. */
async function untilVisible(page: Page): Promise<void> {
  const again = strip(page).getByRole('button', { name: 'Try again' });
  const visible = strip(page).getByText(/visible after/);
  const isVisible = async () => {
    if (await again.isVisible()) await again.click();
    return visible.isVisible();
  };
  await until(isVisible, { limitMs: 60_000 });
}
