import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { until } from '#kernel/testing/until.ts';
import { ask } from '../answers.ts';
import { openPage, strip } from './browser.ts';
import { firstStop, mostStops, press, type Stop, unfit } from './keyboard.ts';
import type { RunningConsole } from './running-console.ts';

/** Voting on the first page: seen by everybody at once, and possible by the keyboard alone. */

const soonMs = 1_000;
/** Likes and votes taken back, in turn: a busy machine may spoil some, not most of them. */
const rounds = [1, 0, 1, 0, 1] as const;

const ranked = (page: Page) => page.getByRole('region', { name: 'Ranking' }).locator('strong');
const likes = (page: Page, title: string, count: number) =>
  page.getByRole('button', { name: `Like ${title}: ${count}`, exact: true }).first();

export function votingJourneys(running: () => RunningConsole): void {
  voteBesideAnother(running);
  voteByKeyboard(running);
}

function voteBesideAnother(running: () => RunningConsole): void {
  it('shows a vote in another browser within a second, and how it travelled', async () => {
    const { browser, open, system, commandApi } = running();
    const { page } = await openPage(browser);
    const { page: other } = await openPage(browser, { motion: 'no-preference' });
    // So that the test can be tried again.
    const headers = await system.as('alice', 'viewer');
    await ask(commandApi.url, 'DELETE /v1/movies/m3/vote', { headers });
    const stream = followStream(other);
    await Promise.all([open(page), open(other)]);
    await likes(page, 'Gamma', 0).waitFor();
    expect(await ranked(page).allTextContents()).toEqual(['Alpha', 'Beta', 'Gamma']);
    for (const one of [page, other]) await one.evaluate(watchMotion);
    const tookMs: number[] = [];
    for (const count of rounds) {
      const clicked = page.evaluate<number>(whenClicked);
      const seen = other.evaluate<number>(whenLiked(count));
      await page
        .getByRole('button', { name: /^Like Gamma/ })
        .first()
        .click();
      tookMs.push((await seen) - (await clicked));
    }
    const median = tookMs.toSorted((a, b) => a - b)[Math.floor(rounds.length / 2)];
    expect(median, `rounds of ${tookMs} ms`).toBeLessThan(soonMs);
    // Without the stream, a page reads again each second, which may be soon enough by chance.
    expect(await stream()).toEqual({ kind: 'text/event-stream', isOpen: true });
    for (const one of [page, other]) {
      await until(async () => (await ranked(one).first().textContent()) === 'Gamma');
    }
    await strip(page)
      .getByText(/visible after \d+ ms/)
      .waitFor();
    expect(await strip(page).textContent()).toMatch(
      /PUT \/v1\/movies\/m3\/vote.*VoteCast.*ranking, lane \d, offset \d+.*stored in/,
    );
    // All the views that show it.
    expect(await strip(page).textContent()).toContain('rankings, votes, item-changes');
    await strip(page).getByRole('button', { name: 'Undo' }).click();
    await likes(page, 'Gamma', 0).waitFor();
    // What changes its place slides there, but not for those who want no motion.
    expect(await other.evaluate('[...window.moving]')).toContain('m3');
    expect(await page.evaluate('[...window.moving]')).toEqual([]);
  });
}

function voteByKeyboard(running: () => RunningConsole): void {
  it('can be walked through by Tab: each stop is named and in sight, and Enter acts', async () => {
    const { browser, open } = running();
    const { page } = await openPage(browser);
    await open(page);
    await likes(page, 'Gamma', 0).waitFor();
    expect((await press(page, 'Tab'))?.name).toBe(firstStop);
    expect((await press(page, 'Enter'))?.id).toBe('main');
    await open(page);
    await likes(page, 'Gamma', 0).waitFor();
    const stops: Stop[] = [];
    for (let stop = await press(page, 'Tab'); stop && stops.length < mostStops; ) {
      stops.push(stop);
      const isVote = stop.name === 'Like Gamma: 0';
      // The film moves to the top and back: the focus stays with its button.
      for (const count of isVote ? [1, 0] : []) {
        await page.keyboard.press('Enter');
        const first = count === 1 ? 'Gamma' : 'Alpha';
        await until(async () => (await ranked(page).first().textContent()) === first);
        await page.locator(`[aria-label="Like Gamma: ${count}"]:focus`).waitFor();
      }
      stop = await press(page, 'Tab');
      if (stop?.name === stops[0]?.name) break;
    }
    expect(unfit(stops)).toEqual([]);
    expect(stops.map(({ name }) => name)).toEqual(expect.arrayContaining(someStops));
    expect(stops.length).toBeLessThan(mostStops);
  });
}

const someStops = [
  ...['Movies: to the rankings', 'You are alice', 'Rankings', 'Audit', 'Horror 1', 'Most likes'],
  ...['Like Gamma: 0', 'Dislike Gamma: 0', 'Show the request', 'What just happened'],
];

/** Tells which stream of changes the page reads, and whether it is open all the time. */
function followStream(page: Page) {
  const isStream = (url: string) => new URL(url).pathname === '/v1/live';
  const begun = page.waitForResponse((response) => isStream(response.url()));
  let isOpen = true;
  const ended = (request: { url(): string }) => {
    if (isStream(request.url())) isOpen = false;
  };
  page.on('requestfinished', ended);
  page.on('requestfailed', ended);
  return async () => {
    const kind = await (await begun).headerValue('content-type');
    return { kind: kind?.split(';')[0], isOpen };
  };
}

/** The moment at which the page first shows it, by the clock that all pages of a machine share. */
const when = (isShown: string) => `new Promise((resolve) => {
  const observer = new MutationObserver(() => look());
  const look = () => {
    if (!(${isShown})) return;
    observer.disconnect();
    resolve(Date.now());
  };
  const all = { subtree: true, childList: true, attributes: true, characterData: true };
  observer.observe(document.body, all);
  look();
})`;

const whenClicked = `new Promise((resolve) => {
  document.addEventListener('click', () => resolve(Date.now()), { capture: true, once: true });
})`;

const whenLiked = (count: number) =>
  when(`document.querySelector('[aria-label="Like Gamma: ${count}"]')`);

/** Keeps what has moved for longer than nobody sees. */
const watchMotion = `
  window.moving = new Set();
  const look = () => {
    for (const { effect } of document.getAnimations()) {
      const { dataset, tagName } = effect.target;
      if (effect.getComputedTiming().duration > 1) window.moving.add(dataset.id ?? tagName);
    }
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
`;
