import { afterAll, beforeAll, expect, it } from 'vitest';
import { type ReadModel, readModelsOf } from '#kernel/projector/generations/generations.ts';
import type { RankingDocument } from '#schemas/ranking/rankings-view.ts';
import { type Page, startTraffic } from '#tests/live-traffic.ts';
import { replay, replayed } from '#tests/replay-tool.ts';
import { startVotingSystem, type VotingSystem } from '#tests/voting-system.ts';

/** Switches between generations while users read and vote, unnoticed by them. */

let world: VotingSystem;
beforeAll(async () => {
  world = await startVotingSystem('switch', 30);
  await world.seen();
});
afterAll(() => world?.close());

/** Recognises a page's generation by its number of movies and by each title. */
const kindOf = ({ items, count }: Page) => {
  const isOld = count === 30 && items.every(({ title }) => !title.startsWith('new '));
  const isNew = count === 20 && items.every(({ title }) => title.startsWith('new '));
  return isOld ? 'old' : isNew ? 'new' : 'mixed';
};

/** Keeps a new generation whose pages can be told from the old one's. */
async function keepAnother(): Promise<void> {
  await replayed(world.system, 'rebuild', 'rankings', '--no-switch');
  const model = await readModelsOf(world.db).findOne({ _id: 'rankings@2' });
  const [kept] = (model as ReadModel).kept!;
  const documents = world.db.collection<RankingDocument>(kept!);
  const title = { $concat: ['new ', '$movie.title'] };
  await documents.updateMany({}, [{ $set: { 'movie.title': title } }]);
  const gone = world.movies.slice(20);
  await documents.updateMany({ _id: { $in: [...gone] } }, { $set: { listed: false } });
}

const readsPerSecond = 500;
/** A switch counts if the reads were at least as fast; a busy machine needs more switches. */
const leastPerSecond = 200;
const switches = 3;

it('a switch under 500 reads/s fails none, mixes none, and makes no token stale', async () => {
  await keepAnother();
  const nodes = [world.queries.url];
  const traffic = startTraffic(world, { nodes: () => nodes, readsPerSecond, kindOf });
  const rates: number[] = [];
  for (let command = 'switch'; ; command = 'rollback') {
    const [before, startedAt] = [traffic.answered(), performance.now()];
    const { code, err } = await replay(world.system, command, 'rankings');
    expect([code, err]).toEqual([0, '']);
    const seconds = (performance.now() - startedAt) / 1_000;
    rates.push(Math.round((traffic.answered() - before) / seconds));
    await traffic.seen(10);
    if (rates.filter((rate) => rate >= leastPerSecond).length >= switches) break;
  }
  const { kinds, longestMs, ...wrong } = await traffic.stop();
  const during = `${rates.join(', ')} reads/s during switches`;
  console.log(`${during}; the longest with a token took ${Math.round(longestMs)} ms`);
  expect(wrong, during).toEqual({ failures: [], stale: [] });
  expect(kinds, during).toEqual({ old: expect.any(Number), new: expect.any(Number) });
}, 180_000);
