import type { Route } from 'playwright-core';
import { expect, it } from 'vitest';
import { until } from '#kernel/testing/until.ts';
import { ask } from '../answers.ts';
import { expectAccessible, strip } from './browser.ts';
import { damageRanking, passForeignEvents } from './harm.ts';
import type { RunningConsole } from './running-console.ts';

/** Services that are killed while somebody waits for them, and started again. */

type Running = () => RunningConsole;

export function killedServicesJourneys(running: Running): void {
  killReplayWorker(running);
  killReactors(running);
  killCommandApi(running);
  killProjectors(running);
}

function killReplayWorker(running: Running): void {
  it('goes on with a rebuild, whose differences it shows, once the worker is back', async () => {
    const { system } = running();
    await damageRanking(system.settings, 'm2');
    const { page } = await running().as('olga', '#/ops/projections/rankings');
    const ofRebuild = page.getByRole('listitem').filter({ hasText: 'From the first event' });
    const bar = ofRebuild.getByRole('progressbar');
    await page.getByLabel('Events a second at most').fill(`${await pace(running())}`);
    await page.getByRole('button', { name: 'Rebuild' }).click();
    await bar.waitFor();
    await running().replayWorker.end('SIGKILL');
    await ofRebuild.getByText(/^No news of it/).waitFor();
    expect(await bar.isVisible()).toBe(true);
    await expectAccessible(page);
    await running().restart('replayWorker');
    await page.getByText('2 the same').waitFor({ timeout: 60_000 });
    await page.getByText('1 changed').waitFor();
    const likes = page.getByRole('row').filter({ hasText: 'm2' }).filter({ hasText: 'likes' });
    // The served one has the damage, and the new one hasn't.
    expect(await likes.first().locator('td').allTextContents()).toEqual([
      ...['m2', 'likes', expect.stringMatching(/^1\d\d\d$/), expect.stringMatching(/^\d\d?$/)],
    ]);
    expect(await bar.count()).toBe(0);
    const serve = page.getByRole('button', { name: /^Serve rankings\.g\d+$/ });
    const generation = (await serve.textContent())?.replace('Serve ', '');
    await serve.click();
    await page.getByText(`${generation} is served now`).first().waitFor();
    // It was one job, however many workers have done it.
    await running().open(page, '#/ops/audit');
    const acts = page.getByRole('region', { name: 'Acts of operators' }).locator('tbody tr');
    await acts.nth(1).waitFor();
    expect(await acts.nth(0).textContent()).toContain('switch');
    expect(await acts.nth(1).textContent()).toMatch(/rebuild.*done/);
  });
}

function killCommandApi(running: Running): void {
  it('tells that a vote has no answer, and sends it again with one effect', async () => {
    const { page } = await running().as('sam', '#/movies/m3');
    await passForeignEvents(running());
    const before = await eventsOf(running(), 'ranking/m3/sam');
    // The vote is stored, but the service is killed before its answer arrives.
    const loseAnswer = async (route: Route) => {
      await route.fetch();
      await running().commandApi.end('SIGKILL');
      await route.abort();
    };
    await page.route('**/v1/movies/m3/vote', loseAnswer, { times: 1 });
    await page.getByRole('button', { name: /^Like Gamma/ }).click();
    await page
      .getByText(/gives no answer/)
      .first()
      .waitFor();
    const again = page.getByRole('main').getByRole('button', { name: 'Try again' });
    await again.waitFor();
    // It is told for as long as it is so, while the query API answers.
    expect(await page.getByText(/gives no answer\. The console asks each second/).count()).toBe(1);
    await expectAccessible(page);
    await running().restart('commandApi');
    await again.click();
    await strip(page)
      .getByText(/visible after/)
      .waitFor();
    await until(async () => (await page.getByText(/gives no answer/).count()) === 0);
    expect(await eventsOf(running(), 'ranking/m3/sam')).toBe(before + 1);
  });
}

function killProjectors(running: Running): void {
  it('tells operators what is in trouble, and viewers what is yet to be shown', async () => {
    const flow = await running().as('olga', '#/ops');
    const projections = await running().as('olga', '#/ops/projections');
    const rankings = projections.page.getByRole('row').filter({ hasText: 'rankings@' });
    await rankings.getByRole('img', { name: 'and stays so' }).waitFor();
    const { page } = await running().as('viewer-1', '#/movies/m2');
    const like = page.getByRole('button', { name: /^Like Beta/, pressed: false });
    await like.waitFor();
    await running().projectors.end('SIGKILL');
    await like.click();
    await page.getByText('a read model has yet to show it').first().waitFor();
    await flow.page.getByRole('heading', { name: /in trouble$/ }).waitFor();
    const trouble = flow.page.getByRole('listitem').filter({ hasText: 'rankings@' });
    await trouble.first().waitFor();
    await rankings.getByRole('img', { name: 'and more so' }).waitFor();
    await until(async () => (await rankings.locator('td').nth(4).textContent()) !== '0');
    const trend = rankings.getByRole('img', { name: /^Behind: [1-9][\d.]* s at most$/ });
    const line = trend.locator('path:not([data-part])');
    await until(async () => {
      const heights = (await line.getAttribute('d'))?.match(/(?<= )[\d.]+/g) ?? [];
      return new Set(heights).size > 1;
    });
    for (const one of [flow.page, projections.page, page]) await expectAccessible(one);
    await running().restart('projectors');
    await strip(page)
      .getByText(/visible after/)
      .waitFor();
    const { system, commandApi } = running();
    const headers = await system.as('viewer-1', 'viewer');
    await ask(commandApi.url, 'DELETE /v1/movies/m2/vote', { headers });
    await page.getByRole('button', { name: /^Like Beta/, pressed: false }).waitFor();
    await trouble.first().waitFor({ state: 'detached' });
    await rankings.getByText('live', { exact: true }).waitFor();
  });
}

function killReactors(running: Running): void {
  it('shows the one service order of a ticket once the reactors are back', async () => {
    const { page } = await running().as('alice', '#/tickets?movie=m2');
    const { reactors, queryApi, system } = running();
    // They have seen nothing of the ticket when they are killed.
    process.kill(reactors.pid, 'SIGSTOP');
    try {
      await page.getByLabel('Subject').fill('No order yet');
      await page.getByLabel('Message').fill('Nobody is there.');
      await page.getByRole('button', { name: 'Open a ticket' }).click();
      await page.getByText('on its way to technical support').waitFor();
    } finally {
      await reactors.end('SIGKILL');
    }
    expect(await page.getByText(/^SO-\d{6}$/).count()).toBe(0);
    await expectAccessible(page);
    await running().restart('reactors');
    await page.getByText(/^SO-\d{6}$/).waitFor();
    const headers = await system.as('alice', 'viewer');
    const path = `GET /v1/tickets/${page.url().split('/').at(-1)}`;
    const { body } = await ask<{ timeline: { type: string }[] }>(queryApi.url, path, { headers });
    expect(body.timeline.filter(({ type }) => type === 'service-order')).toHaveLength(1);
  });
}

const seconds = 5;

type Projections = { items: { name: string; lanes: { positions: Record<string, number> }[] }[] };

/** @returns how many events a second let a rebuild of the rankings take some seconds. */
async function pace({ queryApi, system }: RunningConsole): Promise<number> {
  const headers = await system.as('olga', 'operator');
  const path = 'GET /v1/ops/projections';
  const { body } = await ask<Projections>(queryApi.url, path, { headers });
  const { lanes = [] } = body.items.find(({ name }) => name === 'rankings') ?? {};
  const read = lanes.flatMap(({ positions }) => Object.values(positions));
  return Math.ceil(read.reduce((sum, next) => sum + next, 0) / seconds);
}

async function eventsOf({ commandApi, system }: RunningConsole, stream: string): Promise<number> {
  const headers = await system.as('olga', 'operator');
  const path = `GET /v1/ops/stream?${new URLSearchParams({ id: stream, from: '1', limit: '1' })}`;
  return (await ask<{ count: number }>(commandApi.url, path, { headers })).body.count ?? 0;
}
