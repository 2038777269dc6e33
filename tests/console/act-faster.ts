import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import type { Schemas } from '#client/client.ts';
import { until } from '#kernel/testing/until.ts';
import { ask } from '../answers.ts';
import { answerLate, button, hold, strip } from './browser.ts';
import type { RunningConsole } from './running-console.ts';

type As = (path: string) => ReturnType<RunningConsole['as']>;

/** Viewers who do the next thing before the last one is answered. */
export function actFasterThanAnswers(sam: As, running: () => RunningConsole): void {
  seeTheLast(sam);
  seeOthersMeanwhile(sam, running);
  loseTheRefused(sam);
  stayWhoTheyWere(sam, running);
}

function seeTheLast(sam: As): void {
  it('have what they did last, however long what they did before is on its way', async () => {
    const { page } = await sam('#/movies/m3');
    const send = await hold(page, '**/v1/movies/m3/vote', { times: 1 });
    await button(page, 'Dislike Gamma: 0').click();
    await button(page, 'Dislike Gamma: 1').click();
    await button(page, 'Dislike Gamma: 0').waitFor();
    send();
    await strip(page).getByText('DELETE /v1/movies/m3/vote').waitFor();
    await strip(page)
      .getByText(/visible after/)
      .waitFor();
    const again = await sam('#/movies/m3');
    await button(again.page, 'Dislike Gamma: 0').waitFor();
  });

  it('see what they did last, also if what they did before is answered late', async () => {
    const { page } = await sam('#/movies/m3');
    const before = await answerLate(page, '**/v1/movies/m3');
    await button(page, 'Like Gamma: 0').click();
    await before.answered;
    const send = await hold(page, '**/v1/movies/m3/vote');
    await button(page, 'Like Gamma: 1').click();
    await button(page, 'What just happened').click();
    before.deliver();
    await strip(page).getByRole('listitem').nth(1).getByText('visible', { exact: true }).waitFor();
    await button(page, 'Like Gamma: 0').waitFor();
    send();
    await strip(page).getByRole('listitem').nth(0).getByText('visible', { exact: true }).waitFor();
    await button(page, 'Like Gamma: 0').waitFor();
  });
}

function seeOthersMeanwhile(sam: As, running: () => RunningConsole): void {
  it('see what others do meanwhile, beside what they did', async () => {
    const { system, commandApi } = running();
    const { page } = await sam('#/movies/m3');
    const send = await hold(page, '**/v1/movies/m3/vote');
    await button(page, 'Like Gamma: 0').click();
    await button(page, 'Like Gamma: 1').waitFor();
    const alice = { headers: await system.as('alice', 'viewer') };
    const like = { ...alice, body: { vote: 'like' } };
    await ask(commandApi.url, 'PUT /v1/movies/m3/vote', like);
    await button(page, 'Like Gamma: 2').waitFor();
    send();
    await strip(page)
      .getByText(/visible after/)
      .waitFor();
    await ask(commandApi.url, 'DELETE /v1/movies/m3/vote', alice);
    await button(page, 'Like Gamma: 1').click();
    await button(page, 'Like Gamma: 0').waitFor();
    await until(async () => (await votesOn(running(), 'm3')).sam === null);
  });
}

/** Has the next request to this address refused, once it may be answered. @returns lets it be. */
async function refuse(page: Page, address: string): Promise<() => void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const status = 409;
  const json = { title: 'Not now', status, code: 'test', detail: 'It is a test.' };
  const answer = { status, contentType: 'application/problem+json', json };
  await page.route(address, (route) => promise.then(() => route.fulfill(answer)), { times: 1 });
  return resolve;
}

/** What became of an act, in the strip that is open. */
const told = (page: Page, title: string) =>
  strip(page)
    .getByRole('listitem')
    .filter({ hasText: new RegExp(`^${title}`) });

function loseTheRefused(sam: As): void {
  it('lose the effect of what is refused, and keep that of what is on its way', async () => {
    const { page } = await sam('#/movies/m3');
    const answer = await refuse(page, '**/v1/movies/m3/vote');
    const send = await hold(page, '**/v1/me/watched/m3');
    await button(page, 'What just happened').click();
    await button(page, 'Like Gamma: 0').click();
    await button(page, 'Like Gamma: 1').waitFor();
    await page.getByRole('button', { name: /^Watched/ }).click();
    await page.getByRole('button', { name: /^Watched 1×/ }).waitFor();
    answer();
    await told(page, 'Like Gamma').getByText('Not now: It is a test.').waitFor();
    await button(page, 'Like Gamma: 0').waitFor();
    await page.getByRole('button', { name: /^Watched 1×/ }).waitFor();
    send();
    const watched = told(page, 'Mark Gamma as watched');
    await watched.getByText('visible', { exact: true }).waitFor();
    await watched.getByRole('button', { name: 'Undo' }).click();
    await told(page, 'Remove a play').getByText('visible', { exact: true }).waitFor();
  });
}

async function choose(page: Page, user: string): Promise<void> {
  await page.getByRole('button', { name: /^You are / }).click();
  await page
    .getByRole('dialog')
    .getByRole('button', { name: new RegExp(`\\b${user}\\b`) })
    .click();
  await button(page, `You are ${user}`).waitFor();
}

async function votesOn({ system, queryApi }: RunningConsole, movieId: string) {
  const voteOf = async (user: string) => {
    const headers = await system.as(user, 'viewer');
    const { body } = await ask<Schemas['Movie']>(queryApi.url, `GET /v1/movies/${movieId}`, {
      headers,
    });
    return body.me?.vote ?? null;
  };
  return { sam: await voteOf('sam'), alice: await voteOf('alice') };
}

function stayWhoTheyWere(sam: As, running: () => RunningConsole): void {
  it('do as themselves what waits while another one is chosen, who sees none of it', async () => {
    const { page } = await sam('#/movies/m3');
    await button(page, 'What just happened').click();
    const answer = await refuse(page, '**/v1/movies/m3/vote');
    await button(page, 'Like Gamma: 0').click();
    await button(page, 'Like Gamma: 1').click();
    await button(page, 'Dislike Gamma: 0').click();
    await button(page, 'Dislike Gamma: 1').waitFor();
    await choose(page, 'alice');
    await button(page, 'Dislike Gamma: 0').waitFor();
    answer();
    const [disliked, , liked] = await told(page, 'A command of sam').all();
    await disliked!.getByText('visible', { exact: true }).waitFor();
    await liked!.getByText('Not now').waitFor();
    expect(await strip(page).textContent()).not.toMatch(/Gamma|It is a test/);
    const acts = strip(page).getByRole('button', { name: /Undo|Try again/ });
    expect(await acts.count()).toBe(0);
    expect(await votesOn(running(), 'm3')).toEqual({ sam: 'dislike', alice: null });
    await choose(page, 'sam');
    await told(page, 'Like Gamma').getByText('Not now: It is a test.').waitFor();
    await told(page, 'Dislike Gamma').getByRole('button', { name: 'Undo' }).click();
    await until(async () => (await votesOn(running(), 'm3')).sam === null);
  });
}
