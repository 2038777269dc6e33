import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { type QueryService, queryService } from '#kernel/testing/query-service.ts';
import { views } from '#schemas/views.ts';
import { movieDocument, voteDocument } from '#tests/movie-documents.ts';
import { movie } from './movies/movie.ts';

/** What a user has of a movie is kept in memory: what changes in it is seen with its token. */

let service: QueryService;
beforeAll(async () => {
  service = await queryService(inject('stack').mongo, {
    queries: [movie],
    views: Object.values(views),
  });
  await service.collection(views.movies).insertMany([movieDocument({ _id: 'm0', title: 'Up' })]);
  await service.written();
});
afterAll(() => service.close());

const votes = () => service.collection(views.votes);

async function voteOf(user: string): Promise<{ vote: string | null; version: number | null }> {
  const headers = { ...(await service.as(user)), ...service.fresh };
  const answer = await service.ask('/v1/movies/m0', headers);
  expect(answer.status).toBe(200);
  const { vote, version } = ((await answer.json()) as { me: Awaited<ReturnType<typeof voteOf>> })
    .me;
  return { vote, version };
}

/** As if the projector had changed this user's vote, and nothing else. */
async function voted(user: string, vote: 'like' | 'dislike', version: number): Promise<void> {
  const document = { ...voteDocument('m0', user, vote), version };
  await votes().replaceOne({ _id: document._id }, document, { upsert: true });
  await service.written(user);
}

/** How many times MongoDB was asked for votes since the last call. */
async function asked(): Promise<number> {
  await service.db.command({ profile: 0 });
  const profile = service.db.collection('system.profile');
  const count = await profile.countDocuments({
    ns: `${service.db.databaseName}.${votes().collectionName}`,
    op: { $in: ['query', 'command'] },
  });
  await profile.drop().catch(() => {});
  await service.db.command({ profile: 2 });
  return count;
}

it('a vote is read once, and again when its user has changed it', async () => {
  await voted('alice', 'like', 1);
  expect(await voteOf('alice')).toEqual({ vote: 'like', version: 1 });
  await asked();
  expect(await voteOf('alice')).toEqual({ vote: 'like', version: 1 });
  expect(await asked()).toBe(0);
  await voted('alice', 'dislike', 2);
  await asked();
  expect(await voteOf('alice')).toEqual({ vote: 'dislike', version: 2 });
  expect(await asked()).toBe(1);
});

it('that there is no vote is kept too, and each user has an own one', async () => {
  expect(await voteOf('bob')).toEqual({ vote: null, version: null });
  await asked();
  expect(await voteOf('bob')).toEqual({ vote: null, version: null });
  expect(await voteOf('alice')).toEqual({ vote: 'dislike', version: 2 });
  expect(await asked()).toBe(0);
  await voted('bob', 'like', 1);
  expect(await voteOf('bob')).toEqual({ vote: 'like', version: 1 });
});

it('a vote that was taken back is gone with its token', async () => {
  await votes().deleteOne({ _id: 'm0/bob' });
  await service.written('bob');
  expect(await voteOf('bob')).toEqual({ vote: null, version: null });
});

it('votes that change while they are read show in answers with their token', async () => {
  for (let version = 3; version < 30; version += 1) {
    const reads = Array.from({ length: 5 }, () => voteOf('alice'));
    await voted('alice', version % 2 === 0 ? 'like' : 'dislike', version);
    expect((await voteOf('alice')).version).toBe(version);
    await Promise.all(reads);
    expect((await voteOf('alice')).version).toBe(version);
  }
});
