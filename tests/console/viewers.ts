import { expect, it } from 'vitest';
import { until } from '#kernel/testing/until.ts';
import { ask } from '../answers.ts';
import { button, openPage, strip } from './browser.ts';
import type { RunningConsole } from './running-console.ts';

/** What viewers do, take back, and try again. */

const many = 2_000;
const atOnce = 60;

type As = (path: string) => ReturnType<RunningConsole['as']>;

/** Everything that viewers do. */
export function viewersJourneys(running: () => RunningConsole): void {
  const sam: As = (path) => running().as('sam', path);
  seeAtOnce(sam);
  voteInPlainHttp(sam, running);
  takeBack(sam);
  goOn(sam, running);
  scrollFar(running);
}

/** What viewers do in a catalogue that no page holds. */
function scrollFar(running: () => RunningConsole): void {
  it('scroll through thousands of films, of which few are drawn, some in each frame', async () => {
    const { browser, open } = running();
    const { page } = await openPage(browser, { width: 2_400, height: 1_800 });
    await page.route('**/v1/movies?**', (route) => {
      const from = Number(new URL(route.request().url()).searchParams.get('cursor') ?? 0);
      return route.fulfill({ json: filmsFrom(from) });
    });
    await open(page, '#/movies');
    await page.getByRole('link', { name: 'Film 0', exact: true }).waitFor();
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

/** What a button shows before anybody has answered. */
function seeAtOnce(sam: As): void {
  it('see their vote at once, and then how long it took to be stored and visible', async () => {
    const { page } = await sam('#/movies/m3');
    const answered = Promise.withResolvers<void>();
    await page.route('**/v1/movies/m3/vote', async (route) => {
      await answered.promise;
      await route.continue();
    });
    await button(page, 'Like Gamma: 0').click();
    await button(page, 'Like Gamma: 1').waitFor();
    await strip(page).getByText('sent', { exact: true }).waitFor();
    expect(
      await strip(page)
        .getByText(/stored in/)
        .count(),
    ).toBe(0);
    answered.resolve();
    await strip(page)
      .getByText(/stored in \d/)
      .waitFor();
    await strip(page)
      .getByText(/visible after \d/)
      .waitFor();
    await button(page, 'Like Gamma: 1').click();
    await button(page, 'Like Gamma: 0').waitFor();
  });
}

/** Browsers offer pages less over plain http from another machine. */
function voteInPlainHttp(sam: As, running: () => RunningConsole): void {
  it('can vote over plain http, too', async () => {
    const { page } = await sam('');
    await page.addInitScript('delete Crypto.prototype.randomUUID');
    await running().open(page, '#/movies/m3');
    await button(page, 'Like Gamma: 0').click();
    await strip(page)
      .getByText(/visible after/)
      .waitFor();
    await button(page, 'Like Gamma: 1').click();
    await button(page, 'Like Gamma: 0').waitFor();
  });
}

function takeBack(sam: As): void {
  it('are told beside the button what failed, and try it again there', async () => {
    const { page } = await sam('#/movies/m3');
    const address = '**/v1/movies/m3/vote';
    await page.route(address, (route) => route.abort());
    await button(page, 'Like Gamma: 0').click();
    const main = page.getByRole('main');
    await main.getByRole('button', { name: 'Try again' }).waitFor();
    await button(page, 'Like Gamma: 0').waitFor();
    await page.unroute(address);
    await main.getByRole('button', { name: 'Try again' }).click();
    await main.getByText(/visible \d+ ms/).waitFor();
    await button(page, 'Like Gamma: 1').waitFor();
  });

  it('undo a vote, and undo that too', async () => {
    const { page } = await sam('#/movies/m3');
    await button(page, 'Like Gamma: 1').click();
    await button(page, 'Like Gamma: 0').waitFor();
    for (const count of [1, 0]) {
      await strip(page).getByRole('button', { name: 'Undo' }).click();
      await button(page, `Like Gamma: ${count}`).waitFor();
      await strip(page)
        .getByText(/visible after/)
        .waitFor();
    }
  });

  it('have their reminder back when they didn’t watch the film after all', async () => {
    const { page } = await sam('#/movies/m3');
    const reminder = page.getByText('Some day — with popcorn');
    await page.getByLabel('Note').fill('with popcorn');
    await button(page, 'Remind me').click();
    await reminder.waitFor();
    await button(page, 'Watched it').click();
    await reminder.waitFor({ state: 'detached' });
    await strip(page).getByRole('button', { name: 'Undo' }).click();
    await reminder.waitFor();
    await button(page, 'Watched it').waitFor();
  });
}

function goOn(sam: As, running: () => RunningConsole): void {
  it('let ten people vote, who go on while other pages are looked at', async () => {
    const { page } = await sam('');
    await button(page, 'Let ten people vote for a minute').click();
    const votes = async () =>
      Number(
        /\d+/.exec((await page.getByRole('button', { name: /^Stop/ }).textContent()) ?? '')?.[0],
      );
    await until(async () => (await votes()) > 0);
    const before = await votes();
    await page.getByRole('link', { name: 'My lists' }).click();
    await page.getByRole('heading', { level: 1, name: /lists/ }).waitFor();
    await page.goBack();
    await until(async () => (await votes()) > before);
    await page.getByRole('button', { name: /^Stop/ }).click();
    await button(page, 'Let ten people vote for a minute').waitFor();
    const { system, commandApi } = running();
    const headers = await system.as('viewer-1', 'viewer');
    for (const film of ['m1', 'm2', 'm3']) {
      await ask(commandApi.url, `DELETE /v1/movies/${film}/vote`, { headers });
    }
  });

  it('are told that what they did is stored while a view has yet to show it', async () => {
    const { page } = await sam('#/movies/m1');
    const { pid } = running().projectors;
    const isTold = page.getByText('a read model has yet to show it');
    process.kill(pid, 'SIGSTOP');
    try {
      await page.getByRole('button', { name: /^Dislike Alpha/ }).click();
      await strip(page)
        .getByText(/stored in/)
        .waitFor();
      await isTold.first().waitFor();
    } finally {
      process.kill(pid, 'SIGCONT');
    }
    await strip(page)
      .getByText(/visible after/)
      .waitFor();
    await isTold.first().waitFor({ state: 'detached' });
    await page.getByRole('button', { name: /^Dislike Alpha/ }).click();
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
