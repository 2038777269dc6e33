import { afterAll, beforeAll, expect, it } from 'vitest';
import { checkpointsOf } from '#kernel/projector/checkpoint.ts';
import { type ReadModel, readModelsOf } from '#kernel/projector/generations/generations.ts';
import type { RankingDocument } from '#schemas/ranking/rankings-view.ts';
import { ask } from '#tests/answers.ts';
import { replay, replayed, startReplay } from '#tests/replay-tool.ts';
import { startVotingSystem, type VotingSystem } from '#tests/voting-system.ts';

/** Kills the tool at different moments, while users vote and read. */

let world: VotingSystem;
beforeAll(async () => {
  world = await startVotingSystem('killed-replay', 12);
  for (const movie of world.movies) await world.like(movie);
});
afterAll(() => world?.close());

const model = async () =>
  (await readModelsOf(world.db).findOne({ _id: 'rankings@2' })) as ReadModel;
const loadedLanes = async (): Promise<number> => {
  const { building } = await model();
  return checkpointsOf(world.db).countDocuments({ generation: building ?? 'none' });
};
const isHeld = async () => {
  const { active } = await model();
  const held = { generation: active!, $expr: { $gt: ['$heldUntil', '$$NOW'] } };
  return (await checkpointsOf(world.db).countDocuments(held)) > 0;
};

/** A throttle at which reading takes about two seconds, however many events there are by now. */
const throttle = () => {
  const likes = [...world.likes.values()].reduce((sum, one) => sum + one, 0);
  return String(Math.ceil((world.movies.length + likes) / 2));
};

const moments: [string, () => Promise<boolean>][] = [
  ['before its first lane is loaded', async () => (await model()).building !== null],
  ['after its first lane', async () => (await loadedLanes()) > 0],
  ['after its last lane', async () => (await loadedLanes()) === 3],
  ['while it switches', isHeld],
];

it.each(moments)(
  'a rebuild killed %s is resumed, and comes out right',
  async (_, isThen) => {
    const stopVoting = world.likeOn();
    const before = (await model()).active;
    const killed = startReplay(world.system, 'rebuild', 'rankings', '--throttle', throttle());
    let isOver = false;
    void killed.done.then(() => {
      isOver = true;
    });
    while (!isOver && !(await isThen())) expect(isOver || (await model()).active).toBeTruthy();
    killed.end('SIGKILL');
    await killed.done;
    await leaveRubbish();
    // The killed rebuild holds up no read for longer than the read waits for its token.
    const headers = { 'consistency-token': await world.like('m0') };
    expect((await ask(world.queries.url, 'GET /v1/rankings', { headers })).status).toBe(200);
    const [rebuilt] = await replayed<[{ generation: string }]>(world.system, 'rebuild', 'rankings');
    expect(await model()).toMatchObject({ active: rebuilt.generation, building: null });
    expect(rebuilt.generation).not.toBe(before);
    const { code, out, err } = await replay(world.system, 'verify', 'rankings');
    expect(`${code} ${out}${err}`).toMatch(/^0 .* are right$/);
    expect(await stopVoting()).toBeGreaterThan(10);
  },
  120_000,
);

/** Inserts documents that an interrupted insert may have left of incomplete lanes. */
async function leaveRubbish(): Promise<void> {
  const { active, building } = await model();
  if (!building || (await loadedLanes()) === 3) return;
  const served = await world.db.collection<RankingDocument>(active!).find().toArray();
  const rubbish = served.map((one) => ({ ...one, likes: -1 }));
  const documents = world.db.collection<RankingDocument>(building);
  // Documents of complete lanes exist already, and stay.
  await documents.insertMany(rubbish, { ordered: false }).catch(() => {});
}
