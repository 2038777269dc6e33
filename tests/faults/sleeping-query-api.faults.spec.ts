import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { json } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readModelsOf } from '#kernel/projector/generations/generations.ts';
import { until } from '#kernel/testing/until.ts';
import type { Stack } from '#local-stack/parts/stack.ts';
import { ask } from '../answers.ts';
import { startOwnStack } from '../own-stack.ts';
import { replay } from '../replay-tool.ts';
import { startVotingSystem, type VotingSystem } from '../voting-system.ts';

/** A query-api sleeps, as on a paused machine, while the view that it reads is built anew twice. */

let stack: Stack;
let world: VotingSystem;
beforeAll(async () => {
  stack = await startOwnStack();
  world = await startVotingSystem('sleeping', 5, { parts: stack.endpoints });
});
afterAll(async () => {
  await world?.close();
  await stack?.stop();
});

/** Sends a request to a process that may sleep: resolves once it is on its way. */
async function sent(url: string, headers: Record<string, string>) {
  const asked = request(url, { headers });
  const answered = once(asked, 'response');
  asked.end();
  await once(asked, 'finish');
  return async () => {
    const [answer] = (await answered) as [IncomingMessage];
    return [answer.statusCode, await json(answer)] as [number, { count: number; code: string }];
  };
}

it('a query-api that wakes answers nothing from a generation that was dropped', async () => {
  const { system, queries, db } = world;
  await world.like('m0');
  await world.seen();
  const headers = await system.as('user1', 'viewer');
  const { active } = (await readModelsOf(db).findOne({ view: 'votes' }))!;
  const isThere = async () => (await db.listCollections({ name: active! }).toArray()).length > 0;
  const answers: Awaited<ReturnType<typeof sent>>[] = [];
  process.kill(queries.pid, 'SIGSTOP');
  try {
    for (const _ of ['once', 'twice']) {
      const { code, err } = await replay(system, 'rebuild', 'votes');
      expect(code, err).toBe(0);
    }
    await until(async () => !(await isThere()), { limitMs: 60_000 });
    for (let at = 0; at < 5; at += 1) {
      answers.push(await sent(`${queries.url}/v1/me/votes`, headers));
    }
  } finally {
    process.kill(queries.pid, 'SIGCONT');
  }
  for (const answer of answers) {
    const [status, body] = await answer();
    if (status === 503) expect(body.code).toBe('part-away');
    else expect([status, body.count]).toEqual([200, 1]);
  }
  await until(async () => {
    const { status, body } = await ask<{ count: number }>(queries.url, 'GET /v1/me/votes', {
      headers,
    });
    if (status === 200) expect(body.count).toBe(1);
    return status === 200;
  });
}, 120_000);
