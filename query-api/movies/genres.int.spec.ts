import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { type QueryService, queryService } from '#kernel/testing/query-service.ts';
import { views } from '#schemas/views.ts';
import { movieDocument } from '#tests/movie-documents.ts';
import { genres } from './genres.ts';

let service: QueryService;
beforeAll(async () => {
  const mongo = inject('stack').mongo;
  service = await queryService(mongo, { queries: [genres], views: [views.movies] });
});
afterAll(() => service.close());

const answer = async () => (await service.ask('/v1/genres', service.fresh)).json();

it('an empty catalogue has no genres', async () => {
  expect(await answer()).toEqual({ items: [] });
});

it('genres are counted regardless of case, without retired movies', async () => {
  await service
    .collection(views.movies)
    .insertMany([
      movieDocument({ _id: 'm1', title: 'One', genres: ['Drama', 'Sci-Fi'] }),
      movieDocument({ _id: 'm2', title: 'Two', genres: ['sci-fi'] }),
      movieDocument({ _id: 'm3', title: 'Three', genres: ['Comedy', 'Drama'], retired: true }),
    ]);
  await service.written();
  expect(await answer()).toEqual({
    items: [
      { genre: 'Drama', movies: 1 },
      { genre: 'Sci-Fi', movies: 2 },
    ],
  });
});

it('the list of genres takes no parameters', async () => {
  expect((await service.ask('/v1/genres?genre=Drama')).status).toBe(400);
});
