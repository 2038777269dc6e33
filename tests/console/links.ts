import { describe, expect, it } from 'vitest';
import { until } from '#kernel/testing/until.ts';
import { views } from '#schemas/views.ts';
import { post } from './as-somebody.ts';
import { sendPastTheApi } from './harm.ts';
import type { RunningConsole } from './running-console.ts';

/** What is opened or chosen stands in the address, so that a link leads to it. */

const patiently = { timeout: 60_000 };

type Running = () => RunningConsole;

export function linkJourneys(running: Running): void {
  describe('a link', patiently, () => {
    toRows(running);
    toEvents(running);
    toFilms(running);
  });
  describe('the picture of the flow', patiently, () => pictureOfReactors(running));
}

function toRows(running: Running): void {
  it('leads to an act of the audit, whatever the filter means', async () => {
    const asked = { path: '/v1/ops/jobs/drop', body: { name: 'never-kept' } };
    const olga = { user: 'olga', role: 'operator' } as const;
    const { jobId } = await post<{ jobId: string }>(running(), { ...olga, ...asked });
    const shown = `job ${jobId}`;
    const { page } = await running().as('olga', `#/ops/audit?opened=${jobId}`);
    await page.getByText(shown).waitFor();
    await page.getByRole('button', { name: `Details of drop ${jobId}` }).click();
    await page.getByText(shown).waitFor({ state: 'detached' });
    expect(page.url()).not.toContain('opened');
    await page.getByRole('button', { name: `Details of drop ${jobId}` }).click();
    await until(async () => page.url().endsWith(`opened=${jobId}`));
    await running().open(page, `#/ops/audit?user=nobody&opened=${jobId}`);
    const linked = page.getByRole('region', { name: 'The act that the link leads to' });
    await linked.getByText(shown).waitFor();
  });

  it('leads to a dead letter, whatever the filter means', async () => {
    await sendPastTheApi(running().system.settings);
    const { page } = await running().as('olga', '#/ops/dead-letters?key=broken');
    const details = page.getByText('Retried in vain').first();
    await page
      .getByRole('button', { name: /^Details of/ })
      .first()
      .click();
    await details.waitFor();
    const opened = new URLSearchParams(page.url().split('?')[1]).get('opened') ?? '';
    expect(opened).not.toBe('');
    const search = new URLSearchParams({ key: 'broken', opened });
    await running().open(page, `#/ops/dead-letters?${search}`);
    await details.waitFor();
    search.set('key', 'other');
    await running().open(page, `#/ops/dead-letters?${search}`);
    const linked = page.getByRole('region', { name: 'The dead letter that the link leads to' });
    await linked.getByText('Retried in vain').waitFor();
    await linked
      .locator('pre')
      .filter({ hasText: /Error.*\s+at \S+/ })
      .waitFor();
    await running().open(page, '#/ops/dead-letters?key=broken');
    await page
      .getByRole('button', { name: /^Discard/ })
      .first()
      .click();
    await page.getByLabel('Why?').fill('Sent past the API.');
    await page.getByRole('dialog').getByRole('button', { name: 'Discard' }).click();
    await page.getByText('No dead letters').waitFor();
  });
}

function toEvents(running: Running): void {
  it('leads to an event of the tail, which has passed meanwhile', async () => {
    const { page } = await running().as('olga', '#/ops/tail?from=2020-01-01');
    const list = page.getByRole('listbox');
    await list.getByRole('option').first().waitFor();
    await list.press('PageUp');
    await list.press('ArrowUp');
    const event = page.getByRole('region', { name: 'The event' });
    await event.waitFor();
    await until(async () => page.url().includes('event='));
    const search = new URLSearchParams(page.url().split('?')[1]);
    const place = search.get('event') ?? '';
    await event.getByText(place, { exact: true }).waitFor();
    search.delete('from');
    await running().open(page, `#/ops/tail?${search}`);
    await event.getByText(place, { exact: true }).waitFor();
    await event.getByRole('button', { name: 'Close the event' }).click();
    await event.waitFor({ state: 'detached' });
    expect(page.url()).not.toContain('event=');
  });
}

function toFilms(running: Running): void {
  it('leads to the films of an actor, who has a field among the filters', async () => {
    const { page } = await running().as('alice', '#/movies');
    await page.getByRole('link', { name: 'Gamma', exact: true }).waitFor();
    await page.getByLabel('Actor').fill('Nobody Known');
    await page.getByText('No film is like this').waitFor();
    expect(page.url()).toContain('actor=Nobody');
    await running().open(page, '#/movies?actor=Bob');
    expect(await page.getByLabel('Actor').inputValue()).toBe('Bob');
    await page.getByRole('link', { name: 'Gamma', exact: true }).waitFor();
  });
}

function pictureOfReactors(running: Running): void {
  it('shows what reactors read and send, each arrow with its number', async () => {
    const { page } = await running().as('olga', '#/ops');
    const body = { subject: 'No sound', message: 'Silent from the start.' };
    const ticket = { user: 'alice', role: 'viewer', path: '/v1/tickets', body } as const;
    const arrow = (name: RegExp) => page.getByRole('img', { name });
    const moving = /: \w+ (?!0\/s)/.source;
    const ways = [
      `topic support → reactor technical-support${moving}`,
      `reactor technical-support → command-api${moving}`,
    ];
    await arrow(/^topic support → reactor technical-support: events/).waitFor();
    const seen = new Set<string>();
    await until(async () => {
      await post(running(), ticket);
      for (const way of ways) if (await arrow(new RegExp(`^${way}`)).count()) seen.add(way);
      return seen.size === ways.length;
    });
    expect(await arrow(/^lane 0 → topic ranking: events/).count()).toBe(1);
    // A narrow screen has no room for each arrow, and says what goes along all of them.
    await page.setViewportSize({ width: 390, height: 844 });
    const steps = page.getByRole('main').getByText(/^↓ events [\d.,]+\/s/);
    await until(async () => {
      await post(running(), ticket);
      const said = await steps.allTextContents();
      return said.length === 3 && said.every((one) => !one.includes(' 0/s'));
    });
    // An event is written once, and counts at each of its readers from there on.
    const [written = '', ...read] = await steps.allTextContents();
    expect(written).toMatch(/\/s$/);
    const count = Object.keys(views).length;
    expect(read).toEqual([
      expect.stringMatching(/\/s at \d\d readers$/),
      expect.stringMatching(new RegExp(`/s of ${count} views$`)),
    ]);
    await page.getByText(/^↑ commands of reactors/).waitFor();
  });
}
