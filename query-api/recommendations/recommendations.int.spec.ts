import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { type QueryService, queryService } from '#kernel/testing/query-service.ts';
import { views } from '#schemas/views.ts';
import { playDocument, reminderDocument } from '#tests/list-documents.ts';
import { movieDocument, rankingDocument, voteDocument } from '#tests/movie-documents.ts';
import { stats } from '../reminders/stats.ts';
import { recommendations } from './recommendations.ts';

/** What is made of all that one user has watched and voted. */

const movies = [
  movieDocument({ _id: 'liked', title: 'Up', genres: ['Comedy'], director: 'Pete Docter' }),
  movieDocument({
    _id: 'same-director',
    title: 'Soul',
    genres: ['Drama'],
    director: 'Pete Docter',
  }),
  movieDocument({
    _id: 'same-genre',
    title: 'Airplane!',
    genres: ['Comedy', 'Action'],
    actors: [],
  }),
  movieDocument({ _id: 'other', title: 'Heat', genres: ['Crime'], actors: ['Al'], rating: 9 }),
  movieDocument({ _id: 'seen', title: 'Seen', genres: ['comedy'], runtimeMinutes: 50 }),
  movieDocument({ _id: 'disliked', title: 'Cars', genres: ['Comedy'] }),
  movieDocument({ _id: 'retired', title: 'Gone', genres: ['Comedy'], retired: true }),
];
const march = Date.parse('2025-03-01T20:00:00Z');
const newYear = Date.parse('2026-01-01T00:30:00Z');

let service: QueryService;
let alice: Record<string, string>;

beforeAll(async () => {
  service = await queryService(inject('stack').mongo, {
    queries: [stats, recommendations],
    views: [views.reminders, views.plays, views.votes, views.movies, views.rankings],
  });
  await service.collection(views.movies).insertMany(movies);
  await service.collection(views.rankings).insertMany(movies.map((one) => rankingDocument(one)));
  await service
    .collection(views.plays)
    .insertMany([
      playDocument('p1', 'seen', 'alice', march),
      playDocument('p2', 'seen', 'alice', newYear),
      playDocument('p3', 'same-director', 'bob', newYear),
      playDocument('p4', 'liked', 'alice', newYear),
    ]);
  await service
    .collection(views.votes)
    .insertMany([
      voteDocument('liked', 'alice', 'like'),
      voteDocument('disliked', 'alice', 'dislike'),
      voteDocument('same-genre', 'bob', 'dislike'),
    ]);
  await service.collection(views.reminders).insertOne(reminderDocument('other', 'alice'));
  await service.written();
  alice = { ...(await service.as('alice')), ...service.fresh };
});
afterAll(() => service.close());

async function asked<Body>(path: string, headers = alice): Promise<Body> {
  const answer = await service.ask(path, headers);
  expect(answer.status).toBe(200);
  return (await answer.json()) as Body;
}

type Recommended = {
  items: { movieId: string; because: { movieId: string }[]; me: { reminder: unknown } }[];
  likes: number;
};
const ids = ({ items }: Recommended) => items.map(({ movieId }) => movieId);

describe('recommendations', () => {
  it('are movies without a vote or play, and say which liked ones they resemble', async () => {
    const found = await asked<Recommended>('/v1/me/recommendations');
    expect(ids(found)).toEqual(['same-director', 'same-genre']);
    expect(found.likes).toBe(1);
    expect(found.items.map(({ because }) => because)).toEqual([
      [
        {
          ...{ movieId: 'liked', title: 'Up', sharedGenres: [] },
          sharedPeople: ['Pete Docter', 'Bo Ek'],
        },
      ],
      [{ movieId: 'liked', title: 'Up', sharedGenres: ['Comedy'], sharedPeople: [] }],
    ]);
    expect(ids(await asked<Recommended>('/v1/me/recommendations?limit=1'))).toHaveLength(1);
  });

  it('are the best of all for somebody who likes nothing yet', async () => {
    const headers = { ...(await service.as('new')), ...service.fresh };
    const found = await asked<Recommended>('/v1/me/recommendations?limit=2', headers);
    expect(found).toMatchObject({ likes: 0, items: [{ movieId: 'other', because: [] }, {}] });
  });

  it('need a token', async () => {
    expect((await service.ask('/v1/me/recommendations')).status).toBe(401);
  });
});

describe('stats', () => {
  it('count plays, movies, minutes, votes and reminders', async () => {
    expect(await asked('/v1/me/stats')).toEqual({
      ...{ plays: 3, movies: 2, minutes: 200 },
      ...{ firstWatchedAt: '2025-03-01T20:00:00.000Z', lastWatchedAt: '2026-01-01T00:30:00.000Z' },
      byYear: [
        { year: 2026, plays: 2, minutes: 150 },
        { year: 2025, plays: 1, minutes: 50 },
      ],
      byMonth: [
        { month: '2026-01', plays: 2, minutes: 150 },
        { month: '2025-03', plays: 1, minutes: 50 },
      ],
      byGenre: [{ genre: 'comedy', plays: 3, minutes: 200 }],
      ...{ votes: { likes: 1, dislikes: 1 }, reminders: 1 },
    });
  });

  it('are zeros for a new user', async () => {
    const headers = { ...(await service.as('new')), ...service.fresh };
    expect(await asked('/v1/me/stats', headers)).toMatchObject({
      ...{ plays: 0, movies: 0, minutes: 0, firstWatchedAt: null, byYear: [], byGenre: [] },
      votes: { likes: 0, dislikes: 0 },
    });
  });
});
