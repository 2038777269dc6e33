import { expect, it } from 'vitest';
import { until } from '#kernel/testing/until.ts';
import { ask } from '../answers.ts';
import { post } from './as-somebody.ts';
import { button, strip } from './browser.ts';
import type { RunningConsole } from './running-console.ts';

/** What viewers find by filters, and what their lists keep. */
export function listsJourneys(running: () => RunningConsole): void {
  findByFilters(running);
  keepInLists(running);
}

function findByFilters(running: () => RunningConsole): void {
  it('find films by genre, words and ranges, which the address keeps', async () => {
    const { page } = await running().as('sam', '#/movies');
    const titles = page.getByRole('article').locator('strong');
    const shows = (...wanted: string[]) =>
      until(async () => (await titles.allTextContents()).sort().join() === wanted.join());
    await shows('Alpha', 'Beta', 'Gamma');
    await page.getByRole('combobox', { name: /^Genre/ }).selectOption('Horror');
    await shows('Gamma');
    expect(page.url()).toMatch(/#\/movies\?genre=Horror$/);
    await button(page, 'Clear').click();
    await page.getByLabel('Title, person or word').fill('alpha');
    await shows('Alpha');
    await button(page, 'Clear').click();
    await shows('Alpha', 'Beta', 'Gamma');
    await page.getByLabel('Year').fill('2017-');
    await page.getByText('No film is like this').waitFor();
    await page.getByLabel('Year').fill('2010-2016');
    await shows('Alpha', 'Beta', 'Gamma');
    for (const [label, name, wanted] of rarer) {
      await button(page, 'Clear').click();
      await shows('Alpha', 'Beta', 'Gamma');
      await page.getByLabel(label, { exact: true }).fill(wanted);
      await page.getByText('No film is like this').waitFor();
      expect(page.url()).toContain(`?${new URLSearchParams({ [name]: wanted })}`);
    }
    const sorted = page.waitForRequest(/\/v1\/movies\?.*sort=-year/);
    await running().open(page, '#/movies?genre=Drama&sort=-year');
    await sorted;
    await shows('Alpha', 'Beta');
    await page.getByText('2 to choose from').waitFor();
  });

  it('see the ranking of a genre', async () => {
    const { page } = await running().as('sam', '');
    await page.getByRole('navigation', { name: 'Genres' }).getByText('Horror').click();
    await page.getByRole('heading', { level: 1, name: 'Horror, ranked' }).waitFor();
    const films = page.getByRole('region', { name: 'Ranking' }).locator('strong');
    await until(async () => (await films.allTextContents()).join() === 'Gamma');
    expect(page.url()).toContain('genre=Horror');
    const ordered = page.waitForRequest(/\/v1\/rankings\?.*by=likes/);
    await button(page, 'Most likes').click();
    await ordered;
    await page.getByRole('navigation', { name: 'Genres' }).getByText('Drama').click();
    await page.getByRole('heading', { level: 1, name: 'Drama, ranked' }).waitFor();
    await page.getByRole('button', { name: 'Most likes', pressed: true }).waitFor();
    await until(async () => (await films.allTextContents()).sort().join() === 'Alpha,Beta');
  });
}

const rarer = [
  ['Rating', 'rating', '8-'],
  ['Minutes', 'runtime', '-80'],
  ['Director', 'director', 'Nobody Known'],
] as const;

function keepInLists(running: () => RunningConsole): void {
  it('are reminded at a time of their own zone, which they may see in UTC too', async () => {
    const { page } = await running().as('sam', '#/movies/m2', {
      timezone: 'America/New_York',
    });
    const local = page.getByText('1 May 2030, 20:00', { exact: true });
    const utc = page.getByText('2 May 2030, 00:00 UTC', { exact: true });
    await page.getByLabel('When').fill('2030-05-01T20:00');
    await button(page, 'Remind me').click();
    await local.waitFor();
    await strip(page)
      .getByText(/visible after/)
      .waitFor();
    await button(page, 'Local time').click();
    await utc.waitFor();
    const when = page.getByLabel('When, in UTC');
    expect(await when.inputValue()).toBe('2030-05-02T00:00');
    await when.fill('2030-05-03T01:30');
    await button(page, 'Change').click();
    await page.getByText('3 May 2030, 01:30 UTC', { exact: true }).waitFor();
    await button(page, 'UTC').click();
    expect(await page.getByLabel('When', { exact: true }).inputValue()).toBe('2030-05-02T21:30');
    await page.getByLabel('When').fill('2030-05-01T20:00');
    await button(page, 'Change').click();
    await local.waitFor();
    await strip(page)
      .getByText(/visible after/)
      .waitFor();
    await button(page, 'Local time').click();
    await utc.waitFor();
    // The browser remembers which one they want.
    await running().open(page, '#/me/reminders');
    await utc.waitFor();
    await button(page, 'UTC').click();
    await local.waitFor();
    const line = page.getByRole('main').getByRole('listitem').filter({ hasText: 'Beta' });
    await line.getByRole('button', { name: 'Remove' }).click();
    await line.waitFor({ state: 'detached' });
    await strip(page).getByRole('button', { name: 'Undo' }).click();
    await local.waitFor();
    await line.getByRole('button', { name: 'Remove' }).click();
    await line.waitFor({ state: 'detached' });
  });

  seeWhatTheyDid(running);
}

function seeWhatTheyDid(running: () => RunningConsole): void {
  it('see how they voted, and have a vote back that they removed', async () => {
    const { system, commandApi } = running();
    const headers = await system.as('sam', 'viewer');
    const path = 'PUT /v1/movies/m2/vote';
    await ask(commandApi.url, path, { body: { vote: 'dislike' }, headers });
    const { page } = await running().as('sam', '#/me/votes');
    const line = page.getByRole('main').getByRole('listitem').filter({ hasText: 'Beta' });
    const vote = line.getByText('dislike', { exact: true });
    await vote.waitFor();
    await line.getByRole('button', { name: 'Remove' }).click();
    await line.waitFor({ state: 'detached' });
    await strip(page).getByRole('button', { name: 'Undo' }).click();
    await vote.waitFor();
    await line.getByRole('button', { name: 'Remove' }).click();
    await line.waitFor({ state: 'detached' });
  });

  it('see in figures what they watch and vote, as they do it', async () => {
    const { system, commandApi } = running();
    const headers = await system.as('viewer-1', 'viewer');
    const { page } = await running().as('viewer-1', '#/me/stats');
    const figures = page.getByRole('main').locator('dl');
    await figures.getByText('0 min').waitFor();
    await ask(commandApi.url, 'PUT /v1/movies/m1/vote', { body: { vote: 'like' }, headers });
    const watched = { user: 'viewer-1', role: 'viewer', path: '/v1/me/watched/m3' } as const;
    await post(running(), { ...watched, body: {} });
    const shown = 'Watched1Films1Time1 h 30 minLikes1Dislikes0Reminders0';
    await until(async () => (await figures.textContent()) === shown);
    await page.getByRole('meter', { name: 'Horror: 1' }).waitFor();
    await ask(commandApi.url, 'DELETE /v1/movies/m1/vote', { headers });
    await until(async () => (await figures.textContent())?.includes('Likes0') === true);
  });

  it('remove a play from their list, and have it back as it was', async () => {
    const { page } = await running().as('sam', '#/movies/m1');
    await button(page, 'Watched it').click();
    await strip(page)
      .getByText(/visible after/)
      .waitFor();
    await running().open(page, '#/me/watched');
    const line = page.getByRole('main').getByRole('listitem').filter({ hasText: 'Alpha' });
    const watchedAt = await line.locator('time').getAttribute('datetime');
    await line.getByRole('button', { name: 'Remove' }).click();
    await line.waitFor({ state: 'detached' });
    await strip(page).getByRole('button', { name: 'Undo' }).click();
    await line.waitFor();
    expect(await line.locator('time').getAttribute('datetime')).toBe(watchedAt);
  });
}
