import type { Page } from 'playwright-core';
import { it } from 'vitest';
import { until } from '#kernel/testing/until.ts';
import { expectAccessible, openPage, strip } from './browser.ts';
import { openTicket } from './every-page.ts';
import type { RunningConsole } from './running-console.ts';

/** A query-api that is killed while pages of all kinds are open, and started again. */

type Running = () => RunningConsole;

export function killedQueryApiJourneys(running: Running): void {
  killUnderEachPage(running);
  killBeforeAVote(running);
}

const away = (page: Page) => page.getByText(/gives no answer/);

const ofViewers = (ticketId: string) => [
  ...['', '#/movies', '#/movies/m2', '#/me/votes', '#/me/reminders', '#/me/watched'],
  ...['#/me/stats', '#/me/recommendations', '#/me/notifications', '#/tickets'],
  `#/tickets/${ticketId}`,
];

const ofOperators = (correlation = '') => [
  ...['#/ops', '#/ops/projections', '#/ops/projections/votes', '#/ops/time?movie=m1'],
  ...['#/ops/streams?movie=m1', '#/ops/streams?stream=movies/m1', '#/ops/tail'],
  ...[`#/ops/trace?correlation=${correlation}`, '#/ops/dead-letters', '#/ops/schemas'],
  ...['#/ops/schemas/VoteCast', '#/ops/lanes', '#/ops/audit'],
];

type Opened = { page: Page; address: string; text: () => Promise<string> };

/** All pages of a user, in one browser's window each. */
async function openAll(running: RunningConsole, user: string, addresses: readonly string[]) {
  const opened: Opened[] = [];
  for (const address of addresses) {
    const { page } = await running.as(user, address);
    const text = () => page.getByRole('main').innerText();
    opened.push({ page, address, text });
  }
  return opened;
}

/** Nothing is told, nothing is on its way, and nothing has failed. */
async function untilWell({ page, address, text }: Opened): Promise<void> {
  const loading = page.getByRole('status', { name: 'Loading' });
  const left = async () => {
    const counts = [away(page), loading, page.getByRole('alert')].map((one) => one.count());
    return (await Promise.all(counts)).some((count) => count > 0);
  };
  await until(async () => !(await left())).catch(async (cause: Error) => {
    throw new Error(`${address} isn't well: ${await text()}`, { cause });
  });
}

const lookAgain = `window.dispatchEvent(new Event('visibilitychange'))`;

/** A read has failed, however often it was repeated. */
async function untilMissed({ page, address, text }: Opened): Promise<void> {
  const missed = page.getByRole('alert').filter({ hasText: 'couldn’t be read' });
  await missed
    .first()
    .waitFor()
    .catch(async (cause: Error) => {
      throw new Error(`${address} misses nothing: ${await text()}`, { cause });
    });
}

function killUnderEachPage(running: Running): void {
  const patiently = { timeout: 240_000 };
  it('says so on each page, which shows the same as before in the end', patiently, async () => {
    const { ticketId, correlation } = await openTicket(running());
    const viewers = await openAll(running(), 'alice', ofViewers(ticketId));
    const operators = await openAll(running(), 'olga', ofOperators(correlation));
    const all = [...viewers, ...operators];
    for (const one of all) await untilWell(one);
    const before = await Promise.all(viewers.map(({ text }) => text()));
    await running().queryApi.end('SIGKILL');
    for (const { page } of all) await away(page).first().waitFor();
    // Whoever looks at a page again has it read anew, in vain.
    for (const { page } of all) await page.evaluate(lookAgain);
    for (const one of viewers) await untilMissed(one);
    const flow = operators[0]!;
    await untilMissed(flow);
    await flow.page.getByText('All is well').waitFor({ state: 'detached' });
    for (const { page } of all) await expectAccessible(page, 'looks');
    await running().restart('queryApi');
    for (const one of all) await untilWell(one);
    // What operators see of the system is of each moment.
    for (const [at, { text }] of viewers.entries()) {
      await until(async () => (await text()) === before[at]);
    }
  });
}

function killBeforeAVote(running: Running): void {
  it('says so, keeps what was done meanwhile, and goes on', async () => {
    const { page } = await openPage(running().browser);
    const likes = (count: number) =>
      page.getByRole('button', { name: `Like Alpha: ${count}`, exact: true }).first();
    await running().open(page, '#/movies/m1');
    await likes(0).waitFor();
    await running().queryApi.end('SIGKILL');
    await away(page).waitFor();
    await likes(0).click();
    await strip(page)
      .getByText(/stored in/)
      .waitFor();
    await running().restart('queryApi');
    await strip(page)
      .getByText(/visible after/)
      .waitFor();
    await away(page).waitFor({ state: 'detached' });
    await likes(1).waitFor();
  });
}
