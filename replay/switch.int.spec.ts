import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type ReadModel, readModelsOf } from '#kernel/projector/generations.ts';
import type { RankingDocument } from '#schemas/ranking/rankings-view.ts';
import { ask } from '#tests/answers.ts';
import { replay, replayed } from '#tests/replay-tool.ts';
import { startVotedMovies, type VotedMovies } from '#tests/voted-movies.ts';

/** Generations change places while people read and vote, and nobody notices. */

let world: VotedMovies;
beforeAll(async () => {
  world = await startVotedMovies('switch', 30);
});
afterAll(() => world?.close());

type Page = { items: { title: string }[]; count: number };
type Kind = 'old' | 'new';

/** How many movies a generation has tells which it is, and so does each of their titles. */
const kindOf = ({ items, count }: Page): Kind | 'mixed' => {
  const isOld = count === 30 && items.every(({ title }) => !title.startsWith('new '));
  const isNew = count === 20 && items.every(({ title }) => title.startsWith('new '));
  return isOld ? 'old' : isNew ? 'new' : 'mixed';
};

it('a switch breaks no read, mixes no answer, and makes no token stale', async () => {
  const model = () => readModelsOf(world.db).findOne({ _id: 'rankings@1' }) as Promise<ReadModel>;
  await replayed(world.system, 'rebuild', 'rankings', '--no-switch');
  const [kept] = (await model()).kept!;
  const documents = world.db.collection<RankingDocument>(kept!);
  await documents.updateMany({}, [
    { $set: { 'movie.title': { $concat: ['new ', '$movie.title'] } } },
  ]);
  const gone = world.movies.slice(20);
  await documents.updateMany({ _id: { $in: [...gone] } }, { $set: { listed: false } });

  let isDone = false;
  const kinds: Record<Kind | 'mixed', number> = { old: 0, new: 0, mixed: 0 };
  const statuses = new Map<number, number>();
  const count = (status: number) => statuses.set(status, (statuses.get(status) ?? 0) + 1);
  // Several at once, so that a switch meets some under way.
  const reader = async (path: string) => {
    while (!isDone) {
      // A pace, not a wait: a loop without it would measure how busy the machine is.
      await pause(1);
      const { status, body } = await ask<Page>(world.queries.url, `GET ${path}`);
      count(status);
      if (status === 200) kinds[kindOf(body)] += 1;
    }
  };
  const waits: number[] = [];
  const wrong: unknown[] = [];
  const voter = async (offset: number) => {
    for (let at = offset; !isDone; at += 3) {
      await pause(20);
      const movie = world.movies[at % world.movies.length]!;
      const token = await world.like(movie);
      const startedAt = performance.now();
      const headers = { 'consistency-token': token, prefer: 'wait=10' };
      const path = `/v1/movies/${movie}`;
      const read = await ask<{ likes: number }>(world.queries.url, `GET ${path}`, { headers });
      waits.push(performance.now() - startedAt);
      count(read.status);
      if (read.body.likes !== world.likes.get(movie)) wrong.push(read.body);
    }
  };
  const orders = ['score', 'likes', 'trending', 'score', 'likes', 'trending'];
  const paths = orders.map((by, at) => `/v1/rankings?limit=${90 + at}&by=${by}`);
  const traffic = Promise.all([...paths.map(reader), ...[0, 1, 2].map(voter)]);
  try {
    for (const command of ['switch', 'rollback', 'rollback']) {
      const { code, err } = await replay(world.system, command, 'rankings');
      expect([code, err]).toEqual([0, '']);
    }
  } finally {
    isDone = true;
    await traffic;
  }
  const reads = [...statuses.values()].reduce((sum, one) => sum + one, 0);
  console.info(`${reads} reads, longest wait for a token ${Math.round(Math.max(...waits))} ms`);
  expect(wrong).toEqual([]);
  expect([...statuses.keys()]).toEqual([200]);
  expect(kinds).toEqual({ old: expect.any(Number), new: expect.any(Number), mixed: 0 });
  expect(Math.min(kinds.old, kinds.new)).toBeGreaterThan(50);
}, 120_000);
