import { describe, expect, it } from 'vitest';
import { until } from '#kernel/testing/until.ts';
import { post } from './as-somebody.ts';
import { button } from './browser.ts';
import type { RunningConsole } from './running-console.ts';

/** Tickets that are more, and longer, than one answer has. */

const patiently = { timeout: 120_000 };
const messages = 160;
/** The API's answer has so many of the newest entries. */
const brought = 50;
const tickets = 52;

type Opened = { ticketId: string };

export function ticketJourneys(running: () => RunningConsole): void {
  const viewer = { user: 'viewer-1', role: 'viewer' } as const;

  async function openTicket(subject: string): Promise<string> {
    const body = { subject, message: 'The first words.' };
    return (await post<Opened>(running(), { ...viewer, path: '/v1/tickets', body })).ticketId;
  }

  describe('tickets', patiently, () => {
    it('show what was written long ago, page by page', async () => {
      const ticketId = await openTicket('A long one');
      const path = `/v1/tickets/${ticketId}/messages`;
      for (let at = 0; at < messages; at += 1) {
        await post(running(), { ...viewer, path, body: { message: `Message ${at}.` } });
      }
      const { page } = await running().as('viewer-1', `#/tickets/${ticketId}`);
      const entries = page.getByRole('main').locator('ol > li');
      await page.getByText(`Message ${messages - 1}.`).waitFor();
      expect(await entries.count()).toBe(brought);
      const more = page.getByRole('button', { name: /^Show earlier entries/ });
      // One for its opening, and one for its service order.
      await page.getByText(`Show earlier entries (${messages + 2 - brought})`).waitFor();
      const timeline = `**${path.replace('messages', 'timeline')}?**`;
      await page.route(timeline, (route) => route.fulfill({ status: 500, body: '' }));
      await more.click();
      const told = page.getByRole('alert').filter({ hasText: 'Earlier entries' });
      await told.waitFor();
      await page.unroute(timeline);
      await told.getByRole('button', { name: 'Try again' }).click();
      await page.getByText(`Show earlier entries (${messages + 2 - 100})`).waitFor();
      await more.click();
      await page.getByText('The first words.').waitFor();
      expect(await entries.count()).toBe(messages + 2);
      expect(await more.count()).toBe(0);
      expect(await entries.first().textContent()).toContain('The first words.');
      expect(await entries.last().textContent()).toContain(`Message ${messages - 1}.`);
      await page.getByLabel('Message').fill('And a last one.');
      await button(page, 'Add the message').click();
      await entries.last().getByText('And a last one.').waitFor();
      await until(async () => (await page.getByLabel('Message').inputValue()) === '');
    });

    it('are listed page by page, and a page that fails can be read again', async () => {
      for (let at = 0; at < tickets; at += 1) await openTicket(`Number ${at}`);
      const { page } = await running().as('viewer-1', '#/tickets');
      const lines = page.getByRole('main').getByRole('listitem');
      await page.getByText(`Number ${tickets - 1}`, { exact: true }).waitFor();
      expect(await lines.count()).toBe(50);
      // News of a service order has the list read anew, and a failure of another page forgotten.
      await page.getByText('no order yet').first().waitFor({ state: 'detached' });
      const nextPage = /\/v1\/me\/tickets\?.*cursor=/;
      await page.route(nextPage, (route) => route.fulfill({ status: 500, body: '' }));
      await page.getByRole('button', { name: 'Show more' }).click();
      const told = page.getByRole('alert').filter({ hasText: 'The next ones couldn’t be read' });
      await told.waitFor();
      expect(await lines.count()).toBe(50);
      await page.unroute(nextPage);
      await told.getByRole('button', { name: 'Try again' }).click();
      await page.getByText('Number 0', { exact: true }).waitFor();
      await until(async () => (await told.count()) === 0);
      // Those of everybody, for who helps.
      const { page: support } = await running().as('sam', '#/tickets');
      await support.getByText(`Number ${tickets - 1}`, { exact: true }).waitFor();
    });
  });
}
