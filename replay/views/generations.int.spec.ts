import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ReadModel, readModelsOf } from '#kernel/projector/generations/generations.ts';
import { until } from '#kernel/testing/until.ts';
import type { RankingDocument } from '#schemas/ranking/rankings-view.ts';
import { ask } from '#tests/answers.ts';
import { type Run, replay, replayed, startReplay } from '#tests/replay-tool.ts';
import { startVotingSystem, type VotingSystem } from '#tests/voting-system.ts';
import { projections } from '../../projectors/projections.ts';
import type { Differences } from './differences.ts';

let world: VotingSystem;
beforeAll(async () => {
  world = await startVotingSystem('replay', 12);
  for (const movie of world.movies) await world.like(movie);
});
afterAll(() => world?.close());

const run = (...args: string[]) => replay(world.system, ...args);
const model = async (view = 'rankings') =>
  (await readModelsOf(world.db).findOne({ view })) as ReadModel;
const active = async () => {
  const name = (await model()).active ?? '';
  return { name, documents: world.db.collection<RankingDocument>(name) };
};
const likesOf = async (movie: string, token: string): Promise<number> => {
  const headers = { 'consistency-token': token, prefer: 'wait=10' };
  const { body } = await ask<{ likes: number }>(world.queries.url, `GET /v1/movies/${movie}`, {
    headers,
  });
  return body.likes;
};
const verified = async (...views: string[]) => {
  const { code, out, err } = await run('verify', ...views);
  expect(`${code} ${out}${err}`).toMatch(/^0 .* are right$/s);
};
type Rebuilt = { generation: string; events: number; switched: boolean; differences: Differences };

describe('a rebuild', () => {
  it('with --dry-run says what it would do, and does nothing', async () => {
    const before = await model();
    const { code, out } = await run('rebuild', 'rankings', '--dry-run');
    expect([code, out]).toEqual([0, expect.stringContaining('begins a new generation')]);
    expect(await model()).toEqual(before);
  });

  it('shows its changes, document by document, and is served', async () => {
    const { name, documents } = await active();
    await documents.updateOne({ _id: 'm1' }, { $set: { likes: 99, 'movie.title': 'Forged' } });
    await documents.deleteOne({ _id: 'm2' });
    await documents.insertOne({ _id: 'nobody' } as RankingDocument);
    const [rebuilt] = await replayed<[Rebuilt]>(world.system, 'rebuild', 'rankings', '--diff');
    expect(rebuilt.differences).toMatchObject({ added: 1, removed: 1, changed: 1, same: 10 });
    expect(rebuilt.differences.samples).toEqual([
      {
        ...{ id: 'm1', change: 'changed' },
        fields: [
          { field: 'movie.title', a: 'Forged', b: 'm1, edition 1' },
          { field: 'likes', a: 99, b: 1 },
        ],
      },
      { id: 'm2', change: 'added' },
      { id: 'nobody', change: 'removed' },
    ]);
    expect(await model()).toMatchObject({ active: rebuilt.generation, previous: name });
    await verified('rankings');
  });

  it('is kept with --no-switch, and followed by projectors from the switch on', async () => {
    const { active: name, previous: given } = await model();
    const [kept] = await replayed<[Rebuilt]>(world.system, 'rebuild', 'rankings', '--no-switch');
    expect(await model()).toMatchObject({ active: name, kept: [kept.generation] });
    await world.like('m3');
    expect((await run('switch', 'rankings')).code).toBe(0);
    expect(await model()).toMatchObject({ active: kept.generation, previous: name, kept: [] });
    expect((await model()).retired).toEqual([given]);
    expect(await likesOf('m3', await world.like('m3'))).toBe(world.likes.get('m3'));
    await verified('rankings');
  });

  it('can be rolled back, and the previous generation catches up', async () => {
    const { active: before, previous } = await model();
    await world.like('m4');
    expect((await run('rollback', 'rankings')).code).toBe(0);
    expect(await model()).toMatchObject({ active: previous, previous: before });
    expect(await likesOf('m4', await world.like('m4'))).toBe(world.likes.get('m4'));
    await verified('rankings');
    const { code } = await run('diff', previous!, 'rankings');
    expect(code).toBe(0);
  });
});

describe('a rebuild that is stopped in the middle', () => {
  /** Slow enough to be stopped after its first lane and before its last. */
  const slow = ['rebuild', 'rankings', '--throttle', '10'];
  const loaded = async () => {
    const { building } = await model();
    return world.db.collection('checkpoints').countDocuments({ generation: building ?? 'none' });
  };

  it('by Ctrl-C changes no served view', async () => {
    const { retired: _, ...before } = await model();
    const stopped = startReplay(world.system, ...slow);
    await until(async () => (await loaded()) > 0);
    stopped.end('SIGINT');
    const { code, err } = await stopped.done;
    expect([code, err]).toEqual([130, expect.stringContaining('Interrupted')]);
    const { building } = await model();
    expect(await model()).toMatchObject({ ...before, building: expect.any(String) });
    expect((await run('drop', building!)).code).toBe(0);
    expect(await model()).toMatchObject(before);
  });

  it('by Ctrl-C ends at once, at any pace, also while another run has the view', async () => {
    const first = startReplay(world.system, 'rebuild', 'rankings', '--throttle', '1');
    await until(async () => (await model()).building !== null);
    const second = startReplay(world.system, 'rebuild', 'rankings');
    const members = world.db.collection<{ _id: string }>('members');
    await until(async () => (await members.countDocuments({ _id: /^builder:rankings@/ })) === 2);
    for (const run of [second, first]) {
      run.end('SIGINT');
      let ended: Run | undefined;
      void run.done.then((one) => {
        ended = one;
      });
      await until(() => ended !== undefined, { limitMs: 3_000 });
      expect(ended).toMatchObject({ code: 130, err: expect.stringContaining('Interrupted') });
    }
    expect((await run('drop', (await model()).building!)).code).toBe(0);
  });

  it('refuses a second rebuild of the same view meanwhile', async () => {
    const first = startReplay(world.system, 'rebuild', 'rankings', '--throttle', '1');
    await until(async () => (await model()).building !== null);
    // The second rebuild waits as long as the lease of a killed run may last.
    const hasty = { ...world.system, settings: { ...world.system.settings, LEASE_TTL_MS: '500' } };
    const { code, err } = await replay(hasty, 'rebuild', 'rankings');
    expect([code, err]).toEqual([2, expect.stringContaining('is being done by')]);
    first.end('SIGINT');
    await first.done;
  });
});

describe.concurrent('a command that can not be done is refused with a cure', () => {
  it.each([
    [['rebuild'], 'Name one view or more out of movies, rankings'],
    [['rebuild', 'ranking'], 'There is no view ranking; there are movies, rankings'],
    [['rebuild', 'rankings', '--throttle', 'fast'], 'is a whole number of events a second'],
    [['switch', 'votes'], 'no generation kept to switch to'],
    [['rollback', 'votes'], 'no previous one'],
    [['verify', 'votes', '--sample', '0'], 'is a whole number of documents'],
    [['verify', 'nothing'], 'There is no view nothing'],
    [['diff', 'rankings', 'nothing'], 'There is no generation, as-of or served view nothing'],
    [['diff', 'rankings', 'votes'], 'have no view in common'],
    [['drop', 'nothing'], 'There is no as-of and no generation nothing'],
    [['as-of', 'yesterday', 'rankings', '--into', 'a'], 'must be a time, as in'],
    [['as-of', '2999-01-01T00:00:00Z', 'rankings', '--into', 'a'], 'has not come yet'],
    [['as-of', '2020-01-01T00:00:00Z', 'rankings', '--into', 'a b'], '--into takes'],
    [['as-of', '2020-01-01T00:00:00Z', 'rankings'], '--into'],
  ])('%j', async (args, said) => {
    const { code, out, err } = await run(...args);
    expect([code, out, err]).toEqual([2, '', expect.stringContaining(said)]);
    expect(err).not.toContain('.ts:');
  });

  it('dropping the served generation', async () => {
    const { name } = await active();
    const { code, err } = await run('drop', name);
    expect([code, err]).toEqual([2, expect.stringContaining('is served now')]);
  });
});

it('status shows the generations and lag of every view', async () => {
  const { name } = await active();
  const { code, out } = await run('status');
  expect(code).toBe(0);
  expect(out).toMatch(
    new RegExp(`^rankings@2 +serves ${name} since .*; previous rankings\\.g`, 'm'),
  );
  type Status = { views: { view: string; lag: { caughtUp: boolean } }[] };
  await until(async () => {
    const { views } = await replayed<Status>(world.system, 'status');
    return views.length === projections.length && views.every(({ lag }) => lag.caughtUp);
  });
});

it('a generation that no query can be reading any more is dropped', async () => {
  await until(async () => (await model()).retired?.length === 0);
  const { active, building, previous } = await model();
  const collections = await world.db.listCollections({ name: /^rankings\./ }).toArray();
  const names = [active, building, previous].filter((one) => one !== null);
  expect(collections.map(({ name }) => name).sort()).toEqual(names.sort());
});
