import { randomUUID } from 'node:crypto';
import { describe, expect, it, onTestFinished } from 'vitest';
import { until } from '#kernel/testing/until.ts';
import { ask } from '../answers.ts';
import { button, expectAccessible, openPage } from './browser.ts';
import { failingJobs } from './failing-jobs.ts';
import { sendPastTheApi } from './harm.ts';
import { dragThroughLongPast, findLongPast } from './past.ts';
import { projectionsJourneys } from './projections.ts';
import { expectRankingThen, fans, takeBack } from './ranking-then.ts';
import type { RunningConsole } from './running-console.ts';
import { schemaJourneys } from './schemas.ts';
import { tailJourneys } from './tail.ts';

/** What operators do in the console, as a person does it. */

const patiently = { timeout: 60_000 };

type Tools = ReturnType<typeof toolsOf>;

function toolsOf(running: () => RunningConsole) {
  return {
    running,
    /** A page of the operator's, at this path. */
    at: (path: string) => running().as('olga', path),
    async vote(user: string, movieId: string, wanted: string) {
      const { system, commandApi } = running();
      const headers = await system.as(user, 'viewer');
      const asked = { body: { vote: wanted }, headers };
      const path = `PUT /v1/movies/${movieId}/vote`;
      return (await ask<{ version: number }>(commandApi.url, path, asked)).body.version;
    },
  };
}

export function operatorsJourneys(running: () => RunningConsole): void {
  const tools = toolsOf(running);
  describe('operators', patiently, () => {
    followAndRebuild(tools);
    seeFailures(tools);
    projectionsJourneys(running);
    failingJobs(running);
    findThePast(tools);
    readWhatPeopleWrote(tools);
    findLongPast(tools);
    dragThroughLongPast(tools);
    filterAll(tools);
    tailJourneys(running);
    schemaJourneys(running);
    workDeadLetters(tools);
  });
}

function followAndRebuild({ at, vote }: Tools): void {
  it('see that all is well, and follow a command into the views', async () => {
    const { page } = await at('#/ops');
    await page.getByText('All is well').waitFor();
    await page.getByRole('button', { name: 'The next one' }).click();
    await page.getByText('Waiting for the next event').waitFor();
    await vote('bert', 'm2', 'like');
    const hops = page.getByRole('region', { name: 'Follow a command' });
    await hops.getByText('VoteCast by bert').waitFor();
    const ofRankings = hops.getByRole('listitem').filter({ hasText: 'rankings@' });
    await ofRankings.getByText(/seen after/).waitFor();
    const passed = page.getByRole('main').locator('a[data-state=passed]');
    await until(async () => {
      const boxes = (await passed.allTextContents()).join();
      return /Lane 1.*ranking.*rankings@/.test(boxes);
    });
    await hops.getByRole('link', { name: 'its trace' }).click();
    await page.getByText('1 transaction', { exact: true }).waitFor();
    await page.getByText('shows it').first().waitFor();
  });

  it('rebuild a view, compare it, switch to it, and go back; the audit has it all', async () => {
    const { page } = await at('#/ops/projections/rankings');
    await page.getByRole('button', { name: 'Rebuild' }).click();
    await page.getByText('3 the same').waitFor();
    await page.getByRole('button', { name: 'Serve rankings.g2' }).click();
    await page.getByText('rankings.g2 is served now').first().waitFor();
    await page.getByRole('button', { name: 'Serve rankings.g1 again' }).click();
    await page.getByText('rankings.g1 is served now').first().waitFor();
    await until(async () => (await page.getByText('rankings.g2 is served now').count()) === 0);
    await page.getByRole('link', { name: 'Audit' }).click();
    const acts = page.getByRole('region', { name: 'Acts of operators' }).locator('tbody tr');
    // Others may have done something before.
    await until(async () => {
      const [last, before, first] = await acts.locator('td:nth-child(3)').allTextContents();
      return `${first}, ${before}, ${last}` === 'rebuild, switch, rollback';
    });
  });
}

function seeFailures({ running, at }: Tools): void {
  it('are told why a job failed, where its progress was', async () => {
    const { page } = await at('#/ops/projections/rankings');
    const { system, commandApi, replayWorker } = running();
    const headers = { ...(await system.as('olga', 'operator')), 'idempotency-key': randomUUID() };
    const body = { view: 'rankings' };
    const ofSwitch = page.getByRole('listitem').filter({ hasText: 'is served at once by all' });
    const waiting = ofSwitch.getByText('A replay worker takes it as soon as one is free');
    process.kill(replayWorker.pid, 'SIGSTOP');
    try {
      const asked = await ask(commandApi.url, 'POST /v1/ops/jobs/switch', { body, headers });
      expect(asked.status).toBe(201);
      await waiting.waitFor();
    } finally {
      process.kill(replayWorker.pid, 'SIGCONT');
    }
    const reason = { hasText: 'rankings@2 has no generation kept; rebuild it first.' };
    await ofSwitch.getByRole('alert').filter(reason).waitFor();
    expect(await waiting.count()).toBe(0);
    expect(await ofSwitch.getByRole('progressbar').count()).toBe(0);
  });
}

function findThePast(tools: Tools): void {
  const { at, vote } = tools;
  it('find a vote by dragging, and see what readers saw then', async () => {
    for (const fan of fans) await vote(fan, 'm2', 'like');
    for (const wanted of ['like', 'dislike']) await vote('cleo', 'm3', wanted);
    await vote('late-fan', 'm2', 'like');
    onTestFinished(() => takeBack(tools.running(), [...fans, 'late-fan']));
    const { page } = await at('#/ops/time?user=cleo');
    const slider = page.getByRole('slider', { name: 'Moment' });
    await slider.focus();
    await page.keyboard.press('ArrowLeft');
    await page.getByText('Event 1 of 2').waitFor();
    const then = page.getByRole('region', { name: 'Then: the newest event of ranking/m3/cleo' });
    await then.getByText('vote (changed) "like"').waitFor();
    // The log has times as numbers; people don't read these.
    await then.getByText(/castAt.* \d{13}.*\d\d:\d\d:\d\d/).waitFor();
    await until(async () => /at=1/.test(page.url()));
    await page.getByRole('button', { name: /^Keep movies and rankings/ }).click();
    await expectRankingThen(tools.running(), page);
    const film = page.getByRole('region', { name: 'Then: Gamma' });
    expect(await film.textContent()).toMatch(/dislikes \(changed\) 0/);
    // What is kept is of this event alone.
    await button(page, 'After').click();
    await page.getByText('Event 2 of 2').waitFor();
    await page.getByRole('button', { name: /^Keep movies and rankings/ }).waitFor();
    await page.getByRole('link', { name: 'Projections' }).click();
    await page.getByRole('button', { name: /^Drop at-/ }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Drop it' }).click();
    await page.getByText('None. The time machine keeps views').waitFor();
  });

  it('see the state of a stream after each of its events', async () => {
    const { page } = await at('#/ops/streams?stream=ranking/m3/cleo');
    const after = (number: number, text: string) =>
      page
        .getByRole('region', { name: `The state after event ${number}` })
        .getByText(text)
        .waitFor();
    await after(2, 'vote (changed) "dislike"');
    await page.getByRole('option').first().click();
    await after(1, 'vote (changed) "like"');
  });
}

function readWhatPeopleWrote({ running }: Tools): void {
  it('come from a viewer’s screen to its events, and from one to its trace', async () => {
    const { browser, open, system, commandApi } = running();
    // Alice has a key for her texts already, so that the ticket below brings no transaction for it.
    const headers = await system.as('alice', 'viewer');
    const body = { note: 'soon' };
    await ask(commandApi.url, 'PUT /v1/me/reminders/m2', { body, headers });
    const { page } = await openPage(browser);
    await open(page, '#/tickets?movie=m1');
    await page.getByLabel('Subject').fill('No picture');
    await page.getByLabel('Message').fill('Dark from the start.');
    await page.getByRole('button', { name: 'Open a ticket' }).click();
    await page.getByRole('heading', { level: 1, name: 'No picture' }).waitFor();
    await page.getByText(/^SO-\d{6}$/).waitFor();
    await page.getByRole('link', { name: 'Show the events' }).click();
    await page.getByText('This needs the role operator').waitFor();
    await page.getByRole('button', { name: 'Go on as olga' }).click();
    // A click anywhere on its line opens an event.
    await page.getByRole('listitem').filter({ hasText: 'TicketOpened' }).click();
    await page.getByText('Masked, since people wrote it').waitFor();
    expect(await page.getByRole('main').textContent()).not.toContain('Dark from');
    await page.getByRole('button', { name: 'Reveal' }).click();
    // Blanks are no reason: the dialog stays, and nothing is asked for.
    await page.getByLabel('Why?').fill('  ');
    await page.getByRole('dialog').getByRole('button', { name: 'Reveal' }).click();
    expect(await page.locator('input:invalid').count()).toBe(1);
    await page.getByLabel('Why?').fill('The user asked what we have.');
    await page.getByRole('dialog').getByRole('button', { name: 'Reveal' }).click();
    await page.getByText('"Dark from the start."').waitFor();
    await page
      .getByRole('link', { name: /^[0-9a-f-]{36}$/ })
      .first()
      .click();
    await page.getByText('2 transactions').waitFor();
    await page.getByText(/^reaction of/).waitFor();
    await expectAccessible(page);
    await open(page, '#/ops/audit?act=reveal');
    const revealed = page.getByRole('row').filter({ hasText: 'The user asked what we have.' });
    await revealed.waitFor();
    expect(await revealed.textContent()).toMatch(/olga.*reveal/);
  });
}

function filterAll({ at, running }: Tools): void {
  it('are told what a filter can’t ask for, and keep filters in the address', async () => {
    const { page } = await at('#/ops/lanes');
    const filter = page.getByLabel('Filter', { exact: true });
    await filter.fill('movie:m1');
    await page.keyboard.press('Enter');
    await page.getByText("“movie” can't be asked for here").waitFor();
    await filter.fill('lane:2');
    await page.keyboard.press('Enter');
    await until(async () => page.url().endsWith('#/ops/lanes?lane=2'));
    const writers = page.getByRole('region', { name: 'Writers of the lanes' });
    await until(async () => (await writers.locator('tbody tr').count()) === 1);
    await button(page, 'Clear').click();
    await until(async () => page.url().endsWith('#/ops/lanes'));
    await filter.fill('1 error:"no such trouble"');
    await page.keyboard.press('Enter');
    await page.getByText('No lane is like this').waitFor();
    expect(page.url()).toMatch(/\?lane=1&error=no\+such\+trouble$/);
    await button(page, 'lane').click();
    expect(await filter.inputValue()).toBe('lane:1 error:"no such trouble" lane:');
    await running().open(page, '#/ops/projections?state=stopped');
    await page.getByText('No view is like this').waitFor();
    await running().open(page, '#/ops/schemas?type=nothing');
    await page.getByText('No type is like this').waitFor();
  });
}

function workDeadLetters({ running, at }: Tools): void {
  it('retry and discard all dead letters that a filter finds, with a result for each', async () => {
    await sendPastTheApi(running().system.settings, ['broken', 'broken too']);
    const { page } = await at('#/ops/dead-letters?view=rankings');
    const results = (act: string) =>
      page
        .getByRole('region', { name: `What came of it: ${act}` })
        .getByRole('list', { name: 'Results' })
        .getByRole('listitem');
    await page.getByRole('button', { name: 'Retry all 2', exact: true }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Retry' }).click();
    await until(async () => (await results('retry').count()) === 2);
    expect(await results('retry').getByText('failed', { exact: true }).count()).toBe(2);
    const letters = page.getByRole('region', { name: 'Dead letters', exact: true });
    const cells = letters.getByRole('row').filter({ hasText: 'broken too' }).locator('td');
    await until(async () => (await cells.nth(5).textContent()) === '1');
    expect(await cells.nth(6).textContent()).toBe('0');
    await expectAccessible(page);
    // The letters of all views that read the topic.
    await page.getByLabel('Filter', { exact: true }).fill('topic:ranking');
    await page.keyboard.press('Enter');
    const discard = page.getByRole('button', { name: /^Discard all (?!2$)\d+$/ });
    const all = Number(/\d+/.exec((await discard.textContent()) ?? '')?.[0]);
    await discard.click();
    await page.getByLabel('Why?').fill('Sent past the API.');
    await page.getByRole('dialog').getByRole('button', { name: 'Discard' }).click();
    await page.getByText('No dead letters').waitFor();
    await until(async () => (await results('discard').count()) === all);
  });
}
