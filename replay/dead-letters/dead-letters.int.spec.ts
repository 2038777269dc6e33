import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { LoggedEvent } from '#kernel/event.ts';
import { newMember } from '#kernel/leases/leases.ts';
import { topicName } from '#kernel/log/topic-names.ts';
import type { AnyProjection } from '#kernel/projection.ts';
import { checkpointsOf } from '#kernel/projector/checkpoint.ts';
import { deadLetter, deadLettersOf, park } from '#kernel/projector/dead-letters/dead-letters.ts';
import { readModelsOf } from '#kernel/projector/generations/generations.ts';
import { startProjectors } from '#kernel/projector/runner.ts';
import type { Appended } from '#kernel/testing/test-log.ts';
import type { RankingEvent } from '#schemas/generated/events.ts';
import type { RankingDocument } from '#schemas/ranking/rankings-view.ts';
import { parsed, replay } from '#tests/replay-process.ts';
import { openVoteLog, someVotes, type Vote, type VoteLog } from '#tests/vote-log.ts';
import { rankings } from '../../projectors/ranking/rankings.ts';

/** Yesterday's code: its fold fails on the votes of some users. */
const yesterdays: AnyProjection = {
  ...rankings,
  when: {
    ...rankings.when,
    VoteCast: (
      ranking: RankingDocument | null,
      event: LoggedEvent<Extract<RankingEvent, { type: 'VoteCast' }>>,
    ) => {
      if (event.data.userId.startsWith('odd')) throw new Error('no such user');
      return rankings.when.VoteCast!(ranking, event);
    },
  },
};

let world: VoteLog;
let generation: string;
const odd = (movieId: string, at: number): Vote => ({ movieId, userId: `odd${at}`, at });
const raw = { movieId: 'm2', bytes: Buffer.from('{"vote":"like"}') };

beforeAll(async () => {
  world = await openVoteLog('letters');
  const appended = await world.append([
    ...someVotes(100, 4),
    ...[odd('m1', 500), odd('m3', 501), raw],
    ...someVotes(20, 4, 600),
  ]);
  generation = await projected(world.database, yesterdays, appended);
});
afterAll(() => world.close());

/** Runs projectors until they have passed these events. @returns the generation they made. */
async function projected(
  database: string,
  projection: AnyProjection,
  appended: readonly Appended[],
): Promise<string> {
  const { client, log, codec, lanes, prefix } = world;
  const parts = { client, database, log, codec, lanes, prefix, member: newMember() };
  const projectors = await startProjectors({ ...parts, projections: [projection] });
  const db = client.db(database);
  const active = await vi.waitFor(
    async () => {
      const { active } = (await readModelsOf(db).findOne({ _id: 'rankings@2' }))!;
      const rows = await checkpointsOf(db).find({ generation: active! }).toArray();
      for (const { lane, offset } of appended) {
        const row = rows.find((one) => one.lane === lane);
        expect(row?.next.ranking).toBeGreaterThan(offset);
      }
      return active!;
    },
    { timeout: 30_000, interval: 50 },
  );
  await projectors.close();
  return active;
}

const documentsOf = (database: string, collection: string) =>
  world.client
    .db(database)
    .collection<RankingDocument>(collection)
    .find()
    .sort({ _id: 1 })
    .toArray();
const letters = () => deadLettersOf(world.db).find().sort({ _id: 1 }).toArray();
const letterOf = async (key: string, at = 0) => {
  const found = await deadLettersOf(world.db).find({ key }).sort({ offset: 1 }).toArray();
  return found[at]!;
};
const run = (...words: string[]) => replay(world, 'dead-letters', ...words);

describe('dead letters', { timeout: 120_000 }, () => {
  it('are listed by key, with the first letter, for which the others wait', async () => {
    const { code, lines } = await run('list', 'rankings');
    const first = await letterOf('m1');
    expect(code).toBe(0);
    expect(lines).toContain(first._id);
    expect(lines).toContain('  no such user');
    expect(lines.find((line) => line.includes('key m1'))).toMatch(/since 20.*, and 5 behind it$/);
    expect(lines.at(-1)).toBe('18 letters of 3 keys');
    const keys = parsed<{ key: string; letters: number }>(await run('list', '--json'));
    expect(keys.map(({ key, letters }) => `${key}: ${letters}`).sort()).toEqual([
      ...['m1: 6', 'm2: 6', 'm3: 6'],
    ]);
    expect(parsed(await run('list', 'rankings@2', '--all', '--json'))).toHaveLength(18);
    expect(parsed(await run('list', 'movies', '--all', '--json'))).toEqual([]);
  });

  it('are shown with bytes, error and stack, and the event if it can be decoded', async () => {
    const { lines } = await run('show', (await letterOf('m2'))._id);
    const text = lines.join('\n');
    expect(text).toContain("event      can't be decoded: not in the Confluent wire format");
    expect(text).toMatch(/000000 {2}7b 22 76 6f 74 65 .* \{"vote":"like"\}/);
    const [shown] = parsed<Record<string, unknown>>(
      await run('show', (await letterOf('m1'))._id, '--json'),
    );
    expect(shown).toMatchObject({
      ...{ topic: 'ranking', key: 'm1', error: 'no such user', undecodable: null },
      stack: expect.stringContaining('dead-letters.int.spec.ts'),
      event: { type: 'VoteCast', data: { movieId: 'm1', userId: 'odd500' } },
    });
  });

  it('are left alone by a dry run, which counts what a retry would fold', async () => {
    const before = {
      letters: await letters(),
      documents: await documentsOf(world.database, generation),
    };
    const checkpoints = await checkpointsOf(world.db).find().toArray();
    const dry = await run('retry', '--dry-run', '--json');
    expect(dry.code).toBe(1);
    const outcomes = parsed<{ key: string; folded: number; left: number }>(dry);
    expect(outcomes.map(({ key, folded, left }) => `${key}: ${folded}, ${left}`).sort()).toEqual([
      ...['m1: 6, 0', 'm2: 0, 6', 'm3: 6, 0'],
    ]);
    expect({
      letters: await letters(),
      documents: await documentsOf(world.database, generation),
    }).toEqual(before);
    expect(await checkpointsOf(world.db).find().toArray()).toEqual(checkpoints);
  });

  it('of one key are retried by the id of any of its letters', async () => {
    const { code, lines } = await run('retry', '--id', (await letterOf('m3', 2))._id);
    expect(code).toBe(0);
    expect(lines.at(-1)).toBe('6 letters folded, 0 left');
    expect((await letters()).map(({ key }) => key)).not.toContain('m3');
  });

  it('are folded in order, except those behind a letter that still fails', async () => {
    const { code, lines } = await run('retry', 'rankings');
    expect(code).toBe(1);
    expect(lines.at(-1)).toBe('6 letters folded, 6 left');
    expect(new Set((await letters()).map(({ key }) => key))).toEqual(new Set(['m2']));
  });

  it('that are discarded are kept with the reason, and block no others any more', async () => {
    const { _id: id } = await letterOf('m2');
    const { lines } = await run('discard', id, '--reason', 'sent past the API');
    expect(lines).toEqual([`${id} is discarded. Behind it, 5 letters can be retried.`]);
    expect((await run('list', '--discarded')).lines).toEqual(
      expect.arrayContaining([id, expect.stringMatching(/discarded 20.*Z: sent past the API$/)]),
    );
    expect(await run('retry')).toMatchObject({ code: 0 });
    expect(await letters()).toEqual([]);
  });

  it('that are folded leave what a fresh fold of the log leaves', async () => {
    const ends = await world.log.stableOffsets(topicName(world.prefix, 'ranking'));
    const appended = ends.map((next, lane) => ({ topic: 'ranking', lane, offset: next - 2 }));
    const database = `${world.database}-fresh`;
    const fresh = await projected(database, rankings, appended);
    // In the fresh fold, the letter discarded here is parked, with those behind it.
    const good = (documents: RankingDocument[]) => documents.filter(({ _id }) => _id !== 'm2');
    const mine = await documentsOf(world.database, generation);
    expect(good(mine)).toEqual(good(await documentsOf(database, fresh)));
    expect(mine.map(({ _id, likes }) => `${_id}: ${likes}`)).toEqual([
      ...['m0: 30', 'm1: 31', 'm2: 30', 'm3: 31'],
    ]);
    await world.client.db(database).dropDatabase();
  });

  it('of reactors and of dropped generations are not touched', async () => {
    const record = { topic: 'x', lane: 0, offset: 1, key: null, value: null, headers: {} };
    const letter = (view: string, of: string) =>
      deadLetter(
        { view, generation: of, lane: 0 },
        'support',
        { ...record, timestamp: 0 },
        new Error('x'),
      );
    const reactors = letter('reactor:technical-support', 'reactor:technical-support');
    await park(deadLettersOf(world.db), [reactors, letter('rankings@2', 'rankings.g99')]);
    const listed = await run('list');
    expect(listed.lines.at(-1)).toBe('1 letter of 1 key');
    expect(listed.lines[0]).toBe(reactors._id);
    expect(listed.errors).toMatch(/^A reactor retries its letters itself/);
    const retried = await run('retry');
    expect(retried).toMatchObject({ code: 0, lines: ['0 letters folded, 0 left'] });
    expect(await letters()).toHaveLength(2);
    expect(await run('discard', reactors._id, '--reason', 'of no use')).toMatchObject({ code: 0 });
    expect(await letters()).toHaveLength(1);
  });

  it.each([
    [['retry', 'charts'], 'There is no view charts in this code, only movies, rankings'],
    [['retry', 'reactor:technical-support'], 'A reactor retries its letters itself'],
    [['retry', 'votes', '--id', 'x'], 'Either views or --id, not both.'],
    [['show', 'x'], 'There is no dead letter x'],
    [['discard', 'x'], "required option '--reason <text>' not specified"],
    [['discard', 'x', '--reason', ' '], '--reason is empty'],
  ])('refuse %j with exit code 2', async (words, message) => {
    const { code, errors } = await run(...words);
    expect({ code, errors }).toEqual({ code: 2, errors: expect.stringContaining(message) });
  });
});
