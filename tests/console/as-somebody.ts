import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import { type Answer, ask } from '../answers.ts';
import { invented, type RunningConsole } from './running-console.ts';

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

/** @returns of each invented viewer, on how many films they vote. */
export const votesOfCrowd = ({ system, queryApi }: RunningConsole): Promise<number[]> =>
  Promise.all(
    invented.map(async (user) => {
      const headers = await system.as(user, 'viewer');
      return (await ask<{ count: number }>(queryApi.url, 'GET /v1/me/votes', { headers })).body
        .count;
    }),
  );

/** Takes back whatever the invented viewers have voted on these films. */
export async function takeBackCrowd(
  { system, commandApi }: RunningConsole,
  films: readonly string[],
): Promise<void> {
  for (const user of invented) {
    const headers = await system.as(user, 'viewer');
    for (const film of films) {
      await ask(commandApi.url, `DELETE /v1/movies/${film}/vote`, { headers });
    }
  }
}
