import { randomUUID } from 'node:crypto';
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { until } from '#kernel/testing/until.ts';
import { ask } from '../answers.ts';
import type { RunningConsole } from './running-console.ts';

type Running = () => RunningConsole;

/** What the table of views says of each. */
export function projectionsJourneys(running: Running): void {
  it('see how fast each view is, and its last error, by which views can be found', async () => {
    const { page } = await running().as('olga', '#/ops/projections');
    const { system, commandApi } = running();
    const headers = await system.as(randomUUID(), 'viewer');
    const path = '/v1/movies/m3/vote';
    await until(async () => {
      await ask(commandApi.url, `PUT ${path}`, { body: { vote: 'like' }, headers });
      await ask(commandApi.url, `DELETE ${path}`, { headers });
      return /^[1-9][\d.,]*\/s$/.test(await cell(page, 'rankings@', 'Rate'));
    });
    expect(await cell(page, 'rankings@', 'Last error')).toBe('');
    const error = 'The disk of the read models is full.';
    await page.route('**/v1/ops/projections', async (route) => {
      const answer = await route.fetch();
      const known = (await answer.json()) as { items: { name: string; lastError: unknown }[] };
      for (const view of known.items) if (view.name === 'votes') view.lastError = error;
      await route.fulfill({ json: known });
    });
    await until(async () => (await cell(page, 'votes@', 'Last error')) === error);
    await page.getByLabel('Filter', { exact: true }).fill('error:"OF the READ"');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: '1 views' }).waitFor();
    expect(await cell(page, 'votes@', 'Last error')).toBe(error);
    await running().open(page, '#/ops/projections/votes');
    await page.getByRole('alert').getByText(error).waitFor();
  });
}

/** What a view has in a column of the table. */
async function cell(page: Page, view: string, column: string): Promise<string> {
  const table = page.getByRole('region', { name: 'Views', exact: true });
  const columns = await table.getByRole('columnheader').allTextContents();
  const row = table.getByRole('row').filter({ hasText: view });
  return (await row.locator('td').nth(columns.indexOf(column)).textContent()) ?? '';
}
