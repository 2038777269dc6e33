import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { type QueryService, queryService } from '#kernel/testing/query-service.ts';
import { views } from '#schemas/views.ts';
import { movieDocument, voteDocument } from '#tests/movie-documents.ts';
import { votes } from './ranking/votes.ts';

/** Lists of one user that are kept in memory: what changes in them is seen with its token. */

const movies = Array.from({ length: 12 }, (_, at) =>
  movieDocument({
    ...{ _id: `m${at}`, title: `Title ${String.fromCharCode(97 + at)}` },
    genres: [at % 2 === 0 ? 'Drama' : 'War'],
  }),
);

let service: QueryService;
beforeAll(async () => {
  service = await queryService(inject('stack').mongo, {
    queries: [votes],
    views: [views.votes, views.movies],
  });
  await service.collection(views.movies).insertMany(movies);
  await service
    .collection(views.votes)
    .insertMany(movies.slice(0, 4).map(({ _id }) => voteDocument(_id, 'alice', 'like')));
  await service.written();
  await service.db.command({ profile: 2 });
});
afterAll(() => service.close());

type Listed = { items: { movieId: string }[]; count: number; next: string | null };

async function listed(query: string, token = service.fresh) {
  const headers = { ...(await service.as('alice')), ...token };
  const answer = await service.ask(`/v1/me/votes${query}`, headers);
  expect(answer.status, query).toBe(200);
  const { items, count, next } = (await answer.json()) as Listed;
  return { ids: items.map(({ movieId }) => movieId).join(' '), count, next };
}
const byTitle = async (token?: Record<string, string>) => (await listed('?sort=title', token)).ids;

/** How many documents and keys of votes MongoDB has looked at since the last call. */
async function lookedAt(): Promise<number> {
  await service.db.command({ profile: 0 });
  const profile = service.db.collection('system.profile');
  const ns = `${service.db.databaseName}.${service.collection(views.votes).collectionName}`;
  const found = await profile.find({ ns }).toArray();
  await profile.drop().catch(() => {});
  await service.db.command({ profile: 2 });
  return found.reduce((sum, { keysExamined = 0 }) => sum + keysExamined, 0);
}

/** As if the projector had changed votes of these users, and nothing else. */
async function voted(change: () => Promise<unknown>, ...users: string[]): Promise<void> {
  await change();
  await service.written(...users);
}

/** The same, where it is known which votes of alice these are. */
async function votedOn(movieIds: readonly string[], change: () => Promise<unknown>) {
  await change();
  const ids = movieIds.map((movieId) => `${movieId}/alice`);
  await service.change(views.votes, ['alice'], [ids]);
  seen += 1;
  await service.moveTo(views.votes, 'ranking', seen + 1);
  return { 'consistency-token': service.consistencyToken('ranking:0', seen) };
}
let seen = 1_000_000;
const collection = () => service.collection(views.votes);

it('a list is read once; a page reads its own documents only', async () => {
  expect(await byTitle()).toBe('m0 m1 m2 m3');
  await lookedAt();
  expect((await listed('?sort=title&limit=1')).ids).toBe('m0');
  expect((await listed('?genre=drama&limit=1')).ids).toBe('m0');
  // The document of the page and the one behind it, with the end of each scan.
  expect(await lookedAt()).toBeLessThanOrEqual(2 * 4);
});

it('a vote shows with its token, in each order and in the count', async () => {
  expect((await listed('?limit=1')).count).toBe(4);
  await voted(() => collection().insertOne(voteDocument('m5', 'alice', 'like')));
  expect(await byTitle()).toBe('m0 m1 m2 m3 m5');
  expect((await listed('?limit=1')).count).toBe(5);
  expect((await listed('?genre=war')).count).toBe(3);
});

it('a vote that was taken back is gone with its token', async () => {
  await voted(() => collection().deleteOne({ _id: 'm5/alice' }), 'alice');
  expect(await byTitle()).toBe('m0 m1 m2 m3');
  expect((await listed('?limit=1')).count).toBe(4);
});

it('votes that come and go while lists are read show in answers with their token', async () => {
  for (let at = 4; at < 12; at += 1) {
    const reads = Array.from({ length: 5 }, () => byTitle());
    await voted(() => collection().insertOne(voteDocument(`m${at}`, 'alice', 'like')));
    expect(await byTitle()).toContain(`m${at}`);
    await Promise.all(reads);
    expect(await byTitle()).toContain(`m${at}`);
  }
  for (let at = 4; at < 12; at += 1) {
    const reads = Array.from({ length: 5 }, () => byTitle());
    await voted(() => collection().deleteOne({ _id: `m${at}/alice` }), 'alice');
    const ids = (await byTitle()).split(' ');
    expect(ids).not.toContain(`m${at}`);
    await Promise.all(reads);
    expect((await byTitle()).split(' ')).toEqual(ids);
  }
});

it('a vote that is gone before its list knows leaves its place to the next one', async () => {
  expect(await byTitle()).toBe('m0 m1 m2 m3');
  await collection().deleteOne({ _id: 'm1/alice' });
  const { ids, next } = await listed('?sort=title&limit=2');
  expect(ids).toBe('m0 m2');
  expect((await listed(`?sort=title&limit=2&cursor=${next}`)).ids).toBe('m3');
  await voted(() => collection().insertOne(voteDocument('m1', 'alice', 'like')));
});

it('a new title moves the vote, and a movie that is retired stays', async () => {
  const stored = service.collection(views.movies);
  await stored.replaceOne({ _id: 'm0' }, movieDocument({ ...movies[0]!, title: 'Title z' }));
  await stored.updateOne({ _id: 'm2' }, { $set: { retired: true } });
  await service.change(views.movies, ['m0', 'm2']);
  await service.written();
  expect(await byTitle()).toBe('m1 m2 m3 m0');
  expect((await listed('?genre=drama&sort=-title')).ids).toBe('m0 m2');
});

it('a page that was read is kept, until the user changes something', async () => {
  const first = await listed('?limit=2');
  await lookedAt();
  expect(await listed('?limit=2')).toEqual(first);
  expect(await lookedAt()).toBe(0);
  const newest = { ...voteDocument('m9', 'alice', 'like'), castAt: 2 ** 50 };
  await voted(() => collection().insertOne(newest));
  expect((await listed('?limit=2')).ids).toMatch(/^m9 /);
  await voted(() => collection().deleteOne({ _id: 'm9/alice' }), 'alice');
  expect(await listed('?limit=2')).toEqual(first);
});

it('of a list that is kept, only the votes that have changed are read', async () => {
  const before = (await byTitle()).split(' ');
  expect(before.length).toBeGreaterThan(3);
  const [first, ...rest] = before as [string, ...string[]];
  await lookedAt();
  const without = await votedOn([first, 'm11'], async () => {
    await collection().deleteOne({ _id: `${first}/alice` });
    await collection().insertOne(voteDocument('m11', 'alice', 'like'));
  });
  expect((await listed('?sort=title&limit=1', without)).ids).toBe(rest[0]);
  // Of the two that have changed one is left; and those of the page, with the end of each scan.
  expect(await lookedAt()).toBeLessThanOrEqual(2 * 4);
  expect((await byTitle(without)).split(' ').toSorted()).toEqual([...rest, 'm11'].toSorted());
  const back = await votedOn([first, 'm11'], async () => {
    await collection().insertOne(voteDocument(first, 'alice', 'like'));
    await collection().deleteOne({ _id: 'm11/alice' });
  });
  expect((await byTitle(back)).split(' ')).toEqual(before);
});
