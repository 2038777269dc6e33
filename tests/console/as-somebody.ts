import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import { type Answer, ask } from '../answers.ts';
import { become, openPage } from './browser.ts';
import type { RunningConsole } from './running-console.ts';

/** What somebody sees in the console, and what they send past it. */

/** A page of the console at this path, as this demo user. */
export async function openAs(running: RunningConsole, user: string, path: string) {
  const { page, complaints } = await openPage(running.browser);
  await running.open(page);
  await become(page, user);
  await running.open(page, path);
  return { page, complaints };
}

type Role = Parameters<RunningConsole['system']['as']>[1];
type Sent = { user: string; role: Role; path: string; body: unknown };

/** Sends a command of this user, which has to be done. */
export async function post<Body>(
  { system, commandApi }: RunningConsole,
  { user, role, path, body }: Sent,
): Promise<Body> {
  const headers = { ...(await system.as(user, role)), 'idempotency-key': randomUUID() };
  const answer: Answer<Body> = await ask(commandApi.url, `POST ${path}`, { body, headers });
  expect(answer.status, JSON.stringify(answer.body)).toBeLessThan(300);
  return answer.body;
}
