import { expect, it, vi } from 'vitest';
import { type Journal, journal, journalOf, journalView, someVotes } from '#tests/journal.ts';
import { openProjectedLog } from '#tests/projected-log.ts';
import type { ConsistencyToken } from '../consistency-token.ts';
import { openReadModels, type ReadModels } from '../read-models.ts';
import type { View } from '../view.ts';
import { startProjectors } from './runner.ts';

/** As long as a read waits for what its token asks. */
const waitMs = 2_000;

it('a rolling upgrade from one version of a view to the next makes no token stale', async () => {
  const world = await openProjectedLog('upgrade');
  const { logId } = world;
  const next = { ...journal, view: { ...journalView, version: 2 } };
  const project = (projection: typeof journal) =>
    startProjectors({ ...world, projections: [projection], leaseTtlMs: 1_000 });
  const readersOf = (view: View) => openReadModels({ ...world, views: [view], log: logId });
  const isReady = (models: ReadModels) =>
    vi.waitFor(() => expect(models.ready()).toBe(true), 20_000);
  const documentsOf = async (models: ReadModels, view: View<Journal>) => {
    const found = await models.collection(view).find().toArray();
    return new Map(found.map((one) => [one._id, one]));
  };

  const votes = someVotes(500, 20);
  await world.append(votes);
  const [oldProjectors, old] = [await project(journal), await readersOf(journalView)];
  await isReady(old);

  // Whoever votes reads from whatever is up: each has to show it in time.
  const serving = new Map<ReadModels, View>([[old, journalView]]);
  let [isDone, rounds] = [false, 0];
  const late: string[] = [];
  const traffic = (async () => {
    for (; !isDone; rounds += 1) {
      const more = someVotes(10, 20, votes.length);
      const appended = await world.append(more);
      votes.push(...more);
      const at = appended.map(({ topic, lane, offset }) => [`${topic}:${lane}`, offset] as const);
      const token: ConsistencyToken = { log: logId, seen: Object.fromEntries(at) };
      for (const [models, view] of serving) {
        const isSeen = await models.waitFor([view], token, waitMs);
        if (!isSeen) late.push(`version ${view.version} in round ${rounds}`);
      }
    }
  })();
  const someRounds = async () => {
    const from = rounds;
    await vi.waitFor(() => expect(rounds).toBeGreaterThan(from + 5), 20_000);
  };

  await someRounds();
  const current = await readersOf(next.view);
  expect(current.ready()).toBe(false);
  const newProjectors = await project(next);
  await isReady(current);
  serving.set(current, next.view);
  await someRounds();
  // The last of the old nodes leave: readers first, or they would show what nobody moves.
  serving.delete(old);
  await someRounds();
  await oldProjectors.close();
  await someRounds();
  isDone = true;
  await traffic;
  expect(late).toEqual([]);
  expect(await documentsOf(current, next.view)).toEqual(journalOf(votes));
  await Promise.all([newProjectors.close(), old.close(), current.close()]);
  await world.close();
});
