import { performance } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import type { CDPSession, Page } from 'playwright-core';
import { become } from '#tests/console/browser.ts';
import { rounded } from '../results.ts';
import { type Tasks, tasksDuring, together } from './tasks.ts';

/** What people do while their page is measured. */

/** After a collection of garbage. */
export type Memory = { minute: number; heapMb: number; nodes: number };

/** @returns milliseconds until the first page shows a ranking that can be clicked. */
export async function opened(page: Page, url: string): Promise<number> {
  await page.goto('about:blank');
  const session = await page.context().newCDPSession(page);
  await session.send('Network.clearBrowserCache');
  const startedAt = performance.now();
  await page.goto(url);
  await page
    .getByRole('button', { name: /^Like / })
    .first()
    .click({ trial: true });
  return Math.round(performance.now() - startedAt);
}

/** The loading of a page is measured apart. */
async function goTo(page: Page, url: string): Promise<void> {
  await page.goto('about:blank');
  await page.goto(url);
  await page.getByRole('heading', { level: 1 }).waitFor();
  await pause(3_000);
}

export async function browse(page: Page, url: string): Promise<Tasks> {
  await goTo(page, `${url}/#/movies`);
  return tasksDuring(page, async () => {
    for (let screen = 0; screen < 40; screen += 1) {
      await page.mouse.wheel(0, 2_000);
      await pause(100);
    }
  });
}

export async function search(page: Page, url: string): Promise<Tasks> {
  await goTo(page, url);
  return tasksDuring(page, async () => {
    for (const words of ['the ba', 'bace di', 'fogu']) {
      await page.keyboard.press('Control+k');
      await page.getByRole('combobox').pressSequentially(words, { delay: 60 });
      await page.getByRole('option').first().waitFor();
      await page.keyboard.press('Escape');
      await page.getByRole('combobox').waitFor({ state: 'detached' });
    }
  });
}

export async function tail(page: Page, url: string): Promise<Tasks> {
  await become(page, 'olga');
  await goTo(page, `${url}/#/ops/tail`);
  return tasksDuring(page, async () => {
    await page.getByLabel('Filter', { exact: true }).fill('from:2020-01-01 topic:ranking');
    await page.keyboard.press('Enter');
    await page.getByText(/^\d{2},\d{3} events$/).waitFor({ timeout: 60_000 });
    const list = page.getByRole('listbox');
    await list.hover();
    for (let screen = 0; screen < 40; screen += 1) {
      await page.mouse.wheel(0, 5_000);
      await pause(50);
    }
  });
}

type Watch = { url: string; minutes: number; speed: number };

/** Watches rankings: each of the minutes takes as much less time as they move faster. */
export async function watch(page: Page, { url, minutes, speed }: Watch) {
  await become(page, 'alice');
  await goTo(page, url);
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable');
  const memory: Memory[] = [{ minute: 0, ...(await memoryOf(session)) }];
  const tasks: Tasks[] = [];
  for (let minute = 1; minute <= minutes; minute += 1) {
    tasks.push(await tasksDuring(page, () => pause(60_000 / speed)));
    // A collection that nobody would ask for is not a task of the page.
    memory.push({ minute, ...(await memoryOf(session)) });
  }
  return { memory, tasks: together(tasks) };
}

async function memoryOf(session: CDPSession): Promise<Omit<Memory, 'minute'>> {
  await session.send('HeapProfiler.collectGarbage');
  const { metrics } = await session.send('Performance.getMetrics');
  const value = (wanted: string) => metrics.find(({ name }) => name === wanted)?.value ?? 0;
  return { heapMb: rounded(value('JSHeapUsedSize') / 1e6), nodes: value('Nodes') };
}
