import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '#kernel/testing/until.ts';
import { buildConsole } from '../../console/build.ts';
import { ask } from '../answers.ts';
import { type Service, type System, startSystem } from '../system.ts';
import { expectAccessible, openBrowser, openPage } from './browser.ts';
import { openProvider } from './provider.ts';
import { proxyTo } from './sub-path.ts';

/** The console as people use it: in a real browser, on the whole system. */

const mostJavaScript = 150_000;
const films = [
  { movieId: 'm1', title: 'Alpha', genres: ['Drama'] },
  { movieId: 'm2', title: 'Beta', genres: ['Drama'] },
  { movieId: 'm3', title: 'Gamma', genres: ['Horror'] },
];

let dist: string;
let system: System;
let commandApi: Service;
let queryApi: Service;
let queryApiPort: string;
let browser: Browser;
let settings: Record<string, string>;

beforeAll(async () => {
  dist = await buildConsole();
  system = await startSystem('console');
  commandApi = await system.start('command-api');
  const people = [
    { user: 'alice', roles: ['viewer'] },
    { user: 'sam', roles: ['support', 'viewer'] },
  ] as const;
  const demoUsers = people.map(async ({ user, roles }) => {
    const { authorization } = await system.as(user, ...roles);
    return { user, roles, token: authorization.replace('Bearer ', '') };
  });
  settings = {
    CONSOLE_COMMAND_API: commandApi.url,
    CONSOLE_DEMO_USERS: JSON.stringify(await Promise.all(demoUsers)),
  };
  [queryApi, browser] = await Promise.all([
    system.start('query-api', settings),
    openBrowser(),
    system.start('projectors'),
    system.start('reactors', { COMMAND_API_URL: commandApi.url }),
  ]);
  queryApiPort = new URL(queryApi.url).port;
  for (const film of films) await addFilm(film);
  await until(async () => {
    const { body } = await ask<{ count: number }>(queryApi.url, 'GET /v1/rankings');
    return body.count === films.length;
  });
});
afterAll(async () => {
  await browser?.close();
  await system?.stop();
});

async function addFilm({ movieId, ...film }: (typeof films)[number]) {
  const body = {
    ...{ ...film, description: 'A film.', director: 'Ada', actors: ['Bob'] },
    ...{ year: 2016, runtimeMinutes: 90, rating: 7, ratingVotes: 1_000 },
  };
  const headers = await system.as('carol', 'catalogue');
  await ask(commandApi.url, `PUT /v1/movies/${movieId}`, { body, headers });
}

const ranked = (page: Page) => page.getByRole('region', { name: 'Ranking' }).locator('strong');
const happened = (page: Page) => page.getByRole('complementary', { name: 'What just happened' });
const likes = (page: Page, title: string, count: number) =>
  page.getByRole('button', { name: `Like ${title}: ${count}`, exact: true }).first();
const open = async (page: Page, path = '') => {
  // A page whose address differs after its # only wouldn't be loaded anew.
  await page.goto('about:blank');
  await page.goto(`${queryApi.url}/${path}`);
  await page.getByRole('heading', { level: 1 }).waitFor();
};

describe('the console', () => {
  it('shows a vote in the ranking of two browsers, and how it travelled', async () => {
    const { page, complaints } = await openPage(browser);
    const { page: other } = await openPage(browser);
    await Promise.all([open(page), open(other)]);
    await likes(page, 'Gamma', 0).waitFor();
    expect(await ranked(page).allTextContents()).toEqual(['Alpha', 'Beta', 'Gamma']);
    await likes(page, 'Gamma', 0).click();
    for (const one of [page, other]) {
      await likes(one, 'Gamma', 1).waitFor();
      await until(async () => (await ranked(one).first().textContent()) === 'Gamma');
    }
    const strip = happened(page);
    await strip.getByText(/visible after \d+ ms/).waitFor();
    expect(await strip.textContent()).toMatch(
      /PUT \/v1\/movies\/m3\/vote.*VoteCast.*ranking, lane \d, offset \d+.*stored in/,
    );
    await strip.getByRole('button', { name: 'Undo' }).click();
    await likes(page, 'Gamma', 0).waitFor();
    expect(complaints).toEqual([]);
  });

  it('follows a ticket to its service order', async () => {
    const { page, complaints } = await openPage(browser);
    await open(page, '#/tickets?movie=m1');
    await page.getByLabel('Subject').fill('No sound');
    await page.getByLabel('Message').fill('Silent from the start.');
    await page.getByRole('button', { name: 'Open a ticket' }).click();
    await page.getByText(/^SO-\d{6}$/).waitFor();
    await page.getByText('Silent from the start.').waitFor();
    expect(complaints).toEqual([]);
  });

  it('finds a film as one types, keeps a reminder of it, and takes it back', async () => {
    const { page, complaints } = await openPage(browser);
    await open(page);
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox').fill('bet');
    await page.getByRole('option', { name: 'Beta' }).waitFor();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'Beta' }).waitFor();
    await page.getByLabel('Note').fill('on a rainy day');
    await page.getByRole('button', { name: 'Remind me' }).click();
    await page.getByText('Some day — on a rainy day').waitFor();
    await page.getByRole('link', { name: 'My lists' }).click();
    await page.getByRole('link', { name: 'Reminders' }).click();
    await page.getByText('on a rainy day').waitFor();
    await page.getByRole('button', { name: 'Remove' }).click();
    await page.getByText('Nothing here yet').waitFor();
    await happened(page).getByRole('button', { name: 'Undo' }).click();
    await page.getByText('on a rainy day').waitFor();
    expect(complaints).toEqual([]);
  });

  it('shows each request as curl, without the token', async () => {
    const { page } = await openPage(browser);
    await open(page, '#/movies/m2');
    await page.getByRole('button', { name: 'Show the request' }).click();
    const text = await page.getByRole('dialog').textContent();
    expect(text).toContain(`curl '${queryApi.url}/v1/movies/m2'`);
    expect(text).toContain('Authorization: Bearer $TOKEN');
    expect(text).not.toMatch(/eyJ/);
  });

  it('is somebody else at once', async () => {
    const { page } = await openPage(browser);
    await open(page, '#/me/votes');
    await page.getByRole('button', { name: 'You are alice' }).click();
    await page.getByRole('button', { name: /^S?\s*sam/ }).click();
    await page.getByText('What sam said.').waitFor();
  });

  it('works under a path of a proxy that shows both APIs', async () => {
    const nested = await system.start('query-api', { CONSOLE_COMMAND_API: '/films/commands' });
    const targets = { '/films/commands/': commandApi.url, '/films/': nested.url };
    const proxy = await proxyTo(targets);
    const { page, complaints } = await openPage(browser);
    await page.goto(`${proxy.url}/films/#/movies/m2`);
    await page.getByRole('button', { name: 'Sign in' }).click();
    const { authorization } = await system.as('ada', 'viewer');
    await page.getByLabel('Or paste a token').fill(authorization);
    await page.getByRole('button', { name: 'Use it' }).click();
    await likes(page, 'Beta', 0).click();
    await happened(page)
      .getByText(/visible after/)
      .waitFor();
    expect(complaints).toEqual([]);
    await nested.end();
    proxy.close();
  });

  it('signs people in at an OpenID provider, and leads them back to their page', async () => {
    const { authorization } = await system.as('ada', 'viewer');
    const provider = await openProvider(authorization.replace('Bearer ', ''));
    const signing = await system.start('query-api', {
      CONSOLE_COMMAND_API: commandApi.url,
      CONSOLE_OIDC_ISSUER: provider.issuer,
      CONSOLE_OIDC_CLIENT_ID: 'console',
    });
    const { page, complaints } = await openPage(browser);
    await page.goto(`${signing.url}/#/movies/m2`);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('button', { name: /^Sign in at/ }).click();
    await page.getByRole('button', { name: 'You are ada' }).waitFor();
    await page.getByRole('heading', { level: 1, name: 'Beta' }).waitFor();
    expect(page.url()).toBe(`${signing.url}/#/movies/m2`);
    expect(complaints).toEqual([]);
    await signing.end();
    provider.close();
  });
});

describe('every page of the console', () => {
  const paths = [
    '',
    '#/movies',
    '#/movies/m1',
    '#/me/votes',
    '#/me/watched',
    '#/me/recommendations',
    '#/me/notifications',
    '#/tickets',
    '#/ops',
  ];
  const looks = [
    { theme: 'light', width: 1_280, height: 800 },
    { theme: 'dark', width: 390, height: 844 },
  ] as const;

  const patiently = { timeout: 120_000 };

  it.each(looks)('is accessible, $theme and $width pixels wide', patiently, async (look) => {
    const { page, complaints } = await openPage(browser, look);
    for (const path of paths) {
      await open(page, path);
      await page.getByRole('status', { name: 'Loading' }).waitFor({ state: 'detached' });
      await expectAccessible(page);
      const wider = await page.evaluate<number>(
        'document.documentElement.scrollWidth - document.documentElement.clientWidth',
      );
      expect(wider, `${path} is wider than the screen`).toBe(0);
    }
    expect(complaints).toEqual([]);
  });
});

describe('the files of the console', () => {
  it('have at most 150 kB of compressed JavaScript for the first page', async () => {
    const { page } = await openPage(browser);
    const loaded: string[] = [];
    page.on('response', (response) => {
      const { pathname } = new URL(response.url());
      if (pathname.endsWith('.js')) loaded.push(pathname);
    });
    await open(page);
    const sizes = loaded.map((path) => gzipSync(readFileSync(join(dist, path))).length);
    expect(sizes.length).toBeGreaterThan(0);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(mostJavaScript);
  });

  it('are sent compressed; only those whose names tell their contents are kept', async () => {
    const [script = ''] = readdirSync(join(dist, 'assets')).filter((name) => name.endsWith('.js'));
    const page = await fetch(queryApi.url);
    const asset = await fetch(`${queryApi.url}/assets/${script}`);
    expect(page.headers.get('cache-control')).toBe('no-cache');
    expect(page.headers.get('content-security-policy')).toContain("script-src 'self'");
    expect(page.headers.get('content-security-policy')).not.toContain('unsafe');
    expect(asset.headers.get('cache-control')).toContain('immutable');
    expect(asset.headers.get('content-encoding')).toMatch(/^(br|gzip)$/);
    expect((await fetch(`${queryApi.url}/assets/missing.js`)).status).toBe(404);
  });
});

describe('the tokens of the demo users', () => {
  const users = async (headers: Record<string, string>) => {
    const response = await fetch(`${queryApi.url}/console.json`, { headers });
    const { demoUsers } = (await response.json()) as { demoUsers: unknown[] };
    return { count: demoUsers.length, origin: response.headers.get('access-control-allow-origin') };
  };

  it("go to the console's own page on this machine only", async () => {
    expect(await users({})).toEqual({ count: 2, origin: null });
    const other = { origin: 'https://elsewhere.example', 'sec-fetch-site': 'cross-site' };
    expect(await users(other)).toEqual({ count: 0, origin: null });
    expect(await users({ 'x-forwarded-for': '192.0.2.1' })).toEqual({ count: 0, origin: null });
  });
});

describe('a console whose query-api is killed', () => {
  it('says so, keeps what was done meanwhile, and goes on', async () => {
    const { page, complaints } = await openPage(browser);
    await open(page, '#/movies/m1');
    await queryApi.end('SIGKILL');
    await page.getByText(/gives no answer/).waitFor();
    await likes(page, 'Alpha', 0).click();
    await happened(page)
      .getByText(/stored in/)
      .waitFor();
    queryApi = await system.start('query-api', { ...settings, QUERY_API_PORT: queryApiPort });
    await happened(page)
      .getByText(/visible after/)
      .waitFor();
    await page.getByText(/gives no answer/).waitFor({ state: 'detached' });
    await likes(page, 'Alpha', 1).waitFor();
    expect(complaints).toEqual([]);
  });
});
