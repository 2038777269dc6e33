import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Schemas } from '#kernel/schemas/load-schemas.ts';
import { until } from '#kernel/testing/until.ts';
import type { Stack } from '#local-stack/parts/stack.ts';
import { copyRepository, run } from '../adding-a-context.ts';
import { ask, type Done } from '../answers.ts';
import { committedEvents } from '../committed-events.ts';
import { addMovieStarred } from '../next-event.ts';
import { startOwnStack } from '../own-stack.ts';
import { replay } from '../replay-tool.ts';
import type { Service } from '../system.ts';
import { startVotingSystem, type VotingSystem } from '../voting-system.ts';

/** A release with a new event type is deployed and rolled back, while users vote and give stars. */

const root = join(import.meta.dirname, '..', '..');
const next = mkdtempSync(join(tmpdir(), 'new-event-type-'));
let stack: Stack;
let world: VotingSystem;

beforeAll(async () => {
  copyRepository(root, next);
  addMovieStarred(next);
  const generated = run(next, process.execPath, ['docs/generate.ts', '--no-answers']);
  [stack] = await Promise.all([startOwnStack(), generated]);
  world = await startVotingSystem('new-event', 12, { parts: stack.endpoints });
  await world.seen();
});
afterAll(async () => {
  await world?.close();
  await stack?.stop();
  rmSync(next, { recursive: true, force: true });
});

const pauseMs = 30;

/** New users send a command on until told to stop, each until it is done, with one key. */
function sendOn(nodes: () => readonly Service[], of: (movie: string) => [string, object]) {
  let isStopped = false;
  const done = new Map<string, number>();
  const sendOne = async (movie: string) => {
    const user = `user-${randomUUID()}`;
    const headers = { ...(await world.system.as(user, 'viewer')), 'idempotency-key': user };
    const [route, body] = of(movie);
    for (let at = 0; ; at += 1) {
      const { url } = nodes()[at % nodes().length] as Service;
      const answer = await ask<Done>(url, route, { body, headers }).catch(() => null);
      if (answer && answer.status < 300) break;
      // Older nodes don't have the route, and a lane that moves has no owner for a moment.
      if (answer && ![404, 503].includes(answer.status)) {
        throw new Error(`${route} answered ${answer.status}: ${JSON.stringify(answer.body)}`);
      }
      await pause(pauseMs);
    }
    done.set(movie, (done.get(movie) ?? 0) + 1);
  };
  const sender = async (offset: number) => {
    for (let at = offset; !isStopped; at += 2) {
      await sendOne(world.movies[at % world.movies.length] as string);
      await pause(pauseMs);
    }
  };
  const sending = Promise.all([sender(0), sender(1)]);
  sending.catch(() => undefined);
  return {
    done,
    /** Waits until each movie has got so many more. */
    async more(count: number) {
      const before = new Map(done);
      const isReached = (movie: string) =>
        (done.get(movie) ?? 0) >= (before.get(movie) ?? 0) + count;
      const reached = until(() => world.movies.every(isReached));
      await Promise.race([reached, sending]);
      await reached;
    },
    async stop() {
      isStopped = true;
      await sending;
    },
  };
}

type Ready = { details: { lanes: { lane: number; open: boolean }[] } };
const openLanesOf = async ({ operationsUrl }: Service) => {
  const { body } = await ask<Ready>(operationsUrl, 'GET /readyz');
  return body.details.lanes.filter(({ open }) => open).length;
};

it('an upgrade and a rollback lose nothing, double nothing, and park nothing', async () => {
  const { system, db, movies } = world;
  const lanes = Number(system.settings.LANES);
  const nodes = [world.commands];
  const votes = sendOn(
    () => nodes,
    (movie) => [`PUT /v1/movies/${movie}/vote`, { vote: 'like' }],
  );
  await votes.more(1);

  // The order of a deployment: schemas, projectors, and commands last.
  await run(next, process.execPath, ['schemas/deploy.ts'], system.settings);
  const newProjectors = await system.start('projectors', {}, next);
  const newCommands = await system.start('command-api', {}, next);
  nodes.push(newCommands);
  const stars = sendOn(
    () => [newCommands],
    (movie) => [`PUT /v1/movies/${movie}/stars`, { stars: 1 }],
  );
  await votes.more(1);
  nodes.shift();
  expect(await world.commands.end()).toBe(0);
  await stars.more(1);
  await votes.more(1);

  // The rollback begins: an old node gets its share of the lanes, and must not decide on them.
  const oldCommands = await system.spawn('command-api');
  const failed = () =>
    db.collection('leases').countDocuments({ role: 'node-writer', 'failed.0': { $exists: true } });
  await until(async () => (await failed()) > 0);
  await until(async () => (await openLanesOf(newCommands)) === lanes);
  nodes.push(oldCommands);
  await votes.more(1);
  await stars.more(1);
  expect(await openLanesOf(oldCommands)).toBe(0);

  // Old projectors alone read on, over the events that they don't know.
  expect(await newProjectors.end()).toBe(0);
  await Promise.all([votes.more(1), stars.more(1)]);
  await Promise.all([votes.stop(), stars.stop()]);

  const { schemas } = (await import(pathToFileURL(join(next, 'schemas/load.ts')).href)) as {
    schemas: Schemas;
  };
  const log = await committedEvents(system, schemas.eventSchemas);
  const events = (await log.all()).map(({ event }) => event);
  await log.close();
  expect(new Set(events.map(({ meta }) => meta.id)).size).toBe(events.length);
  const countOf = (type: string, movie: string) =>
    events.filter((one) => one.type === type && (one.data as { movieId: string }).movieId === movie)
      .length;
  for (const movie of movies) {
    expect(countOf('VoteCast', movie), movie).toBe(votes.done.get(movie));
    expect(countOf('MovieStarred', movie), movie).toBe(stars.done.get(movie));
  }
  const likesOf = async (movie: string) =>
    (await ask<{ likes: number }>(world.queries.url, `GET /v1/movies/${movie}`)).body.likes;
  for (const movie of movies) {
    await until(async () => (await likesOf(movie)) === votes.done.get(movie));
  }
  expect(await db.collection('dead_letters').countDocuments()).toBe(0);
  const { code, out, err } = await replay(system, 'verify', 'rankings');
  expect(`${code} ${out}${err}`).toMatch(/^0 .*12 documents of .* are right\n?$/s);
}, 120_000);
