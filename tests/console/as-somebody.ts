import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import { type Answer, ask } from '../answers.ts';
import type { RunningConsole } from './running-console.ts';

type Role = Parameters<RunningConsole['system']['as']>[1];
type Sent = { user: string; role: Role; path: string; body: unknown };

/** Sends a command of this user past the console, which has to be done. */
export async function post<Body>(
  { system, commandApi }: RunningConsole,
  { user, role, path, body }: Sent,
): Promise<Body> {
  const headers = { ...(await system.as(user, role)), 'idempotency-key': randomUUID() };
  const answer: Answer<Body> = await ask(commandApi.url, `POST ${path}`, { body, headers });
  expect(answer.status, JSON.stringify(answer.body)).toBeLessThan(300);
  return answer.body;
}
