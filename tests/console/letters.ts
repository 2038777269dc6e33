import type { Page } from 'playwright-core';
import { describe, expect, it, onTestFinished } from 'vitest';
import { until } from '#kernel/testing/until.ts';
import { ask } from '../answers.ts';
import { post } from './as-somebody.ts';
import { expectAccessible } from './browser.ts';
import { sendPastTheApi } from './harm.ts';
import type { RunningConsole } from './running-console.ts';

/** One dead letter at a time: what it is, what is done with it, and what came of that. */

type Running = () => RunningConsole;

const film = 'm3';

export function letterJourneys(running: Running): void {
  describe('one dead letter', { timeout: 60_000 }, () => {
    retriedInVain(running);
    discardedAndRetried(running);
  });
}

function retriedInVain(running: Running): void {
  it('that can’t be decoded shows its bytes once revealed, and is retried in vain', async () => {
    onTestFinished(() => clean(running()));
    await park(running());
    const { page } = await running().as('olga', `#/ops/dead-letters?view=rankings&key=${film}`);
    const letter = await openLetter(page, 'wire format');
    await letter.getByText('7 bytes').waitFor();
    await letter.getByText('Masked, since people may have written some of it.').waitFor();
    expect(await letter.textContent()).not.toMatch(/garbage|67 61/);
    await letter.getByRole('button', { name: 'Reveal' }).click();
    await page.getByLabel('Why?').fill('Who has sent it?');
    await page.getByRole('dialog').getByRole('button', { name: 'Reveal' }).click();
    await letter.getByText(/^000000 +67 61 72 62 61 67 65 +garbage$/).waitFor();
    expect(await letter.getByText(/^Masked/).count()).toBe(0);
    await expectAccessible(page);
    await act(page, letter, 'Retry');
    const outcome = outcomeOf(page, 'retry');
    await outcome.getByText('1 letters found; 0 folded, 1 left').waitFor();
    const results = outcome.getByRole('list', { name: 'Results' }).getByRole('listitem');
    expect(await results.allTextContents()).toEqual([
      expect.stringMatching(
        /^failed.*key m3 0 folded, \d+ left: .*not in the Confluent wire format/,
      ),
    ]);
    await letter.getByText(/^once, at/).waitFor();
  });
}

function discardedAndRetried(running: Running): void {
  it('is gone once it is discarded, or folded by a retry; what came of it stays', async () => {
    onTestFinished(() => clean(running()));
    const { likes } = await park(running());
    const { page } = await running().as('olga', `#/ops/dead-letters?view=rankings&key=${film}`);
    await act(page, await openLetter(page, 'wire format'), 'Discard', 'Sent past the API.');
    const gone = page.getByRole('region', { name: 'The dead letter that the link leads to' });
    await gone.getByText('It is no dead letter any more').waitFor();
    await outcomeOf(page, 'discard').getByText('1 of 1 letters are discarded').waitFor();
    await outcomeOf(page, 'discard').getByText('done', { exact: true }).waitFor();
    expect(await gone.getByRole('button').count()).toBe(0);
    expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
    await expectAccessible(page);
    // The vote behind it is an event like any other.
    const letter = await openLetter(page, 'an earlier event');
    await letter.getByText('VoteCast').waitFor();
    await letter.getByText(/vote "like"/).waitFor();
    await act(page, letter, 'Retry');
    await gone.getByText('It is no dead letter any more').waitFor();
    await outcomeOf(page, 'retry').getByText('1 letters found; 1 folded, 0 left').waitFor();
    await outcomeOf(page, 'retry').getByText('done', { exact: true }).waitFor();
    expect(await gone.getByRole('button').count()).toBe(0);
    await until(async () => (await likesOf(running())) === likes + 1);
    // Other letters have an outcome of their own.
    await running().open(page, '#/ops/dead-letters?opened=none');
    await gone.getByText('It is no dead letter any more').waitFor();
    expect(await outcomeOf(page, 'retry').count()).toBe(0);
  });
}

const outcomeOf = (page: Page, act: string) =>
  page.getByRole('region', { name: `What came of it: ${act}` });

/** Opens the letter whose error has this text. @returns the row of its details. */
async function openLetter(page: Page, error: string) {
  const row = page.getByRole('row').filter({ hasText: error });
  await row.getByRole('button', { name: /^Details of/ }).click();
  const details = page.getByRole('row').filter({ hasText: 'Retried in vain' });
  await details.waitFor();
  return details;
}

type Letter = Awaited<ReturnType<typeof openLetter>>;

async function act(page: Page, letter: Letter, name: 'Retry' | 'Discard', why?: string) {
  await letter.getByRole('button', { name: `${name} it` }).click();
  const question = page.getByRole('dialog', { name: `${name} one dead letter?` });
  if (why) await question.getByLabel('Why?').fill(why);
  await question.getByRole('button', { name }).click();
}

/**
 * Parks a record that nobody can read, and a vote behind it.
 * @returns how many likes the film has without the vote.
 */
async function park(running: RunningConsole): Promise<{ likes: number }> {
  await sendPastTheApi(running.system.settings, [film]);
  const token = await vote(running, 'PUT');
  // Whoever sees this vote would see all before it, and it waits behind the record.
  return { likes: await likesOf(running, token) };
}

/** Discards the record for all views, folds the vote, and takes it back. */
async function clean(running: RunningConsole): Promise<void> {
  const filter = { key: film };
  const reason = 'Sent past the API.';
  await done(running, 'discard', { filter: { ...filter, error: 'wire format' }, reason });
  await done(running, 'retry', { filter });
  const { queryApi, system } = running;
  const headers = await system.as('olga', 'operator');
  const path = `GET /v1/ops/dead-letters?key=${film}`;
  expect((await ask<{ count: number }>(queryApi.url, path, { headers })).body.count).toBe(0);
  await vote(running, 'DELETE');
}

async function done(running: RunningConsole, act: string, body: object): Promise<void> {
  const olga = { user: 'olga', role: 'operator' } as const;
  const { jobId } = await post<{ jobId: string }>(running, {
    ...{ ...olga, path: `/v1/ops/jobs/${act}`, body },
  });
  const headers = await running.system.as('olga', 'operator');
  await until(async () => {
    const path = `GET /v1/ops/jobs/${jobId}`;
    const { body } = await ask<{ status: string }>(running.queryApi.url, path, { headers });
    return body.status === 'done';
  });
}

/** @returns the token with which a read sees it. */
async function vote({ system, commandApi }: RunningConsole, how: 'PUT' | 'DELETE') {
  const headers = await system.as('letter-writer', 'viewer');
  const request = how === 'PUT' ? { body: { vote: 'like' }, headers } : { headers };
  return (await ask(commandApi.url, `${how} /v1/movies/${film}/vote`, request)).body.token;
}

async function likesOf({ queryApi }: RunningConsole, token?: string): Promise<number> {
  const headers: Record<string, string> =
    token === undefined ? {} : { 'consistency-token': token, prefer: 'wait=10' };
  const path = `GET /v1/movies/${film}`;
  return (await ask<{ likes: number }>(queryApi.url, path, { headers })).body.likes;
}
