import { expect, it } from 'vitest';
import { until } from '#kernel/testing/until.ts';
import { openPage } from './browser.ts';
import type { RunningConsole } from './running-console.ts';

/** What viewers do in a catalogue that no page holds. */

const many = 2_000;
const atOnce = 60;

export function scrollingJourneys(running: () => RunningConsole): void {
  it('scroll through thousands of films, of which few are drawn, some in each frame', async () => {
    const { browser, open } = running();
    const { page } = await openPage(browser, { width: 2_400, height: 1_800 });
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
    await page.evaluate('window.scrollTo(0, 0)');
    await page.evaluate(watchFrames);
    for (let screen = 0; screen < 8; screen += 1) {
      await page.mouse.move(1_200, 900);
      await page.mouse.wheel(0, 1_800);
      await page.evaluate('new Promise((done) => setTimeout(done, 100))');
    }
    await until(async () => (await page.evaluate<number>('window.frames.length')) > 8);
    const shown = page.getByRole('article');
    const last = Number((await shown.last().textContent())?.match(/Film (\d+)/)?.[1]);
    expect(last).toBeGreaterThan(200);
    expect(await shown.count()).toBeLessThan(150);
    // All rows of a screen come into sight at once; they may not all be drawn at once.
    const most = Math.max(...(await page.evaluate<number[]>('window.frames')));
    expect(most).toBeLessThan(atOnce);
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
