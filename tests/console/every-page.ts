import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { until } from '#kernel/testing/until.ts';
import { ask } from '../answers.ts';
import { post } from './as-somebody.ts';
import { expectAccessible } from './browser.ts';
import { expectToBeWalked } from './keyboard.ts';
import type { RunningConsole } from './running-console.ts';

/** What has to be so on each page of the console, however it is looked at. */

const desktop = { width: 1_280, height: 800 };
const phone = { width: 390, height: 844 };
/** Wider and narrower ones, where only the layout is another one. */
const others = [
  { width: 1_920, height: 1_080 },
  { width: 768, height: 1_024 },
];
const patiently = { timeout: 480_000 };

type Running = () => RunningConsole;

export function everyPage(running: Running): void {
  it(
    'is accessible and fits, by keyboard, light and dark, on a desktop and a phone',
    patiently,
    async () => {
      const { ticketId, correlation } = await openTicket(running());
      await makeEvents(running());
      // Without the role, the operators' first page says so.
      const viewers = walk(running(), 'alice', [...ofViewers, `#/tickets/${ticketId}`, '#/ops']);
      const trace = `#/ops/trace?correlation=${correlation}`;
      const operators = walk(running(), 'olga', [...ofOperators, trace]);
      const leads = (await Promise.all([viewers, operators])).flat();
      await expectEvents(running(), new Set(leads));
    },
  );

  it('is itself, also if there is no such page: nothing of the page before is left', async () => {
    const { page } = await running().as('alice', '#/movies/m1');
    await page.getByRole('link', { name: 'Show the events' }).waitFor();
    await page.evaluate("location.hash = '#/nowhere'");
    await page.getByRole('heading', { level: 1, name: 'There is no such page' }).waitFor();
    await until(async () => (await page.title()) === 'No such page · Movies');
    expect(await page.getByRole('link', { name: 'Show the events' }).count()).toBe(0);
    await page.getByRole('button', { name: 'Show the request' }).click();
    await page.getByRole('dialog', { name: 'Requests behind “No such page”' }).waitFor();
  });
}

/** Streams has the events themselves; no event makes a schema, or a page that isn't there. */
const isWithoutEvents = (user: string, path: string): boolean =>
  /^#\/(nowhere|ops\/(streams|schemas))/.test(path) || (user === 'alice' && path === '#/ops');

const ofViewers = [
  ...['', '#/movies', '#/movies/m1', '#/me/votes', '#/me/reminders', '#/me/watched'],
  ...['#/me/stats', '#/me/recommendations', '#/me/notifications', '#/tickets', '#/nowhere'],
];

const ofOperators = [
  ...['#/ops', '#/ops/projections', '#/ops/projections/rankings', '#/ops/lanes', '#/ops/audit'],
  ...['#/ops/time', '#/ops/time?movie=m1', '#/ops/streams', '#/ops/streams?movie=m1'],
  ...['#/ops/streams?stream=movies/m1', '#/ops/tail?from=2020-01-01', '#/ops/dead-letters'],
  ...['#/ops/schemas', '#/ops/schemas/VoteCast', '#/ops/trace'],
];

/** @returns where the events behind each page are shown. */
async function walk(running: RunningConsole, user: string, paths: readonly string[]) {
  const leads: string[] = [];
  const { page } = await running.as(user, '');
  for (const path of paths) {
    await page.setViewportSize(desktop);
    await running.open(page, path);
    const loading = page.getByRole('status', { name: 'Loading' });
    await until(async () => (await loading.count()) === 0);
    const reached = await expectToBeWalked(page);
    const isThere = !isWithoutEvents(user, path);
    expect(reached.includes('Show the events'), `${path} shows its events`).toBe(isThere);
    const lead = page.getByRole('link', { name: 'Show the events' });
    if (isThere) leads.push((await lead.getAttribute('href')) ?? '');
    await expectAccessible(page);
    await expectToFit(page, path);
    await page.setViewportSize(phone);
    await expectToFit(page, path);
    // Names and roles are the same as on a desktop.
    await expectAccessible(page, 'looks');
    for (const size of others) {
      await page.setViewportSize(size);
      await expectToFit(page, path);
    }
  }
  await page.context().close();
  return leads;
}

/** Whoever follows a page to its events finds some. */
async function expectEvents(running: RunningConsole, leads: ReadonlySet<string>): Promise<void> {
  const { page } = await running.as('olga', '');
  for (const lead of leads) {
    await running.open(page, lead.slice(lead.indexOf('#')));
    const lines = page.getByRole('main').locator('ol > li').or(page.getByRole('option'));
    await lines
      .first()
      .waitFor()
      .catch((cause) => {
        throw new Error(`${lead} shows no event`, { cause });
      });
  }
  await page.context().close();
}

async function expectToFit(page: Page, path: string): Promise<void> {
  const wider = 'document.documentElement.scrollWidth - document.documentElement.clientWidth';
  const { width = 0 } = page.viewportSize() ?? {};
  const isPatient = { message: `${path} is wider than ${width} pixels`, timeout: 5_000 };
  // What is drawn by its measured width takes a frame to follow.
  await expect.poll(() => page.evaluate<number>(wider), isPatient).toBe(0);
}

/** Of the topics that have none yet where this test runs alone. */
async function makeEvents(running: RunningConsole): Promise<void> {
  const headers = await running.system.as('somebody', 'viewer');
  const { url } = running.commandApi;
  await ask(url, 'PUT /v1/movies/m1/vote', { body: { vote: 'like' }, headers });
  await ask(url, 'DELETE /v1/movies/m1/vote', { headers });
  const drop = { path: '/v1/ops/jobs/drop', body: { name: 'never-kept' } };
  await post(running, { user: 'olga', role: 'operator', ...drop });
}

type Events = { items: { correlationid: string }[] };

/** A ticket with its service order, and the request that opened it. */
export async function openTicket(running: RunningConsole) {
  const { system, queryApi } = running;
  const alice = { user: 'alice', role: 'viewer' } as const;
  const body = { subject: 'No picture', message: 'Dark from the start.', movieId: 'm1' };
  const { ticketId } = await post<{ ticketId: string }>(running, {
    ...{ ...alice, path: '/v1/tickets', body },
  });
  const headers = await system.as('olga', 'operator');
  let events: Events['items'] = [];
  await until(async () => {
    const path = `GET /v1/ops/events?ticket=${ticketId}`;
    events = (await ask<Events>(queryApi.url, path, { headers })).body.items ?? [];
    return events.length === 2;
  });
  return { ticketId, correlation: events[0]?.correlationid };
}
