import type { Locator } from 'playwright-core';
import { expect, it } from 'vitest';
import { ask } from '../answers.ts';
import type { RunningConsole } from './running-console.ts';

type Running = () => RunningConsole;

/** Three more than a page keeps. */
const sent = 10_003;

/** What operators see of the log as it grows. */
export function tailJourneys(running: Running): void {
  it('follow what a filter finds as it is appended, until they stop', async () => {
    const { system, commandApi } = running();
    const vote = async (user: string, wanted: string) => {
      const asked = { body: { vote: wanted }, headers: await system.as(user, 'viewer') };
      await ask(commandApi.url, 'PUT /v1/movies/m2/vote', asked);
    };
    const { page } = await running().as('olga', '#/ops/tail?user=emil');
    await page.getByText('live', { exact: true }).waitFor();
    await vote('anna', 'like');
    await vote('emil', 'like');
    const events = page.getByRole('option');
    await events.first().waitFor();
    expect(await events.allTextContents()).toEqual([expect.stringContaining('ranking/m2/emil')]);
    await events.first().click();
    await page.getByRole('region', { name: 'The event' }).getByText('ranking/m2/emil').waitFor();
    const isTail = (request: { url(): string }) => request.url().includes('/v1/ops/tail?');
    const ended = page.waitForEvent('requestfailed', isTail);
    await page.getByRole('button', { name: 'Stop' }).click();
    await page.getByText('stopped').waitFor();
    await ended;
    await vote('emil', 'dislike');
    await page.getByRole('button', { name: 'Start' }).waitFor();
    expect(await events.count()).toBe(1);
    await page.getByRole('button', { name: 'Start' }).click();
    await page.getByText('live', { exact: true }).waitFor();
    await vote('emil', 'like');
    await page.getByRole('heading', { name: '1 events' }).waitFor();
  });

  it('follow ten thousand events while the page goes on, and stop', async () => {
    const { page } = await running().as('olga', '#/ops/lanes');
    await page.route('**/v1/ops/tail?**', (route) => route.fulfill(manyEvents()));
    await page.evaluate(watchCounts);
    await page.getByRole('link', { name: 'Tail' }).click();
    await page.getByText('10,003 events').waitFor();
    await page.getByText('dropped 7').waitFor();
    await page.getByText('3 older ones are kept no more').waitFor();
    await page.getByText('more than 10,000 at once').waitFor();
    await page.getByText('ranking/m1/viewer-10002').waitFor();
    // They come all at once: without yielding, nothing is drawn until the last one.
    expect(await page.evaluate<number>('window.counts.size')).toBeGreaterThan(3);
    expect(await page.getByRole('option').count()).toBeLessThan(100);
    // However far down one is, it can be stopped at once.
    await page.getByRole('option').last().click();
    const stop = page.getByRole('button', { name: 'Stop' });
    for (const [width, height] of sizes) {
      await page.setViewportSize({ width, height });
      await page.evaluate('window.scrollTo(0, document.body.scrollHeight)');
      expect(await page.evaluate<number>('window.scrollY'), `at ${width}`).toBeGreaterThan(100);
      expect(await isSeen(stop), `Stop is in sight at ${width}`).toBe(true);
    }
    await stop.click();
    await page.getByText('stopped').waitFor();
  });
}

const sizes = [
  [1_280, 480],
  [390, 600],
] as const;

/** Neither out of the screen nor behind something. */
const isSeen = (button: Locator) =>
  button.evaluate((one) => {
    const { left, top, width, height } = one.getBoundingClientRect();
    const there = one.ownerDocument.elementFromPoint(left + width / 2, top + height / 2);
    return one.contains(there);
  });

/** An answer of the tail that is longer than anybody reads. */
function manyEvents() {
  const nothing = { actor: 'a', correlationid: 'c', causationid: null, commandid: 'd', masked: [] };
  const events = Array.from({ length: sent }, (_, offset) => {
    const subject = `ranking/m1/viewer-${offset}`;
    const place = { topic: 'ranking', lane: 0, offset, key: 'm1', time: new Date(offset) };
    const data = { movieId: 'm1', userId: `viewer-${offset}`, vote: 'like' };
    const event = { ...place, ...nothing, type: 'VoteCast', id: `${offset}`, subject, data };
    const told = JSON.stringify({ ...event, undecodable: null, raw: null });
    return `event: event\nid: ${offset}\ndata: ${told}\n\n`;
  });
  const now = `event: now\ndata: ${JSON.stringify({ all: false, at: new Date(sent) })}\n\n`;
  const body = `${events.join('')}${now}event: dropped\ndata: {"dropped":7}\n\n`;
  return { contentType: 'text/event-stream', body };
}

/** Keeps each number of events that the page has shown. */
const watchCounts = `
  window.counts = new Set();
  new MutationObserver(() => {
    for (const { textContent } of document.querySelectorAll('h2')) {
      if (/^[\\d,]+ events$/.test(textContent)) window.counts.add(textContent);
    }
  }).observe(document.body, { subtree: true, childList: true, characterData: true });
`;
