import { expect, it } from 'vitest';
import { until } from '#kernel/testing/until.ts';
import { openPage } from './browser.ts';
import type { RunningConsole } from './running-console.ts';

/** What viewers do in a catalogue that no page holds. */

const many = 2_000;
/** So high that many more films come into sight at once than a frame may draw. */
const height = 6_000;
const screen = 100;
const atOnce = 70;

export function scrollingJourneys(running: () => RunningConsole): void {
  it('scroll through thousands of films, of which few are drawn, some in each frame', async () => {
    const { browser, open } = running();
    const { page } = await openPage(browser, { width: 1_400, height });
    let isBroken = true;
    await page.route('**/v1/movies?**', (route) => {
      const from = Number(new URL(route.request().url()).searchParams.get('cursor') ?? 0);
      if (from > 0 && isBroken) return route.fulfill({ status: 500, body: '' });
      return route.fulfill({ json: filmsFrom(from) });
    });
    await open(page, '#/movies');
    await page.getByRole('link', { name: 'Film 0', exact: true }).waitFor();
    await page.evaluate('window.scrollTo(0, document.body.scrollHeight)');
    const told = page.getByRole('alert').filter({ hasText: 'More films couldn’t be read' });
    await told.waitFor();
    isBroken = false;
    await told.getByRole('button', { name: 'Try again' }).click();
    await told.waitFor({ state: 'detached' });
    await page.mouse.move(700, height / 2);
    const shown = page.getByRole('article');
    const titles = shown.locator('strong');
    await until(async () => {
      await page.mouse.wheel(0, height);
      return Number((await titles.last().textContent())?.replace('Film ', '')) > many / 2;
    });
    const rows = page.getByRole('main').locator('[style*=translateY]');
    expect(await rows.count()).toBeLessThan(30);
    expect(await shown.count()).toBeLessThan(2 * screen);
    // A jump brings a whole screen into sight, which takes a slow machine more than a frame.
    const devtools = await page.context().newCDPSession(page);
    await devtools.send('Emulation.setCPUThrottlingRate', { rate: 4 });
    await page.evaluate(watchFrames);
    await page.evaluate('window.scrollTo(0, 0)');
    const frames = () => page.evaluate<number[]>('window.frames');
    await until(async () => (await frames()).reduce((sum, drawn) => sum + drawn, 0) > screen);
    expect(Math.max(...(await frames()))).toBeLessThan(atOnce);
  });
}

function filmsFrom(from: number) {
  const items = Array.from({ length: Math.min(100, many - from) }, (_, at) => ({
    ...{ movieId: `film-${from + at}`, title: `Film ${from + at}`, genres: ['Drama'] },
    ...{ year: 2016, runtimeMinutes: 90, rating: 7, ratingVotes: 1_000, score: 0.5 },
    ...{ likes: 0, dislikes: 0 },
  }));
  const next = from + items.length;
  return { items, next: next < many ? String(next) : null, count: many };
}

/** Keeps how many films each frame has drawn. */
const watchFrames = `
  window.frames = [];
  let drawn = 0;
  new MutationObserver((changes) => {
    for (const { addedNodes } of changes) {
      for (const node of addedNodes) {
        if (node.nodeType !== 1) continue;
        drawn += node.querySelectorAll('article').length + Number(node.tagName === 'ARTICLE');
      }
    }
  }).observe(document.body, { subtree: true, childList: true });
  const look = () => {
    if (drawn > 0) window.frames.push(drawn);
    drawn = 0;
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
`;
