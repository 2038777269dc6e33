import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { ask } from '../answers.ts';
import { expectAccessible, openPage } from './browser.ts';
import type { RunningConsole } from './running-console.ts';

/** What the console says when a read fails, and that it can be tried again. */

const patiently = { timeout: 120_000 };

type Running = () => RunningConsole;

export function failureJourneys(running: Running): void {
  describe('a read that fails', patiently, () => {
    ofWhatIsAwaited(running);
    ofWhatIsShown(running);
    ofThePast(running);
    ofWhatWasStored(running);
  });
}

/**
 * Lets reads of an address fail in a way that the client doesn't repeat by itself.
 * @returns how to let them succeed again.
 */
async function failing(page: Page, address: string, status = 503): Promise<() => Promise<void>> {
  const problem = { title: 'Out of order', status, code: 'test', detail: 'It is a test.' };
  await page.route(address, (route) =>
    route.request().method() === 'GET'
      ? route.fulfill({ status, contentType: 'application/problem+json', json: problem })
      : route.continue(),
  );
  return () => page.unroute(address);
}

const tryAgain = (page: Page, text: string) =>
  page
    .getByRole('main')
    .getByRole('alert')
    .filter({ hasText: text })
    .getByRole('button', { name: 'Try again' })
    .click();

function ofWhatIsAwaited(running: Running): void {
  it('is told while it has yet to fail or succeed, once one has waited for it', async () => {
    const { page } = await openPage(running().browser);
    const answered = Promise.withResolvers<void>();
    await page.route('**/v1/rankings?**', async (route) => {
      await answered.promise;
      await route.continue();
    });
    await running().open(page);
    await page.getByText('Still waiting for the ranking').waitFor();
    answered.resolve();
    await page.getByText('Still waiting').first().waitFor({ state: 'detached' });
  });
}

function ofWhatIsShown(running: Running): void {
  it('is told beside the older answer, until a later one succeeds', async () => {
    const { page } = await running().as('olga', '#/ops/audit');
    await page.getByRole('heading', { name: /acts$/ }).waitFor();
    const succeed = await failing(page, '**/v1/ops/audit?**');
    const told = page.getByRole('alert').filter({ hasText: 'couldn’t be read again' });
    await told.getByText('Out of order').waitFor();
    await page.getByRole('heading', { name: /acts$/ }).waitFor();
    await expectAccessible(page);
    await succeed();
    await told.getByRole('button', { name: 'Try again' }).click();
    await told.waitFor({ state: 'detached' });
  });

  it('is told for genres, which no page shows as none', async () => {
    const { page } = await openPage(running().browser);
    const succeed = await failing(page, '**/v1/genres');
    await running().open(page);
    await page.getByText('The genres couldn’t be read: Out of order').waitFor();
    await running().open(page, '#/movies');
    await page.getByText('The genres couldn’t be read: Out of order').waitFor();
    await succeed();
    await tryAgain(page, 'The genres');
    await page.getByRole('option', { name: /^Drama/ }).waitFor({ state: 'attached' });
  });

  it('is told beside the first film, which stays', async () => {
    const { page } = await openPage(running().browser);
    const succeed = await failing(page, '**/v1/movies/*');
    await running().open(page);
    await page.getByText('More of it couldn’t be read: Out of order').waitFor();
    await page.getByRole('main').getByRole('heading', { level: 2 }).first().waitFor();
    await succeed();
    await tryAgain(page, 'More of it');
    await page.getByRole('article').getByText('A film.').waitFor();
  });

  it('is told by the finder, which shows it as no film', async () => {
    const { page } = await openPage(running().browser);
    const succeed = await failing(page, '**/v1/search?**');
    await running().open(page);
    await page.keyboard.press('Control+k');
    await page.keyboard.type('gam');
    const dialog = page.getByRole('dialog');
    const alert = dialog.getByRole('alert');
    await alert.getByText('Films couldn’t be searched: Out of order').waitFor();
    await expectAccessible(page);
    await succeed();
    await alert.getByRole('button', { name: 'Try again' }).click();
    await page.getByRole('option', { name: 'Gamma' }).waitFor();
    const answered = Promise.withResolvers<void>();
    await page.route('**/v1/search?**', async (route) => {
      await answered.promise;
      await route.continue();
    });
    await page.getByRole('combobox').fill('xyzzyplugh');
    await dialog.getByText('Looking for films …').waitFor();
    answered.resolve();
    await dialog.getByText('Nothing is called like this').waitFor();
  });
}

function ofThePast(running: Running): void {
  it('says nothing of what was there then', async () => {
    const { system, commandApi } = running();
    const headers = await system.as('dirk', 'viewer');
    const body = { vote: 'like' };
    await ask(commandApi.url, 'PUT /v1/movies/m3/vote', { body, headers });
    const { page } = await running().as('olga', '#/ops/time?user=dirk');
    const readFilm = await failing(page, '**/v1/movies/m3?asOf=**');
    const readJob = await failing(page, '**/v1/ops/jobs/*', 500);
    const views = page.getByRole('region', { name: 'What readers saw then' });
    await page.getByRole('button', { name: /^Keep movies and rankings/ }).click();
    await views.getByRole('alert').getByText('Out of order').waitFor();
    await readJob();
    await page.getByRole('region', { name: 'The ranking then and now' }).waitFor();
    await page.getByRole('heading', { name: 'Out of order' }).waitFor();
    expect(await page.getByText('It wasn’t there yet').count()).toBe(0);
    await readFilm();
    await page.getByRole('main').getByRole('button', { name: 'Try again' }).click();
    await page.getByRole('region', { name: 'Then: Gamma' }).waitFor();
    await ask(commandApi.url, 'DELETE /v1/movies/m3/vote', { headers });
  });

  it('of the tail is told, and the tail begins again', async () => {
    const { page } = await running().as('olga', '');
    const problem = { title: 'Not now', status: 422, code: 'test', detail: 'It is a test.' };
    const contentType = 'application/problem+json';
    await page.route('**/v1/ops/tail?**', (route) =>
      route.fulfill({ status: 422, contentType, json: problem }),
    );
    await running().open(page, '#/ops/tail?from=2020-01-01');
    await page.getByRole('heading', { name: 'Not now' }).waitFor();
    await page.unroute('**/v1/ops/tail?**');
    await tryAgain(page, 'Not now');
    await page.getByRole('option').first().waitFor();
  });
}

function ofWhatWasStored(running: Running): void {
  it('leaves stored what a command did, and is tried again alone', async () => {
    const { page } = await running().as('sam', '#/movies/m2');
    const strip = page.getByRole('complementary', { name: 'What just happened' });
    const dislike = page.getByRole('button', { name: /^Dislike Beta/ });
    await dislike.waitFor();
    const problem = { title: 'Broken', status: 500, code: 'test', detail: 'It is a test.' };
    const contentType = 'application/problem+json';
    await page.route('**/v1/movies/m2', (route) =>
      route.fulfill({ status: 500, contentType, json: problem }),
    );
    const sent: string[] = [];
    page.on('request', (request) => sent.push(`${request.method()} ${request.url()}`));
    await dislike.click();
    await strip.getByText(/stored in/).waitFor();
    await strip.getByRole('alert').getByText('Broken').waitFor();
    await page.unroute('**/v1/movies/m2');
    await strip.getByRole('button', { name: 'Try again' }).click();
    await strip.getByText(/visible after/).waitFor();
    expect(sent.filter((one) => one.startsWith('PUT '))).toHaveLength(1);
    await dislike.click();
    // Others may have disliked it before.
    await page.getByRole('button', { name: /^Dislike Beta/, pressed: false }).waitFor();
  });
}
