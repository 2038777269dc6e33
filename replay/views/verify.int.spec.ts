import { afterAll, beforeAll, expect, it } from 'vitest';
import { readModelsOf, viewId } from '#kernel/projector/generations/generations.ts';
import { until } from '#kernel/testing/until.ts';
import { replay, replayed } from '#tests/replay-tool.ts';
import { startVotingSystem, type VotingSystem } from '#tests/voting-system.ts';
import { projections } from '../../projectors/projections.ts';
import type { Verified } from './verify-view.ts';

let world: VotingSystem;
beforeAll(async () => {
  world = await startVotingSystem('verify', 12);
  for (const movie of world.movies) await world.like(movie);
});
afterAll(() => world?.close());

const activeOf = async (view: string) => {
  const model = await readModelsOf(world.db).findOne({ view });
  return world.db.collection<{ _id: string }>(model?.active ?? '');
};

it('finds nothing wrong while users go on voting', async () => {
  const stop = world.likeOn();
  const { code, out, err } = await replay(world.system, 'verify', '--all');
  const votes = await stop();
  expect([code, err]).toEqual([0, '']);
  expect(out.split('\n').map((line) => line.replace(/: .* are right$/, ''))).toEqual([
    ...projections.map(({ view }) => viewId(view)),
    'write_state',
  ]);
  expect(votes).toBeGreaterThan(10);
});

it('finds every forged document, and shows the differences', async () => {
  // Waits for all votes, so that none restores a document forged here.
  await world.seen();
  const rankings = await activeOf('rankings');
  await rankings.updateOne({ _id: 'm1' }, { $set: { likes: 1_000 } });
  await rankings.deleteOne({ _id: 'm2' });
  await rankings.insertOne({ _id: 'forged' });
  const { code, out } = await replay(world.system, 'verify', 'rankings');
  expect(code).toBe(1);
  expect(out).toContain('1 added, 1 removed, 1 changed, 10 the same');
  expect(out).toMatch(/~ m1\n {6}likes: \d+ → 1000/);
  expect(out).toContain('- m2');
  expect(out).toContain('+ forged');
  const sampled = await replay(world.system, 'verify', 'rankings', '--sample', '12');
  expect(sampled.code).toBe(1);
  expect(sampled.out).toContain('1 added, 0 removed, 1 changed, 10 the same');
  await replayed(world.system, 'rebuild', 'rankings');
  expect((await replay(world.system, 'verify', 'rankings')).code).toBe(0);
});

it('finds a stream of write_state that differs from its events', async () => {
  const state = world.db.collection<{ _id: string; version: number }>('write_state');
  const ballot = { _id: /ranking\/m1\/user/ };
  await until(async () => (await state.countDocuments(ballot)) > 0);
  const { _id } = (await state.findOneAndUpdate(ballot, { $inc: { version: 1 } }))!;
  const [{ differences }] = await replayed<[Verified]>(world.system, 'verify', 'write_state');
  expect(differences).toMatchObject({ added: 0, removed: 0, changed: 1 });
  expect(differences.samples).toMatchObject([
    { id: _id.slice(_id.indexOf('/') + 1), fields: [{ field: 'version', a: 1, b: 2 }] },
  ]);
});
