import { randomUUID } from 'node:crypto';
import type { Page, Route } from 'playwright-core';
import { expect, it } from 'vitest';
import { until } from '#kernel/testing/until.ts';
import { ask } from '../answers.ts';
import { post, takeBackCrowd } from './as-somebody.ts';
import { button, strip } from './browser.ts';
import { passForeignEvents, sendPastTheApi } from './harm.ts';
import type { RunningConsole } from './running-console.ts';

/** An API that is killed in the middle of what people do on several pages at once. */

type Running = () => RunningConsole;

export function midwayJourneys(running: Running): void {
  killQueryApi(running);
  killCommandApi(running);
}

const away = (page: Page) => page.getByText(/gives no answer/).first();
const typesOf = (page: Page) => page.getByRole('option').locator('strong').allTextContents();

async function vote({ system, commandApi }: RunningConsole, user: string, movieId: string) {
  const headers = await system.as(user, 'viewer');
  const path = `PUT /v1/movies/${movieId}/vote`;
  await ask(commandApi.url, path, { body: { vote: 'like' }, headers });
}

async function takeBack({ system, commandApi }: RunningConsole, user: string, movieId: string) {
  const headers = await system.as(user, 'viewer');
  await ask(commandApi.url, `DELETE /v1/movies/${movieId}/vote`, { headers });
}

/** Nothing is reloaded and nothing clicked: each page goes on by itself. */
function killQueryApi(running: Running): void {
  it('goes on with a past, tails and news where they were, without a click', async () => {
    const [frida, greta, subject] = [randomUUID(), randomUUID(), `Killed ${randomUUID()}`];
    const ticket = { user: 'alice', role: 'viewer', path: '/v1/tickets' } as const;
    const body = { subject, message: 'Nobody is there.' };
    const { ticketId } = await post<{ ticketId: string }>(running(), { ...ticket, body });
    for (const film of ['m1', 'm2']) await vote(running(), frida, film);
    const { page: past } = await running().as('olga', `#/ops/time?user=${frida}`);
    const { page: tail } = await running().as('olga', `#/ops/tail?user=${frida}`);
    const { page: silent } = await running().as('olga', `#/ops/tail?user=${greta}`);
    const { page: news } = await running().as('alice', '#/me/notifications');
    const told = news.getByRole('link', { name: `“${subject}” was resolved` });
    for (const page of [tail, silent]) await page.getByText('live', { exact: true }).waitFor();
    await vote(running(), frida, 'm3');
    await until(async () => (await typesOf(tail)).length === 1);
    await past.getByText('Event 2 of 2').waitFor();
    // What stands beside the past is on its way when nobody answers any more.
    await past.route(/order=newest&limit=1$/, async (route) => {
      await running().queryApi.end('SIGKILL');
      await route.continue();
    });
    await past.getByRole('slider', { name: 'Moment' }).press('Home');
    for (const page of [past, tail, silent, news]) await away(page).waitFor();
    await tail.getByText('lost, opens again').waitFor();
    await takeBack(running(), frida, 'm3');
    await vote(running(), greta, 'm1');
    const path = `/v1/tickets/${ticketId}/resolve`;
    await post(running(), { user: 'sam', role: 'support', path, body: {} });
    const now = `newest event of ranking/m1/${frida}`;
    await past
      .getByRole('alert')
      .filter({ hasText: `The ${now} couldn’t be read` })
      .waitFor();
    await past.unroute(/order=newest&limit=1$/);
    await running().restart('queryApi');
    const beside = past.getByRole('region', { name: `Now: the ${now}` });
    await beside.getByText('The same as then.').waitFor();
    await past.getByText('Event 1 of 2').waitFor();
    await until(async () => (await typesOf(tail)).length === 2);
    expect(await typesOf(tail)).toEqual(['VoteCast', 'VoteRetracted']);
    await until(async () => (await typesOf(silent)).join() === 'VoteCast');
    await told.waitFor();
    await Promise.all([past, tail, silent, news].map((page) => away(page).waitFor(gone)));
    for (const film of ['m1', 'm2']) await takeBack(running(), frida, film);
    await takeBack(running(), greta, 'm1');
  });
}

const gone = { state: 'detached' } as const;

/** What several pages have asked is done, but the service is killed before its answers arrive. */
function killCommandApi(running: Running): void {
  const title = 'tells what has no answer, and does it once: a reveal, an undo, a ticket, discards';
  it(title, async () => {
    const text = `The words of ${randomUUID()}`;
    const before = await prepare(running(), text);
    const { page: lists } = await running().as('sam', '#/me/watched');
    const { page: reveals } = await running().as('olga', `#/ops/streams?ticket=${before.ticketId}`);
    const { page: tickets } = await running().as('alice', '#/tickets');
    const { page: crowd } = await running().as('alice', '');
    const { page: stream } = await running().as('olga', '#/ops/streams');
    const parked = await askToDiscard(running());
    await passForeignEvents(running());
    const at = lists.locator(`time[datetime="${before.watchedAt}"]`);
    const line = lists.getByRole('listitem').filter({ has: at });
    await line.getByRole('button', { name: 'Remove' }).click();
    await line.waitFor(gone);
    await askToReveal(reveals, text);
    await fillTicket(tickets, text);
    await button(crowd, 'Let ten people vote for a minute').click();
    await until(async () => (await votesOf(crowd)) > 0);
    // It takes no job yet: the page says that one waits for a worker.
    process.kill(running().replayWorker.pid, 'SIGSTOP');
    const lost = await loseAnswers(running(), [
      [lists, '**/v1/me/watched/*'],
      [reveals, '**/v1/ops/reveals'],
      [tickets, '**/v1/tickets'],
      [parked, '**/v1/ops/jobs/discard'],
    ]);
    await strip(lists).getByRole('button', { name: 'Undo' }).click();
    await reveals.getByRole('dialog').getByRole('button', { name: 'Reveal' }).click();
    await button(tickets, 'Open a ticket').click();
    await parked.getByRole('dialog').getByRole('button', { name: 'Discard' }).click();
    await lost();
    await running().replayWorker.end('SIGKILL');
    await stream.getByLabel('Filter', { exact: true }).fill(`stream:support/${before.ticketId}`);
    await stream.keyboard.press('Enter');
    for (const page of [lists, reveals, tickets, crowd, stream]) await away(page).waitFor();
    for (const page of [lists, reveals, tickets, parked]) {
      await strip(page).getByRole('button', { name: 'Try again' }).waitFor();
    }
    await stream.getByRole('alert').filter({ hasText: 'The stream couldn’t be read' }).waitFor();
    const voted = await votesOf(crowd);
    await running().restart('commandApi');
    await stream.getByRole('region', { name: /^The state after event/ }).waitFor();
    // Whoever sends the form again, in place of trying again, has one ticket all the same.
    await button(tickets, 'Open a ticket').click();
    for (const page of [lists, reveals, parked]) {
      await strip(page).getByRole('button', { name: 'Try again' }).click();
    }
    await line.waitFor();
    await reveals.getByText(`"${text}"`).waitFor();
    await tickets.getByRole('heading', { level: 1, name: text }).waitFor();
    await until(async () => (await votesOf(crowd)) > voted);
    await crowd.getByRole('button', { name: /^Stop/ }).click();
    await button(crowd, 'Let ten people vote for a minute').waitFor();
    await expectAllDiscarded(running(), parked);
    await expectOnce(running(), text, before.watchedAt);
    await takeBackCrowd(running(), ['m1', 'm2', 'm3']);
  });
}

type Before = { ticketId: string; watchedAt: string };

/** A ticket whose words are to be read, and a film that sam has watched at a time of its own. */
async function prepare(running: RunningConsole, message: string): Promise<Before> {
  const ticket = { subject: 'Nobody is there', message };
  const { ticketId } = await post<Before>(running, {
    ...({ user: 'alice', role: 'viewer', path: '/v1/tickets', body: ticket } as const),
  });
  const watchedAt = new Date(Date.now() - 3_600_000).toISOString();
  const path = '/v1/me/watched/m2';
  await post(running, { user: 'sam', role: 'viewer', path, body: { watchedAt } });
  return { ticketId, watchedAt };
}

async function askToReveal(page: Page, reason: string): Promise<void> {
  await page.getByRole('button', { name: /^TicketOpened at/ }).click();
  await button(page, 'Reveal').click();
  await page.getByLabel('Why?').fill(reason);
}

async function fillTicket(page: Page, text: string): Promise<void> {
  await page.getByLabel('Subject').fill(text);
  await page.getByLabel('Message').fill(text);
}

async function votesOf(page: Page): Promise<number> {
  const says = await page.getByRole('button', { name: /^Stop/ }).textContent();
  return Number(/\d+/.exec(says ?? '')?.[0]);
}

/**
 * Lets the command API do what each page asks, and kills it before the first answer arrives.
 * @returns how to wait for that.
 */
async function loseAnswers(
  running: RunningConsole,
  asked: readonly (readonly [page: Page, address: string])[],
): Promise<() => Promise<void>> {
  const killed = Promise.withResolvers<void>();
  let done = 0;
  for (const [page, address] of asked) {
    const lose = async (route: Route) => {
      await route.fetch();
      done += 1;
      if (done === asked.length) killed.resolve(running.commandApi.end('SIGKILL').then(() => {}));
      await killed.promise;
      await route.abort();
    };
    await page.route(address, lose, { times: 1 });
  }
  return () => killed.promise;
}

async function expectOnce(
  { queryApi, system }: RunningConsole,
  text: string,
  watchedAt: string,
): Promise<void> {
  type Items = { items: { subject?: string; watchedAt?: string; input?: { reason?: string } }[] };
  const count = async (
    [user, role]: [string, Parameters<typeof system.as>[1]],
    path: string,
    isIt: (item: Items['items'][number]) => boolean,
  ) => {
    const headers = await system.as(user, role);
    const { body } = await ask<Items>(queryApi.url, `GET ${path}?limit=50`, { headers });
    return body.items.filter(isIt).length;
  };
  const counts = await Promise.all([
    count(['sam', 'viewer'], '/v1/me/watched', (play) => play.watchedAt === watchedAt),
    count(['alice', 'viewer'], '/v1/me/tickets', ({ subject }) => subject === text),
    count(['olga', 'operator'], '/v1/ops/audit', ({ input }) => input?.reason === text),
  ]);
  expect(counts).toEqual([1, 1, 1]);
}

/** Three views and a reactor read the ranking's topic. */
const keys = Array.from({ length: 10 }, (_, at) => `killed ${at}`);
const all = keys.length * 4;

/** Asks whether all that lies there is to be discarded. */
async function askToDiscard(running: RunningConsole): Promise<Page> {
  await sendPastTheApi(running.system.settings, keys);
  const { page } = await running.as('olga', '#/ops/dead-letters?topic=ranking');
  await button(page, `Discard all ${all}`).click({ timeout: 30_000 });
  await page.getByLabel('Why?').fill('Sent past the API.');
  return page;
}

async function expectAllDiscarded(running: RunningConsole, page: Page): Promise<void> {
  const outcome = page.getByRole('region', { name: 'What came of it: discard' });
  await outcome.getByText(/^A replay worker takes it as soon as one is free/).waitFor();
  await running.restart('replayWorker');
  await outcome.getByText(`${all} of ${all} letters are discarded`).waitFor({ timeout: 30_000 });
  await page.getByText('No dead letters').waitFor();
  const results = outcome.getByRole('list', { name: 'Results' }).getByRole('listitem');
  expect(await results.count()).toBe(all);
  expect(await results.filter({ hasText: 'failed' }).count()).toBe(0);
}
