import { describe, expect, it } from 'vitest';
import { post } from './as-somebody.ts';
import { strip } from './browser.ts';
import type { RunningConsole } from './running-console.ts';

/** What the console tells people by itself: news of their tickets, and films that suit them. */

type Running = () => RunningConsole;

export function newsJourneys(running: Running): void {
  describe('viewers', () => {
    hearOfTickets(running);
    areRecommended(running);
  });
}

function hearOfTickets(running: Running): void {
  it('hear of their tickets while they look, each called by its subject', async () => {
    const viewer = { user: 'viewer-1', role: 'viewer' } as const;
    const body = { subject: 'Green faces', message: 'All of them.' };
    const opened = { ...viewer, path: '/v1/tickets', body };
    const { ticketId } = await post<{ ticketId: string }>(running(), opened);
    const { page } = await running().as('viewer-1', '#/me/notifications');
    const news = (text: string) => page.getByRole('link', { name: `“Green faces” ${text}` });
    await news('has a service order').waitFor();
    const path = `/v1/tickets/${ticketId}/resolve`;
    await post(running(), { ...{ user: 'sam', role: 'support', path }, body: {} });
    await news('was resolved').click();
    await page.getByRole('heading', { level: 1, name: 'Green faces' }).waitFor();
  });
}

function areRecommended(running: Running): void {
  it('are recommended what is like the films they like, with the reason', async () => {
    const { page } = await running().as('sam', '#/movies/m1');
    await page.getByRole('button', { name: /^Like Alpha/, pressed: false }).click();
    await strip(page)
      .getByText(/visible after/)
      .waitFor();
    await page.getByRole('link', { name: 'For you' }).click();
    const beta = page.getByRole('main').getByRole('listitem').filter({ hasText: 'Beta' });
    await beta.getByText(/Since you like\s+Alpha/).waitFor();
    expect(await page.getByRole('main').getByRole('link', { name: 'Alpha' }).count()).toBe(0);
    await running().open(page, '#/movies/m1');
    const liked = page.getByRole('button', { name: /^Like Alpha/, pressed: true });
    await liked.click();
    await liked.waitFor({ state: 'detached' });
  });
}
