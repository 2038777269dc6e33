import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { freePort } from '#local-stack/base/ports.ts';
import type { Stack } from '#local-stack/parts/stack.ts';
import { startOwnStack } from '../own-stack.ts';
import { type Service, type System, startSystem } from '../system.ts';
import { openTopic } from '../topic-events.ts';

/**
 * Nodes are killed while people write their first text, are erased and come back. What was
 * answered last is what is read, and nobody ever has two keys at once.
 */

const people = 40;
const roundsOfEach = 6;
const kills = 3;
const words = (person: number, round: number) => `person ${person} in round ${round}`;
let stack: Stack;
let system: System;
let nodes: Service[];
let queries: Service;

beforeAll(async () => {
  stack = await startOwnStack();
  system = await startSystem('people', stack.endpoints);
  const port = async () => ({ COMMAND_API_PORT: String(await freePort()) });
  [queries, , ...nodes] = await Promise.all([
    system.start('query-api'),
    system.start('projectors'),
    system.start('command-api', await port()),
    system.start('command-api', await port()),
  ]);
  const sea = {
    ...{ title: 'Sea', description: 'Waves', director: 'Grace', actors: ['Ann'], year: 1999 },
    ...{ runtimeMinutes: 90, genres: ['Drama'], rating: 7, ratingVotes: 10 },
  };
  await sent('PUT', '/v1/movies/m1', await system.as('cat', 'catalogue'), sea, 0);
});

afterAll(async () => {
  await system?.stop();
  await stack?.stop();
});

/** Sends until it is answered, with one key, to one node and then the other. */
async function sent(
  method: string,
  path: string,
  as: { authorization: string },
  body: object | null,
  first: number,
): Promise<string> {
  const headers = { ...as, 'idempotency-key': randomUUID(), 'content-type': 'application/json' };
  for (let at = first; ; at += 1) {
    const { url } = nodes[at % nodes.length]!;
    const answer = await fetch(url + path, {
      ...{ method, headers, signal: AbortSignal.timeout(15_000) },
      ...(body && { body: JSON.stringify(body) }),
    }).catch(() => null);
    const token = answer?.headers.get('consistency-token');
    if (answer?.ok && token) return token;
    if (answer && answer.status < 500) throw new Error(await answer.text());
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Writes text in two lanes at once, through both nodes, and is erased, again and again. */
async function live(person: number): Promise<void> {
  const as = await system.as(`person-${person}`, 'viewer');
  for (let round = 0; round < roundsOfEach; round += 1) {
    const text = words(person, round);
    await Promise.all([
      sent('PUT', '/v1/me/reminders/m1', as, { note: text, remindAt: null }, person + round),
      sent('POST', '/v1/tickets', as, { subject: 'Help', message: text }, person + round + 1),
    ]);
    const isLast = round === roundsOfEach - 1;
    if (!isLast) await sent('DELETE', '/v1/me', as, null, person + round);
  }
}

async function read(person: number, path: string): Promise<string> {
  const headers = await system.as(`person-${person}`, 'viewer');
  for (;;) {
    const answer = await fetch(queries.url + path, { headers }).catch(() => null);
    if (answer?.ok) return answer.text();
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

it('the text of people who were not erased is readable, that of the others is not', async () => {
  const lives = Array.from({ length: people }, (_, person) => live(person));
  let done = false;
  const all = Promise.all(lives).finally(() => {
    done = true;
  });
  for (let kill = 0; kill < kills && !done; kill += 1) {
    const at = kill % nodes.length;
    await nodes[at]!.end('SIGKILL');
    nodes[at] = await system.start('command-api', nodes[at]!.more);
  }
  await all;
  const topic = await openTopic(system, 'people');
  const keys = new Map<string, string[]>();
  for (const { type, data } of await topic.events()) {
    const { userId } = data as { userId: string };
    keys.set(userId, [...(keys.get(userId) ?? []), type]);
  }
  await topic.close();
  for (let person = 0; person < people; person += 1) {
    const lived = keys.get(`person-${person}`) ?? [];
    const wanted = Array.from({ length: roundsOfEach }, () => ['PersonKeyMade', 'PersonErased']);
    expect(lived).toEqual(wanted.flat().slice(0, -1));
    await expect
      .poll(() => read(person, '/v1/me/reminders'), { timeout: 30_000 })
      .toContain(words(person, roundsOfEach - 1));
    const tickets = JSON.parse(await read(person, '/v1/me/tickets')) as {
      items: { ticketId: string; subject: string }[];
    };
    const texts = await Promise.all(
      tickets.items.map(({ ticketId }) => read(person, `/v1/tickets/${ticketId}`)),
    );
    const open = texts.filter((text) => text.includes(`person ${person} in round`));
    expect(texts).toHaveLength(roundsOfEach);
    expect(open).toHaveLength(1);
    expect(open[0]).toContain(words(person, roundsOfEach - 1));
    expect(texts.filter((text) => text.includes('[erased]'))).toHaveLength(roundsOfEach - 1);
    expect(texts.join()).not.toContain('[unreadable]');
  }
});
