import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { until } from '#kernel/testing/until.ts';
import { ask } from '../answers.ts';
import { button, expectAccessible, openPage, strip, takeComplaints } from './browser.ts';
import { everyPage } from './every-page.ts';
import { failureJourneys } from './failures.ts';
import { firstSteps } from './first-steps.ts';
import { keyboardJourneys } from './keyboard.ts';
import { killedCancelJourneys } from './killed-cancel.ts';
import { midwayJourneys } from './killed-midway.ts';
import { killedQueryApiJourneys } from './killed-query-api.ts';
import { killedRetryJourneys } from './killed-retry.ts';
import { killedServicesJourneys } from './killed-services.ts';
import { killedWorkerJourneys } from './killed-worker.ts';
import { letterJourneys } from './letters.ts';
import { linkJourneys } from './links.ts';
import { listsJourneys } from './lists.ts';
import { missingWorker } from './missing-worker.ts';
import { newsJourneys } from './news.ts';
import { operatorsJourneys } from './operators.ts';
import { panelJourneys } from './panels.ts';
import { people, type RunningConsole, startConsole } from './running-console.ts';
import { scrollingJourneys } from './scrolling.ts';
import { severalQueryApis } from './several-query-apis.ts';
import { signInJourneys } from './sign-in.ts';
import { proxyTo } from './sub-path.ts';
import { ticketJourneys } from './tickets.ts';
import { viewersJourneys } from './viewers.ts';
import { votingJourneys } from './voting.ts';

/** The console as people use it: in a real browser, on the whole system. */

const mostJavaScript = 150_000;
const films = [
  { movieId: 'm1', title: 'Alpha', genres: ['Drama'] },
  { movieId: 'm2', title: 'Beta', genres: ['Drama'] },
  { movieId: 'm3', title: 'Gamma', genres: ['Horror'] },
];

/** Neither out of the screen nor behind something. */
const isChosenSeen = `(() => {
  const chosen = document.querySelector('[role=option][aria-selected=true]');
  const { left, top, bottom, height } = chosen.getBoundingClientRect();
  const isInside = top >= 0 && bottom <= window.innerHeight;
  return isInside && chosen.contains(document.elementFromPoint(left + 20, top + height / 2));
})()`;

let running: RunningConsole;
let browser: Browser;
let open: RunningConsole['open'];
beforeAll(async () => {
  running = await startConsole(films);
  ({ browser, open } = running);
}, 120_000);
afterAll(() => running?.stop());

afterEach(async () => {
  // Pages that are left open would go on to ask.
  for (const context of browser.contexts()) await context.close();
  expect(takeComplaints()).toEqual([]);
});

const likes = (page: Page, title: string, count: number) =>
  page.getByRole('button', { name: `Like ${title}: ${count}`, exact: true }).first();

describe('voting', () => votingJourneys(() => running));

describe('the console', () => {
  it('follows a ticket to its service order', async () => {
    const { page } = await openPage(browser);
    await open(page, '#/tickets?movie=m1');
    await page.getByLabel('Subject').fill('No sound');
    await page.getByLabel('Message').fill('Silent from the start.');
    await page.getByRole('button', { name: 'Open a ticket' }).click();
    await page.getByText(/^SO-\d{6}$/).waitFor();
    await page.getByText('Silent from the start.').waitFor();
    await page.getByRole('main').getByRole('link', { name: 'Alpha' }).waitFor();
    await expectAccessible(page);
  });

  it('finds a page by its name before the films that have the word', async () => {
    const { page } = await openPage(browser);
    await open(page);
    await page.keyboard.press('Control+k');
    await page.keyboard.type('a');
    await page.getByRole('option', { name: 'Alpha' }).waitFor();
    expect(await page.getByRole('option').first().textContent()).toMatch(/^Audit/);
  });

  it('keeps what is chosen among all that is found in sight', async () => {
    const { page } = await openPage(browser, { height: 420 });
    await open(page);
    await page.keyboard.press('Control+k');
    const options = page.getByRole('option');
    const isSeen = () => page.evaluate<boolean>(isChosenSeen);
    for (const [key, at] of [['ArrowUp', -1] as const, ['ArrowUp', -2] as const]) {
      await page.keyboard.press(key);
      await options.and(page.locator('[aria-selected=true]')).waitFor();
      expect(await options.nth(at).getAttribute('aria-selected')).toBe('true');
      await until(isSeen);
    }
    for (let step = 0; step < 3; step += 1) await page.keyboard.press('ArrowDown');
    expect(await options.nth(1).getAttribute('aria-selected')).toBe('true');
    await until(isSeen);
    expect(await page.getByRole('combobox').isVisible()).toBe(true);
    await expectAccessible(page);
  });

  it('finds films and commands as one types; a reminder is kept, and taken back', async () => {
    const { page } = await openPage(browser);
    await open(page);
    await page.keyboard.press('Control+k');
    await page.keyboard.type('bet');
    await page.getByRole('option', { name: 'Beta' }).waitFor();
    await expectAccessible(page);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'Beta' }).waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('look');
    await page.getByText('2 found').waitFor();
    await page.keyboard.press('ArrowDown');
    await page.getByRole('option', { name: 'Look dark', selected: true }).waitFor();
    await page.keyboard.press('Enter');
    await until(async () => (await page.locator('html').getAttribute('data-theme')) === 'dark');
    // In a field, it is a letter like any other.
    await page.getByLabel('Note').press('/');
    expect(await page.getByLabel('Note').inputValue()).toBe('/');
    await page.getByLabel('Note').fill('on a rainy day');
    await page.getByRole('button', { name: 'Remind me' }).click();
    await page.getByText('Some day — on a rainy day').waitFor();
    await page.getByRole('link', { name: 'My lists' }).click();
    await page.getByRole('link', { name: 'Reminders' }).click();
    await page.getByText('on a rainy day').waitFor();
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Remove' }).click();
    await page.getByText('Nothing here yet').waitFor();
    await strip(page).getByRole('button', { name: 'Undo' }).click();
    await page.getByText('on a rainy day').waitFor();
  });

  it('shows each request as curl, without the token', async () => {
    const { page } = await openPage(browser);
    await open(page, '#/movies/m2');
    await likes(page, 'Beta', 0).click();
    await strip(page)
      .getByText(/visible after/)
      .waitFor();
    await button(page, 'Show the request').click();
    const text = (await page.getByRole('dialog').textContent()) ?? '';
    const read = `curl '${running.queryApi.url}/v1/movies/m2'`;
    const voted = `curl -X PUT '${running.commandApi.url}/v1/movies/m2/vote'`;
    // The newest first: the film was read again after the vote.
    expect(text.indexOf(read)).toBeGreaterThan(-1);
    expect(text.indexOf(voted)).toBeGreaterThan(text.indexOf(read));
    expect(text).toContain('Authorization: Bearer $TOKEN');
    expect(text).toMatch(/idempotency-key: [0-9a-f-]{36}'/);
    expect(text).toContain(`-d '{"vote":"like"}'`);
    expect(text).not.toMatch(/eyJ/);
    await page.keyboard.press('Escape');
    await likes(page, 'Beta', 1).click();
    await likes(page, 'Beta', 0).waitFor();
  });

  it('is somebody else at once', async () => {
    const { page } = await openPage(browser);
    await open(page, '#/me/votes');
    await page.getByRole('button', { name: 'You are alice' }).click();
    await expectAccessible(page);
    await page.getByRole('button', { name: /^S?\s*sam/ }).click();
    await page.getByText('The votes, reminders and films of sam.').waitFor();
    // The page shows what is sam's, and hears of it.
    const headers = await running.system.as('sam', 'viewer');
    const vote = { body: { vote: 'like' }, headers };
    const voted = page.getByRole('main').getByRole('listitem').filter({ hasText: 'Beta' });
    await ask(running.commandApi.url, 'PUT /v1/movies/m2/vote', vote);
    await voted.waitFor();
    await ask(running.commandApi.url, 'DELETE /v1/movies/m2/vote', { headers });
    await voted.waitFor({ state: 'detached' });
    await page.reload();
    await button(page, 'You are sam').waitFor();
  });

  it('works under a path of a proxy that shows both APIs', async () => {
    const nested = await running.system.start('query-api', {
      CONSOLE_COMMAND_API: '/films/commands',
    });
    const targets = { '/films/commands/': running.commandApi.url, '/films/': nested.url };
    const proxy = await proxyTo(targets);
    const { page } = await openPage(browser, { origins: [proxy.url] });
    const lost: string[] = [];
    page.on('response', (response) => {
      if (response.status() === 404) lost.push(response.url());
    });
    await page.goto(`${proxy.url}/films/#/movies/m2`);
    await page.getByRole('button', { name: 'Sign in' }).click();
    const { authorization } = await running.system.as('ada', 'viewer');
    await page.getByLabel('Or paste a token').fill('eyJ');
    await page.getByRole('button', { name: 'Use it' }).click();
    await page.getByRole('alert').getByText('This isn’t a whole token').waitFor();
    await page.getByLabel('Or paste a token').fill(authorization);
    await page.getByRole('button', { name: 'Use it' }).click();
    await likes(page, 'Beta', 0).click();
    await strip(page)
      .getByText(/visible after/)
      .waitFor();
    // Each page has files of its own.
    for (const link of await page
      .getByRole('navigation', { name: 'Pages' })
      .getByRole('link')
      .all()) {
      await link.click();
      await page.getByRole('heading', { level: 1 }).waitFor();
      await page.getByRole('status', { name: 'Loading' }).first().waitFor({ state: 'detached' });
    }
    expect(lost).toEqual([]);
    await nested.end();
    proxy.close();
  });
});

signInJourneys(() => running);

describe('every page of the console', () => everyPage(() => running));

describe('first steps in the console', { timeout: 120_000 }, () => firstSteps(() => running));

describe('the policy of the console', () => {
  it('tells the tests of whatever breaks it', async () => {
    const { page } = await openPage(browser);
    await open(page);
    await page.evaluate(`document.body.setAttribute('style', 'margin: 0')`);
    await page.evaluate(`try { document.body.innerHTML = '' } catch {}`);
    const told: string[] = [];
    await until(() => {
      told.push(...takeComplaints());
      return ['style-src-attr', 'require-trusted-types-for'].every((rule) =>
        told.some((one) => one.includes(`Security Policy: ${rule}`)),
      );
    });
  });
});

describe('viewers', () => {
  viewersJourneys(() => running);
  scrollingJourneys(() => running);
  listsJourneys(() => running);
});

operatorsJourneys(() => running);

describe('the console by keyboard', { timeout: 120_000 }, () => keyboardJourneys(() => running));

letterJourneys(() => running);
panelJourneys(() => running);
failureJourneys(() => running);
ticketJourneys(() => running);
linkJourneys(() => running);
newsJourneys(() => running);

describe('the files of the console', () => {
  it('have at most 150 kB of compressed JavaScript for the first page', async () => {
    const { page } = await openPage(browser);
    const loaded: string[] = [];
    page.on('response', (response) => {
      const { pathname } = new URL(response.url());
      if (pathname.endsWith('.js')) loaded.push(pathname);
    });
    await open(page);
    const sizes = loaded.map((path) => gzipSync(readFileSync(join(running.dist, path))).length);
    expect(sizes.length).toBeGreaterThan(0);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(mostJavaScript);
  });

  it('are sent compressed; only those whose names tell their contents are kept', async () => {
    const [script = ''] = readdirSync(join(running.dist, 'assets')).filter((name) =>
      name.endsWith('.js'),
    );
    const page = await fetch(running.queryApi.url);
    const asset = await fetch(`${running.queryApi.url}/assets/${script}`);
    expect(page.headers.get('cache-control')).toBe('no-cache');
    const policy = page.headers.get('content-security-policy');
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self'");
    expect(policy).not.toContain('unsafe');
    expect(asset.headers.get('cache-control')).toContain('immutable');
    expect(asset.headers.get('content-encoding')).toMatch(/^(br|gzip)$/);
    expect((await fetch(`${running.queryApi.url}/assets/missing.js`)).status).toBe(404);
  });
});

describe('the tokens of the demo users', () => {
  const users = async (headers: Record<string, string>) => {
    const response = await fetch(`${running.queryApi.url}/console.json`, { headers });
    const { demoUsers } = (await response.json()) as { demoUsers: unknown[] };
    return { count: demoUsers.length, origin: response.headers.get('access-control-allow-origin') };
  };

  it("go to the console's own page on this machine only", async () => {
    expect(await users({})).toEqual({ count: people.length, origin: null });
    const other = { origin: 'https://elsewhere.example', 'sec-fetch-site': 'cross-site' };
    expect(await users(other)).toEqual({ count: 0, origin: null });
    expect(await users({ 'x-forwarded-for': '192.0.2.1' })).toEqual({ count: 0, origin: null });
  });
});

describe('a console whose query-api is killed', () => {
  killedQueryApiJourneys(() => running);
  severalQueryApis(() => running);
});

describe('a console whose other services are killed', { timeout: 120_000 }, () => {
  killedServicesJourneys(() => running);
  midwayJourneys(() => running);
  killedRetryJourneys(() => running);
  killedWorkerJourneys(() => running);
  killedCancelJourneys(() => running);
  missingWorker(() => running);
});
