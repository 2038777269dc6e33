import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AsOf, asOfsIn } from '#kernel/projector/generations/as-of-documents.ts';
import { ask, problemOf } from '#tests/answers.ts';
import { comparedView } from '#tests/chaos-documents.ts';
import { type Committed, committedEvents } from '#tests/committed-events.ts';
import { replay, replayed } from '#tests/replay-tool.ts';
import { startVotingSystem, type VotingSystem } from '#tests/voting-system.ts';
import { projections } from '../../projectors/projections.ts';

let world: VotingSystem;
/** After the fifth of the ten votes. */
let time: number;
let before: Committed[];

beforeAll(async () => {
  world = await startVotingSystem('as-of', 5);
  for (const movie of [...world.movies, ...world.movies]) await world.like(movie);
  const log = await committedEvents(world.system);
  const all = await log.all();
  await log.close();
  const times = all
    .filter(({ event }) => event.type === 'VoteCast')
    .map(({ event }) => event.meta.time)
    .sort((a, b) => a - b);
  time = times[4]!;
  before = all.filter(({ event }) => event.meta.time <= time);
});
afterAll(() => world?.close());

const run = (...args: string[]) => replay(world.system, ...args);
const moment = () => new Date(time).toISOString();
const asOperator = () => world.system.as('olga', 'operator', 'viewer');
const read = async <Body>(path: string, headers: Record<string, string> = {}) =>
  ask<Body>(world.queries.url, `GET ${path}`, { headers });
const likesIn = ({ items }: { items: { likes: number }[] }) =>
  items.reduce((sum, { likes }) => sum + likes, 0);

describe('as-of', () => {
  it('holds what a fresh fold makes of the events up to that time', async () => {
    const made = ['as-of', moment(), 'rankings', 'movies', 'votes', '--into', 'then'];
    expect(await run(...made)).toMatchObject({ code: 0, err: '' });
    const { views } = (await asOfsIn(world.db).findOne({ _id: 'then' })) as AsOf;
    expect(views.map(({ view }) => view)).toEqual(['rankings@2', 'movies@3', 'votes@2']);
    for (const { view, generation } of views) {
      const projection = projections.find(
        (one) => `${one.view.name}@${one.view.version}` === view,
      )!;
      const { folded } = await comparedView(world.db, before, projection);
      const found = await world.db.collection<{ _id: string }>(generation).find().toArray();
      expect(new Map(found.map((one) => [one._id, one]))).toEqual(folded);
    }
  });

  it('is served to operators in every read of its views', async () => {
    const operator = await asOperator();
    type Ranked = { items: { likes: number; me: unknown }[]; count: number };
    const now = await read<Ranked>('/v1/rankings');
    const then = await read<Ranked>('/v1/rankings?asOf=then', operator);
    expect([likesIn(now.body), likesIn(then.body)]).toEqual([10, before.length - 5]);
    expect(then.body.items[0]!.me).toBeUndefined();
    expect(then.headers.get('cache-control')).toBe('private, no-cache');
    const found = await read<Ranked>('/v1/search?q=edition&asOf=then', operator);
    expect(found.body.count).toBe(5);
    const mine = await read<Ranked>('/v1/me/votes?asOf=then', operator);
    expect(mine.body).toMatchObject({ items: [], count: 0 });
  });

  it('does not change when a movie is voted for', async () => {
    const operator = await asOperator();
    const token = await world.like('m0');
    const headers = { ...operator, 'consistency-token': token };
    const { body } = await read<{ items: { likes: number }[] }>('/v1/rankings?asOf=then', headers);
    expect(likesIn(body)).toBe(before.length - 5);
  });

  it('is refused to all other callers, and under an unknown name', async () => {
    problemOf(await read('/v1/rankings?asOf=then'), 'unauthorized');
    const viewer = await world.system.as('vera', 'viewer');
    problemOf(await read('/v1/rankings?asOf=then', viewer), 'forbidden');
    const operator = await asOperator();
    problemOf(await read('/v1/rankings?asOf=never', operator), 'as-of-unknown');
    problemOf(await read('/v1/me/watched?asOf=then', operator), 'as-of-unknown');
    problemOf(await read('/v1/rankings?asOf=a%20b', operator), 'invalid-input');
    problemOf(await read('/v1/rankings?asOf=a&asOf=b', operator), 'invalid-input');
  });

  it('may not have the name of a view, and never hides one', async () => {
    const refused = await run('as-of', moment(), 'movies', '--into', 'rankings');
    const cure = '--into rankings: rankings is the name of a view. Take another name';
    expect([refused.code, refused.err]).toEqual([2, expect.stringContaining(cure)]);
    // An earlier release has made one.
    const made = { time: new Date(time), views: [], startedAt: new Date(), builtAt: new Date() };
    await asOfsIn(world.db).insertOne({ _id: 'rankings', ...made });
    type Compared = { view: string; b: string }[];
    const [compared] = await replayed<Compared>(world.system, 'diff', 'then', 'rankings');
    expect(compared).toMatchObject({ view: 'rankings', b: expect.stringMatching(/^rankings\.g/) });
    const kept = await run('drop', 'rankings');
    const told = "rankings is a view, which can't be dropped; `drop as-of:rankings` drops";
    expect([kept.code, kept.err]).toEqual([2, expect.stringContaining(told)]);
    expect((await run('drop', 'as-of:rankings')).code).toBe(0);
    expect(await asOfsIn(world.db).findOne({ _id: 'rankings' })).toBeNull();
    expect((await run('drop', 'rankings')).err).toContain('name one of its generations');
  });

  it('keeps its name until it is dropped', async () => {
    const again = await run('as-of', '2020-01-01T00:00:00Z', 'rankings', '--into', 'then');
    expect([again.code, again.err]).toEqual([2, expect.stringContaining('drop then')]);
    const { out } = await run('status');
    expect(out).toContain(`as of ${moment()}: then has rankings.g`);
    type Compared = { view: string; differences: { changed: number } };
    const compared = await replayed<Compared[]>(world.system, 'diff', 'then', 'rankings');
    expect(compared).toMatchObject([{ view: 'rankings', differences: { changed: 5, added: 0 } }]);
    expect((await run('drop', 'then')).code).toBe(0);
    problemOf(await read('/v1/rankings?asOf=then', await asOperator()), 'as-of-unknown');
    const names = await world.db.listCollections().toArray();
    expect(names.filter(({ name }) => /^rankings\.g/.test(name))).toHaveLength(1);
  });
});
