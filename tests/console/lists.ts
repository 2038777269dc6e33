import { expect, it } from 'vitest';
import { until } from '#kernel/testing/until.ts';
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
    await running().open(page, '#/movies?genre=Drama&sort=-year');
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
  });
}

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
    await button(page, 'Local').click();
    await utc.waitFor();
    expect(await page.getByLabel('When').inputValue()).toBe('2030-05-01T20:00');
    // The browser remembers which one they want.
    await running().open(page, '#/me/reminders');
    await utc.waitFor();
    await button(page, 'UTC').click();
    await local.waitFor();
    const line = page.getByRole('main').getByRole('listitem').filter({ hasText: 'Beta' });
    await line.getByRole('button', { name: 'Remove' }).click();
    await line.waitFor({ state: 'detached' });
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
