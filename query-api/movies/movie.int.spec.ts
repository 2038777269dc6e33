import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { type QueryService, queryService } from '#kernel/testing/query-service.ts';
import { views } from '#schemas/views.ts';
import { playDocument, reminderDocument } from '#tests/list-documents.ts';
import { movieDocument, rankingDocument, voteDocument } from '#tests/movie-documents.ts';
import { movie } from './movie.ts';

const matrix = movieDocument({
  ...{ _id: 'm1', title: 'The Matrix', genres: ['Action', 'Sci-Fi'], year: 1999 },
  ...{ revenueMillions: 171.5, metascore: 73, version: 4 },
});
const gone = movieDocument({ _id: 'm3', title: 'Gone', retired: true });
const fresh = movieDocument({ _id: 'm4', title: 'Fresh' });

let service: QueryService;
beforeAll(async () => {
  const all = { queries: [movie], views: Object.values(views) };
  service = await queryService(inject('stack').mongo, all);
  const rival = movieDocument({ _id: 'm2', title: 'Rival', genres: ['Action'] });
  await service.collection(views.movies).insertMany([matrix, rival, gone, fresh]);
  await service
    .collection(views.rankings)
    .insertMany([
      rankingDocument(matrix, { likes: 2, dislikes: 1, score: 0.5, trending: 3.5 }),
      rankingDocument(rival, { likes: 5, score: 0.4, trending: 2.5 }),
      rankingDocument(gone, { likes: 9, score: 0.9 }),
    ]);
  await service.collection(views.votes).insertOne(voteDocument('m1', 'alice', 'like'));
  await service
    .collection(views.reminders)
    .insertMany([
      reminderDocument('m1', 'alice', { note: 'Again', remindAt: 5_000 }),
      reminderDocument('m2', 'bob'),
    ]);
  await service
    .collection(views.plays)
    .insertMany([
      playDocument('p1', 'm1', 'alice', 1),
      playDocument('p2', 'm1', 'alice', 2),
      playDocument('p3', 'm2', 'bob'),
    ]);
  await service.written();
});
afterAll(() => service.close());

it('shows every detail of a movie', async () => {
  const answer = await service.ask('/v1/movies/m1', service.fresh);
  expect(answer.status).toBe(200);
  expect(answer.headers.get('cache-control')).toBe('no-cache');
  expect(await answer.json()).toEqual({
    ...{ movieId: 'm1', version: 4, title: 'The Matrix', year: 1999, rating: 7 },
    ...{ genres: ['Action', 'Sci-Fi'], runtimeMinutes: 100, ratingVotes: 1000 },
    ...{ description: 'A film.', director: 'Ann Lee', actors: ['Bo Ek'], retired: false },
    ...{ revenueMillions: 171.5, metascore: 73, likes: 2, dislikes: 1, score: 0.5 },
    ...{ weightedRating: 7, trending: 3.5, imdbId: null, tmdbId: null },
    ranks: [
      { genre: null, by: 'score', rank: 1 },
      { genre: null, by: 'likes', rank: 2 },
      { genre: null, by: 'trending', rank: 1 },
      { genre: 'Action', by: 'score', rank: 1 },
      { genre: 'Action', by: 'likes', rank: 2 },
      { genre: 'Action', by: 'trending', rank: 1 },
      { genre: 'Sci-Fi', by: 'score', rank: 1 },
      { genre: 'Sci-Fi', by: 'likes', rank: 1 },
      { genre: 'Sci-Fi', by: 'trending', rank: 1 },
    ],
  });
});

const me = async (user: string) => {
  const answer = await service.ask('/v1/movies/m1', {
    ...service.fresh,
    ...(await service.as(user)),
  });
  return ((await answer.json()) as { me: unknown }).me;
};

it('shows callers their own vote, reminder and plays', async () => {
  const setAt = '1970-01-01T00:00:00.000Z';
  expect(await me('alice')).toEqual({
    ...{ vote: 'like', version: 3, plays: 2 },
    reminder: { note: 'Again', remindAt: '1970-01-01T00:00:05.000Z', setAt },
  });
  expect(await me('bob')).toEqual({ vote: null, version: null, reminder: null, plays: 0 });
});

it('shows a retired movie as retired, and without ranks', async () => {
  const answer = await service.ask('/v1/movies/m3', service.fresh);
  expect(await answer.json()).toMatchObject({ retired: true, likes: 9, ranks: [] });
});

it('shows a movie that has no place in the ranking yet', async () => {
  const answer = await service.ask('/v1/movies/m4', service.fresh);
  expect(await answer.json()).toMatchObject({ likes: 0, score: null, ranks: [] });
});

it.each([
  ['/v1/movies/m99', 404, 'movie-unknown'],
  ['/movies/99', 404, 'movie-unknown'],
  ['/v1/movies/a.b', 400, 'invalid-input'],
  ['/v1/movies/m1?x=1', 400, 'invalid-input'],
  ['/v1/movies/m1/x', 404, 'route-unknown'],
])('%s is refused', async (path, status, code) => {
  const answer = await service.ask(path);
  expect(answer.status).toBe(status);
  expect(await answer.json()).toMatchObject({ code, status });
});
