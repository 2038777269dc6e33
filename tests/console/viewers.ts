import { expect, it } from 'vitest';
import { until } from '#kernel/testing/until.ts';
import { ask } from '../answers.ts';
import { actFasterThanAnswers } from './act-faster.ts';
import { takeBackCrowd, votesOfCrowd } from './as-somebody.ts';
import { button, expectAccessible, hold, strip } from './browser.ts';
import type { RunningConsole } from './running-console.ts';

/** What viewers do, take back, and try again. */

type As = (path: string) => ReturnType<RunningConsole['as']>;

/** Everything that viewers do. */
export function viewersJourneys(running: () => RunningConsole): void {
  const sam: As = (path) => running().as('sam', path);
  seeAtOnce(sam);
  actFasterThanAnswers(sam, running);
  seeWhere(sam, running);
  voteInPlainHttp(sam, running);
  takeBack(sam);
  seeRefusals(sam, running);
  goOn(sam, running);
}

/** What a button shows before anybody has answered. */
function seeAtOnce(sam: As): void {
  it('see their vote at once, and then how long it took to be stored and visible', async () => {
    const { page } = await sam('#/movies/m3');
    const answer = await hold(page, '**/v1/movies/m3/vote');
    await button(page, 'Like Gamma: 0').click();
    await button(page, 'Like Gamma: 1').waitFor();
    await strip(page).getByText('sent', { exact: true }).waitFor();
    expect(
      await strip(page)
        .getByText(/stored in/)
        .count(),
    ).toBe(0);
    const read = await hold(page, '**/v1/movies/m3');
    answer();
    await strip(page)
      .getByText(/stored in \d/)
      .waitFor();
    expect(await strip(page).textContent()).not.toContain('visible');
    read();
    await strip(page)
      .getByText(/visible after \d/)
      .waitFor();
    const beside = await page.getByRole('main').getByText('sent · stored').textContent();
    const [storedMs = 0, visibleMs = 0] = (beside?.match(/\d+/g) ?? []).map(Number);
    expect(visibleMs).toBeGreaterThan(storedMs);
    const said = await strip(page).textContent();
    expect(said).toContain(`stored in ${spoken(storedMs)}`);
    expect(said).toContain(`visible after ${spoken(visibleMs)}`);
    // One vote in place of another changes both counts at once.
    const answerAgain = await hold(page, '**/v1/movies/m3/vote');
    await button(page, 'Dislike Gamma: 0').click();
    await button(page, 'Dislike Gamma: 1').waitFor();
    await button(page, 'Like Gamma: 0').waitFor();
    answerAgain();
    await button(page, 'Dislike Gamma: 1').click();
    await button(page, 'Dislike Gamma: 0').waitFor();
  });
}

/** As the strip tells times. */
const spoken = (ms: number): string => (ms < 1_000 ? `${ms} ms` : `${(ms / 1_000).toFixed(1)} s`);

function seeWhere(sam: As, running: () => RunningConsole): void {
  it('see where in the log their command is, and nothing of those before it', async () => {
    const { page } = await sam('#/movies/m3');
    const isVisible = (path: RegExp) =>
      until(async () => {
        const said = (await strip(page).textContent()) ?? '';
        return path.test(said) && said.includes('visible after');
      });
    await button(page, 'Remind me').click();
    await isVisible(/me\/reminders/);
    await button(page, 'Like Gamma: 0').click();
    await isVisible(/m3\/vote/);
    const { topic, lane, offset } = await newestOf(running(), 'ranking/m3/sam');
    const places = await strip(page)
      .getByTitle(/^Topic, lane/)
      .allTextContents();
    expect(places).toEqual([`${topic}, lane ${lane}, offset ${offset}`]);
    await button(page, 'Like Gamma: 1').click();
    await button(page, 'Forget it').click();
    await button(page, 'Remind me').waitFor();
    await button(page, 'Like Gamma: 0').waitFor();
  });

  it('see on a phone which page they are on, in a row that follows them', async () => {
    const { page } = await sam('#/ops/audit');
    await page.setViewportSize({ width: 390, height: 844 });
    await page.getByRole('link', { name: 'Movies: to the rankings' }).click();
    const current = page.getByRole('navigation', { name: 'Pages' }).locator('[aria-current]');
    await current.filter({ hasText: 'Rankings' }).waitFor();
    await until(async () => ((await current.boundingBox())?.x ?? -1) >= 0);
  });
}

type Events = { items: { topic: string; lane: number; offset: number }[] };

/** The newest event of a stream, as operators see it. */
async function newestOf({ system, queryApi }: RunningConsole, stream: string) {
  const headers = await system.as('olga', 'operator');
  const search = new URLSearchParams({ stream, order: 'newest', limit: '1' });
  const { body } = await ask<Events>(queryApi.url, `GET /v1/ops/events?${search}`, { headers });
  return body.items[0]!;
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
    // No read takes the vote off the screen in place of the failure.
    const read = await hold(page, '**/v1/movies/m3');
    await button(page, 'Like Gamma: 0').click();
    const main = page.getByRole('main');
    await main.getByRole('button', { name: 'Try again' }).waitFor();
    await button(page, 'Like Gamma: 0').waitFor();
    await strip(page).getByRole('alert').getByText('Sent twice, a command counts once').waitFor();
    read();
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
    // What was undone can't be undone twice: the newest act can, in the strip and in the list.
    await button(page, 'What just happened').click();
    await strip(page).getByRole('listitem').nth(2).waitFor();
    expect(await strip(page).getByRole('button', { name: 'Undo' }).count()).toBe(2);
  });

  it('have their reminder back when they didn’t watch the film after all', async () => {
    const { page } = await sam('#/movies/m3');
    const reminder = page.getByText('Some day — with popcorn');
    await page.getByLabel('Note').fill('with popcorn');
    const read = await hold(page, '**/v1/movies/m3');
    await button(page, 'Remind me').click();
    await reminder.waitFor();
    await page.getByLabel('Note').fill('with friends');
    read();
    await strip(page)
      .getByText(/visible after/)
      .waitFor();
    await button(page, 'Change').click();
    await page.getByText('Some day — with friends').waitFor();
    await strip(page).getByRole('button', { name: 'Undo' }).click();
    await reminder.waitFor();
    await button(page, 'Watched it').click();
    await reminder.waitFor({ state: 'detached' });
    await button(page, 'Watched 1×, once more').waitFor();
    await strip(page).getByRole('button', { name: 'Undo' }).click();
    await reminder.waitFor();
    await button(page, 'Watched it').waitFor();
  });
}

function seeRefusals(sam: As, running: () => RunningConsole): void {
  it('are told how many votes of the ten people were refused, and why', async () => {
    const { page } = await sam('');
    const refusal = (status: number, title: string) => ({
      ...{ status, contentType: 'application/problem+json' },
      json: { title, status, code: 'test', detail: 'It is a test.' },
    });
    const refusals = [
      refusal(429, 'Too many requests'),
      refusal(403, 'Not allowed'),
      refusal(429, 'Too many requests'),
    ];
    await page.route('**/v1/movies/*/vote', (route) =>
      route.fulfill(refusals.shift() ?? refusal(500, 'Broken')),
    );
    await button(page, 'Let ten people vote for a minute').click();
    for (const told of ['2 refused: Too many requests', '1 refused: Not allowed']) {
      await page.getByRole('status').getByText(told, { exact: true }).waitFor();
    }
    await page
      .getByRole('status')
      .getByText(/^\d+ refused: Broken/)
      .waitFor();
    await page.getByRole('button', { name: 'Stop · 0 votes' }).click();
    await button(page, 'Let ten people vote for a minute').waitFor();
    await page.getByText('1 refused: Not allowed').waitFor();
    await expectAccessible(page);
    await page.unroute('**/v1/movies/*/vote');
    // Who lets them vote again begins anew.
    await button(page, 'Let ten people vote for a minute').click();
    await page.getByText('refused: Not allowed').waitFor({ state: 'detached' });
    await page.getByRole('button', { name: /^Stop/ }).click();
    await button(page, 'Let ten people vote for a minute').waitFor();
    await takeBackCrowd(running(), ['m1', 'm2', 'm3']);
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
    // Whose votes these are is nothing that made the screen of whoever looks.
    await button(page, 'Show the request').click();
    const sent = page.getByRole('dialog');
    await sent.getByText('/v1/rankings').first().waitFor();
    expect(await sent.getByText('-X PUT').count()).toBe(0);
    await page.keyboard.press('Escape');
    await page.getByRole('link', { name: 'My lists' }).click();
    await page.getByRole('heading', { level: 1, name: /lists/ }).waitFor();
    await page.goBack();
    await until(async () => (await votes()) > before);
    await page.getByRole('button', { name: /^Stop/ }).click();
    await button(page, 'Let ten people vote for a minute').waitFor();
    // Each of them has votes of their own.
    await until(async () => (await votesOfCrowd(running())).every((count) => count > 0));
    await page.addInitScript(shortMinute);
    await running().open(page);
    await button(page, 'Let ten people vote for a minute').click();
    await page.getByRole('button', { name: /^Stop/ }).waitFor();
    await button(page, 'Let ten people vote for a minute').waitFor();
    await takeBackCrowd(running(), ['m1', 'm2', 'm3']);
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

/** Lets what takes a minute end after one second. */
const shortMinute = `{
  const after = AbortSignal.timeout.bind(AbortSignal);
  AbortSignal.timeout = (ms) => after(ms / 60);
}`;
