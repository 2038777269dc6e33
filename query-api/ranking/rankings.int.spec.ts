import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { type QueryService, queryService } from '#kernel/testing/query-service.ts';
import { views } from '#schemas/views.ts';
import { movieDocument, rankingDocument, voteDocument } from '#tests/movie-documents.ts';
import { myViews } from '../me.ts';
import { type RankedMovie, rankings } from './rankings.ts';

const drama = (id: string) => movieDocument({ _id: id, title: `Title ${id}`, genres: ['Drama'] });
const action = (id: string) =>
  movieDocument({ _id: id, title: `Title ${id}`, genres: ['Action', 'Drama'] });

const ranked = [
  rankingDocument(drama('m1'), { score: 0.5, likes: 1, weightedRating: 7, trending: 20.5 }),
  rankingDocument(drama('m2'), { score: 0.5, likes: 3, weightedRating: 8, trending: 20.25 }),
  rankingDocument(action('m3'), { score: 0.9, likes: 0, weightedRating: 6 }),
  rankingDocument(action('m10'), { score: 0.5, likes: 3, weightedRating: 8, trending: 30 }),
  rankingDocument(drama('m4'), { score: 0.1, likes: 0, weightedRating: 9 }),
  rankingDocument(drama('gone'), { score: 1, likes: 99, listed: false, trending: 99 }),
];

let service: QueryService;
beforeAll(async () => {
  const some = { queries: [rankings], views: [views.rankings, ...myViews] };
  service = await queryService(inject('stack').mongo, some);
  await service.collection(views.rankings).insertMany(ranked);
  // Votes may arrive before their movie, which has no place in the ranking then.
  const early = { ...ranked[0]!, _id: 'early', movie: null, listed: false };
  await service.collection(views.rankings).insertOne(early);
  await service.collection(views.votes).insertOne(voteDocument('m3', 'alice', 'like'));
  await service.written();
});
afterAll(() => service.close());

type Answer = { items: RankedMovie[]; next: string | null; count: number };

const ranking = async (query = '', headers = {}): Promise<Answer> => {
  const answer = await service.ask(`/v1/rankings${query}`, { ...service.fresh, ...headers });
  expect(answer.status).toBe(200);
  return (await answer.json()) as Answer;
};
const order = ({ items }: Answer) => items.map((item) => `${item.rank}:${item.movieId}`).join(' ');

describe('a ranking', () => {
  it('is by score unless asked otherwise, with ties by weighted rating, then by id', async () => {
    const answer = await ranking();
    expect(order(answer)).toBe('1:m3 2:m10 3:m2 4:m1 5:m4');
    expect(answer).toMatchObject({ count: 5, next: null });
    expect(await ranking('?by=score')).toEqual(answer);
  });

  it('may be by likes', async () => {
    expect(order(await ranking('?by=likes'))).toBe('1:m10 2:m2 3:m1 4:m4 5:m3');
  });

  it('may be by trend, with movies without likes last', async () => {
    expect(order(await ranking('?by=trending'))).toBe('1:m10 2:m1 3:m2 4:m4 5:m3');
  });

  it('may be of a genre, and counts ranks within it', async () => {
    expect(order(await ranking('?genre=ACTION'))).toBe('1:m3 2:m10');
    expect(order(await ranking('?genre=Western'))).toBe('');
  });

  it('shows the fields of every list, and the values it is ranked by', async () => {
    const [first] = (await ranking('', await service.as('alice'))).items;
    expect(first).toEqual({
      ...{ rank: 1, movieId: 'm3', version: 1, title: 'Title m3', year: 2010, rating: 7 },
      ...{ genres: ['Action', 'Drama'], runtimeMinutes: 100, ratingVotes: 1000 },
      ...{ likes: 0, dislikes: 0, score: 0.9, weightedRating: 6, trending: null },
      me: { vote: 'like', version: 3, reminder: null, plays: 0 },
    });
  });

  it.each(['score', 'likes', 'trending'])('by %s has the same order page by page', async (by) => {
    const whole = order(await ranking(`?by=${by}`));
    for (const limit of [1, 2, 3]) {
      const pages: string[] = [];
      for (let next: string | null = ''; next !== null; ) {
        const cursor: string = next && `&cursor=${next}`;
        const page = await ranking(`?by=${by}&limit=${limit}${cursor}`);
        pages.push(order(page));
        next = page.next;
      }
      expect(pages.join(' ')).toBe(whole);
    }
  });

  it('has true ranks on a later page, also after movies have moved', async () => {
    const { next } = await ranking('?limit=2');
    const documents = service.collection(views.rankings);
    await documents.insertOne(rankingDocument(drama('new'), { score: 0.99 }));
    await service.written();
    expect(order(await ranking(`?limit=2&cursor=${next}`))).toBe('4:m2 5:m1');
    await documents.deleteOne({ _id: 'new' });
    await service.written('new');
  });
});

it.each([
  ['by=best', 'by'],
  ['genre=', 'genre'],
  ['limit=0', 'limit'],
  ['year=2010', 'year'],
])('a ranking with %s is refused', async (query, path) => {
  const answer = await service.ask(`/v1/rankings?${query}`);
  expect(answer.status).toBe(400);
  const { errors } = (await answer.json()) as { errors: { path: string }[] };
  expect(errors[0]?.path).toBe(path);
});
