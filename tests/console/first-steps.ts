import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { post } from './as-somebody.ts';
import { button, openPage, strip } from './browser.ts';
import type { RunningConsole } from './running-console.ts';

/** What somebody meets who tries the console for the first time, and tries it hard. */

type Running = () => RunningConsole;

export function firstSteps(running: Running): void {
  ofCode(running);
  ofUnsent(running);
  ofPages(running);
  ofTexts(running);
  ofLooks(running);
}

const codeOfFilms = '**/assets/movies-page-*';
const films = (page: Page) => page.getByRole('heading', { level: 1, name: 'Films' });

function ofCode(running: Running): void {
  it('a console whose scripts could not be fetched says what to do', async () => {
    const { page } = await openPage(running().browser);
    const scripts = '**/assets/*.js';
    await page.route(scripts, (route) => route.abort());
    await page.goto(`${running().queryApi.url}/`);
    await page.getByText('load the page again').waitFor();
    await page.unroute(scripts);
    await page.reload();
    await page.getByRole('link', { name: 'Films', exact: true }).waitFor();
    expect(await page.getByText('load the page again').count()).toBe(0);
  });

  it('a page whose code could not be fetched comes as soon as it can be', async () => {
    const { page } = await openPage(running().browser);
    await running().open(page);
    for (const files of [codeOfFilms, '**/console.json']) {
      await page.route(files, (route) => route.abort());
    }
    const asked = page.waitForEvent('requestfailed', (one) => one.url().includes('console.json'));
    await page.getByRole('link', { name: 'Films', exact: true }).click();
    await asked;
    expect(await films(page).count()).toBe(0);
    await page.unroute(codeOfFilms);
    await page.unroute('**/console.json');
    await films(page).waitFor();
  });

  it('a page whose code an upgrade took away is loaded anew, once', async () => {
    const { page } = await openPage(running().browser);
    await running().open(page);
    await page.route(codeOfFilms, (route) => route.fulfill({ status: 404 }));
    await page.evaluate('window.isTheSame = true');
    await page.getByRole('link', { name: 'Films', exact: true }).click();
    await page.getByRole('alert').getByText('dynamically imported module').waitFor();
    expect(await page.evaluate('window.isTheSame')).toBeUndefined();
    await page.unroute(codeOfFilms);
    await button(page, 'Try again').click();
    await films(page).waitFor();
  });
}

function ofUnsent(running: Running): void {
  it('a console that would forget what can be sent again isn’t loaded anew unasked', async () => {
    const { page } = await openPage(running().browser);
    await running().open(page);
    await page.route('**/vote', (route) => route.fulfill({ status: 409 }), { times: 1 });
    await page
      .getByRole('button', { name: /^Like / })
      .first()
      .click();
    await strip(page).getByRole('button', { name: 'Try again' }).waitFor();
    await page.route(codeOfFilms, (route) => route.fulfill({ status: 404 }));
    await page.evaluate('window.isTheSame = true');
    await page.getByRole('link', { name: 'Films', exact: true }).click();
    const why = page.getByRole('main').getByRole('alert').filter({ hasText: 'send first' });
    await why.waitFor();
    expect(await page.evaluate('window.isTheSame')).toBe(true);
    await page.unroute(codeOfFilms);
    await strip(page).getByRole('button', { name: 'Try again' }).click();
    await strip(page)
      .getByText(/visible after/)
      .waitFor();
    await strip(page).getByRole('button', { name: 'Undo' }).click();
    await strip(page)
      .getByText(/^DELETE/)
      .waitFor();
    await strip(page)
      .getByText(/visible after/)
      .waitFor();
    await why.getByRole('button', { name: 'Try again' }).click();
    await films(page).waitFor();
  });
}

function ofPages(running: Running): void {
  it('each list is one of My lists in the navigation', async () => {
    const { page } = await openPage(running().browser);
    for (const list of ['votes', 'reminders', 'watched']) {
      await running().open(page, `#/me/${list}`);
      const pages = page.getByRole('navigation', { name: 'Pages' });
      await pages.locator('[aria-current=page]').getByText('My lists').waitFor();
    }
  });

  it('nobody sees the votes of who was there before, and stays nobody', async () => {
    const { page } = await openPage(running().browser);
    await running().open(page);
    const likes = page.getByRole('button', { name: /^Like Alpha/ }).first();
    await likes.click();
    await likes.and(page.locator('[aria-pressed=true]')).waitFor();
    await page.getByText(/visible after/).waitFor();
    await page.getByRole('button', { name: 'You are alice' }).click();
    await button(page, 'Go on without a name').click();
    await likes.and(page.locator('[aria-pressed=false]:disabled')).waitFor();
    await running().open(page);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('button', { name: /^A?\s*alice/ }).click();
    await likes.and(page.locator('[aria-pressed=true]')).waitFor();
    await likes.click();
    await likes.and(page.locator('[aria-pressed=false]')).waitFor();
  });

  it('a dialog goes with the page that it was opened on', async () => {
    const { page } = await openPage(running().browser);
    await running().open(page);
    await page.getByRole('link', { name: 'Films', exact: true }).click();
    await films(page).waitFor();
    await page.getByRole('button', { name: 'You are alice' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.waitFor();
    // On a phone, a field would bring the keyboard up.
    expect(await page.evaluate('document.activeElement.tagName')).toBe('BUTTON');
    await page.goBack();
    await dialog.waitFor({ state: 'detached' });
  });
}

const word = 'x'.repeat(120);

function ofTexts(running: Running): void {
  it('a long word stays inside of its page', async () => {
    const body = { subject: word, message: word };
    const sent = { user: 'alice', role: 'viewer', path: '/v1/tickets', body } as const;
    const { ticketId } = await post<{ ticketId: string }>(running(), sent);
    for (const [user, path] of [
      ['alice', '#/tickets'],
      ['alice', `#/tickets/${ticketId}`],
      ['olga', `#/ops/streams?user=${word}`],
    ] as const) {
      const { page } = await running().as(user, path);
      await page.getByText(word).first().waitFor();
      const wider = 'document.documentElement.scrollWidth - document.documentElement.clientWidth';
      expect(await page.evaluate(wider), path).toBe(0);
    }
  });

  it('a long consistency token is shown in short', async () => {
    const { page } = await openPage(running().browser);
    await running().open(page, '#/movies/m2');
    await page.getByRole('button', { name: /^Like Beta/ }).click();
    await page.getByText(/visible after/).waitFor();
    await page.getByRole('button', { name: /^Like Beta/ }).click();
    await button(page, 'Show the request').click();
    const shown = page.getByRole('dialog').getByText(/consistency-token: [^']{24}…'/);
    await shown.first().waitFor();
    // Who copies it has all of it.
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    const requests = page.getByRole('dialog').getByRole('listitem');
    const withToken = requests.filter({ hasText: 'consistency-token' }).first();
    await withToken.getByRole('button', { name: 'Copy' }).click();
    await button(page, 'Copied').waitFor();
    const copied = await page.evaluate<string>('navigator.clipboard.readText()');
    expect(copied).toMatch(/consistency-token: [^'…]{25,}'/);
  });

  it('a ticket about a film calls it by its title', async () => {
    const { page } = await openPage(running().browser);
    await running().open(page, '#/tickets?movie=m1');
    await page.getByRole('heading', { name: 'What is wrong with Alpha?' }).waitFor();
  });

  it('an audit without acts doesn’t speak of a filter', async () => {
    const { page } = await running().as('olga', '#/ops/audit?user=nobody');
    await page.getByRole('heading', { name: 'Nobody did anything like this' }).waitFor();
    await page.route('**/v1/ops/audit?**', (route) =>
      route.fulfill({ json: { items: [], next: null, count: 0 } }),
    );
    await running().open(page, '#/ops/audit');
    await page.getByRole('heading', { name: 'No act yet' }).waitFor();
  });
}

function ofLooks(running: Running): void {
  it.each(['light', 'dark'] as const)('the first change of a %s look is one', async (theme) => {
    const { page } = await openPage(running().browser, { theme });
    await running().open(page);
    const looks = [];
    for (let step = 0; step < 3; step += 1) {
      await page.getByRole('button', { name: /^Theme: / }).click();
      looks.push(await page.locator('html').getAttribute('data-theme'));
    }
    const other = theme === 'light' ? 'dark' : 'light';
    expect(looks).toEqual([other, theme, 'system']);
  });
}
