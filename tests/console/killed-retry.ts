import { randomUUID } from 'node:crypto';
import { MongoClient } from 'mongodb';
import { expect, it } from 'vitest';
import { until } from '#kernel/testing/until.ts';
import { ask } from '../answers.ts';
import { post } from './as-somebody.ts';
import { button } from './browser.ts';
import { killWorkerAmid, sendPastTheApi } from './harm.ts';
import type { RunningConsole } from './running-console.ts';

/** A replay worker that dies amid what an operator wants done with dead letters. */

type Running = () => RunningConsole;

const film = 'm2';
/** Their votes wait behind an event that nobody can read, until that one is discarded. */
const fans = 5;
/** So many that the worker is surely met amid one of them. */
const unreadable = Array.from({ length: 60 }, (_, at) => `unreadable ${at}`);
const all = fans + unreadable.length;

export function killedRetryJourneys(running: Running): void {
  it('goes on with a retry amid which its worker died, and folds each letter once', async () => {
    await discard(running(), { topic: 'ranking' });
    // The films share a lane, so a read that has seen this vote has seen all votes before it.
    const before = await likesOf(running(), await voteOfSomebody(running()));
    await parkVotes(running());
    expect(await likesOf(running())).toBe(before);
    const { page } = await running().as('olga', '#/ops/dead-letters?view=rankings');
    process.kill(running().replayWorker.pid, 'SIGSTOP');
    await button(page, `Retry all ${all}`).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Retry' }).click();
    const outcome = page.getByRole('region', { name: 'What came of it: retry' });
    await outcome.getByText(/^A replay worker takes it as soon as one is free/).waitFor();
    await killAmidTransaction(running());
    await outcome.getByText(/^No news of it/).waitFor();
    await running().restart('replayWorker');
    const told = `${all} letters found; ${fans} folded, ${unreadable.length} left`;
    await outcome.getByText(told).waitFor({ timeout: 30_000 });
    const results = outcome.getByRole('list', { name: 'Results' }).getByRole('listitem');
    const keys = await results.locator('strong').allTextContents();
    expect(new Set(keys).size).toBe(unreadable.length + 1);
    expect(keys).toHaveLength(unreadable.length + 1);
    expect(await results.getByText('failed', { exact: true }).count()).toBe(unreadable.length);
    expect(await results.filter({ hasText: `key ${film}` }).textContent()).toMatch(/^done/);
    await until(async () => (await likesOf(running())) === before + fans);
    await discard(running(), { topic: 'ranking' });
    await page.getByText('No dead letters').waitFor();
  });
}

/** Only the unreadable event in front of the votes is discarded, so that they can be retried. */
async function parkVotes(running: RunningConsole): Promise<void> {
  await sendPastTheApi(running.system.settings, [...unreadable, film]);
  for (let n = 0; n < fans; n += 1) await voteOfSomebody(running);
  await until(async () => (await countLetters(running)) === all + 1);
  await discard(running, { key: film, error: 'wire format' });
}

async function killAmidTransaction(running: RunningConsole): Promise<void> {
  const { replayWorker, system } = running;
  const mongo = await MongoClient.connect(system.settings.MONGO_URL ?? '');
  const open = { appName: replayWorker.name, transaction: { $exists: true } };
  const look = [{ $currentOp: { idleSessions: true } }, { $match: open }];
  const isOpen = () => mongo.db('admin').aggregate(look).hasNext();
  await killWorkerAmid(running, async () => (await isOpen()) && (await isBegun(running)));
  await mongo.close();
}

/**
 * The worker may have a transaction open for something else before it begins. What it has told by
 * now is shown within a moment.
 */
async function isBegun({ queryApi, system }: RunningConsole): Promise<boolean> {
  const headers = await system.as('olga', 'operator');
  const path = 'GET /v1/ops/jobs?act=retry&limit=1';
  const isRunning = async () => {
    const { body } = await ask<{ items: { status: string }[] }>(queryApi.url, path, { headers });
    return body.items[0]?.status === 'running';
  };
  return until(isRunning, { limitMs: 300 }).then(
    () => true,
    () => false,
  );
}

/** Waits until it is done: what is parked later would be discarded with the rest. */
async function discard(running: RunningConsole, filter: Record<string, string>): Promise<void> {
  const { queryApi, system } = running;
  const body = { filter, reason: 'Sent past the API.' };
  const asked = { user: 'olga', role: 'operator', path: '/v1/ops/jobs/discard', body } as const;
  const { jobId } = await post<{ jobId: string }>(running, asked);
  const headers = await system.as('olga', 'operator');
  const path = `GET /v1/ops/jobs/${jobId}`;
  await until(async () => {
    const job = await ask<{ status: string }>(queryApi.url, path, { headers });
    return job.body.status === 'done';
  });
}

async function countLetters({ queryApi, system }: RunningConsole): Promise<number> {
  const headers = await system.as('olga', 'operator');
  const path = 'GET /v1/ops/dead-letters?view=rankings';
  return (await ask<{ count: number }>(queryApi.url, path, { headers })).body.count;
}

/** @returns the token with which a read sees the vote. */
async function voteOfSomebody({ system, commandApi }: RunningConsole): Promise<string> {
  const headers = await system.as(randomUUID(), 'viewer');
  const request = { body: { vote: 'like' }, headers };
  const path = `PUT /v1/movies/${film}/vote`;
  return (await ask<{ token: string }>(commandApi.url, path, request)).body.token;
}

async function likesOf({ queryApi }: RunningConsole, token?: string): Promise<number> {
  const headers: Record<string, string> =
    token === undefined ? {} : { 'consistency-token': token, prefer: 'wait=10' };
  const path = `GET /v1/movies/${film}`;
  return (await ask<{ likes: number }>(queryApi.url, path, { headers })).body.likes;
}
