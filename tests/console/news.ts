import { describe, expect, it } from 'vitest';
import { ask } from '../answers.ts';
import { post } from './as-somebody.ts';
import { button, strip } from './browser.ts';
import type { RunningConsole } from './running-console.ts';

/** What the console tells people by itself: news of their tickets, and films that suit them. */

type Running = () => RunningConsole;

export function newsJourneys(running: Running): void {
  describe('viewers', () => {
    hearOfTickets(running);
    seeWhyNamesAreMissing(running);
    areRecommended(running);
  });
}

function hearOfTickets(running: Running): void {
  it('hear of their tickets while they look, each called by its subject', async () => {
    const { system, commandApi } = running();
    const headers = await system.as('viewer-1', 'viewer');
    const passed = { remindAt: new Date(Date.now() - 60_000).toISOString() };
    await ask(commandApi.url, 'PUT /v1/me/reminders/m2', { body: passed, headers });
    const viewer = { user: 'viewer-1', role: 'viewer' } as const;
    const body = { subject: 'Green faces', message: 'All of them.' };
    const opened = { ...viewer, path: '/v1/tickets', body };
    const { ticketId } = await post<{ ticketId: string }>(running(), opened);
    const { page } = await running().as('viewer-1', '#/me/notifications');
    const news = (text: string) => page.getByRole('link', { name: `“Green faces” ${text}` });
    await news('has a service order').waitFor();
    const { page: support } = await running().as('sam', `#/tickets/${ticketId}`);
    await support.getByLabel('Message').fill('They are normal again.');
    await button(support, 'Resolve').click();
    await page.getByRole('link', { name: 'It is time for Beta' }).waitFor();
    await news('was resolved').click();
    await page.getByRole('heading', { level: 1, name: 'Green faces' }).waitFor();
    await page.getByText('They are normal again.').waitFor();
    await ask(commandApi.url, 'DELETE /v1/me/reminders/m2', { headers });
  });
}

function seeWhyNamesAreMissing(running: Running): void {
  it('are told why a film or a ticket isn’t called by its name', async () => {
    const body = { subject: 'Nameless', message: 'It has no name.', movieId: 'm1' };
    const sent = { user: 'viewer-1', role: 'viewer', path: '/v1/tickets', body } as const;
    const { ticketId } = await post<{ ticketId: string }>(running(), sent);
    const { page } = await running().as('viewer-1', '#/me/notifications');
    const news = page.getByRole('link', { name: '“Nameless” has a service order' });
    await news.waitFor();
    const problem = { title: 'Out of order', status: 500, code: 'test', detail: 'It is a test.' };
    const contentType = 'application/problem+json';
    for (const named of ['**/v1/movies/m1', /\/v1\/me\/tickets\?.*sort=/]) {
      await page.route(named, (route) =>
        route.fulfill({ status: 500, contentType, json: problem }),
      );
    }
    const told = (what: string) =>
      page.getByRole('status').getByText(`${what} couldn’t be read: Out of order`).waitFor();
    const called = (name: string) => page.getByRole('main').getByRole('link', { name }).first();
    await running().open(page, '#/me/notifications');
    await called('Your ticket has a service order').waitFor();
    await told('What your tickets are about');
    await running().open(page, `#/tickets/${ticketId}`);
    await called('m1').waitFor();
    await told('The film’s title');
    await running().open(page, '#/tickets?movie=m1');
    await page.getByRole('heading', { name: 'What is wrong with m1?' }).waitFor();
    await told('The film’s title');
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
    await beta.getByText(/Since you like\s+Alpha \(.*Ada.*Drama\)/).waitFor();
    expect(await page.getByRole('main').getByRole('link', { name: 'Alpha' }).count()).toBe(0);
    await running().open(page, '#/movies/m1');
    const liked = page.getByRole('button', { name: /^Like Alpha/, pressed: true });
    await liked.click();
    await liked.waitFor({ state: 'detached' });
  });
}
