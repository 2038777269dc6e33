import { describe, expect, it } from 'vitest';
import { movieDocument } from '#tests/movie-documents.ts';
import { reasons, suggestions } from './suggestions.ts';

const numbered = (at: number) =>
  movieDocument({
    ...{ _id: `m${at}`, title: `Film ${at}`, genres: [`Genre ${at % 20}`, 'Drama'] },
    ...{ director: `Director ${at}`, actors: Array.from({ length: 5 }, (_, n) => `${n} of ${at}`) },
  });

describe('suggestions', () => {
  it('look at a bounded number of movies, however many there are', async () => {
    const looked = { people: 0, listed: 0 };
    const endless = (limit: number) =>
      Array.from({ length: limit }, (_, at) => numbered(1_000 + looked.people + at));
    const catalogue = {
      movie: (id: string) => numbered(Number(id.slice(1))),
      ofPerson: (_: string, limit: number) => {
        looked.people += limit;
        return endless(limit);
      },
    };
    const read = async (_: unknown, limit: number) => {
      looked.listed += limit;
      return endless(limit);
    };
    const standings = { of: () => undefined, list: () => ({ read, count: async () => 100_000 }) };
    const liked = Array.from({ length: 50 }, (_, at) => numbered(at));
    await suggestions(liked, { catalogue, standings } as never);
    expect(looked).toEqual({ people: 50 * 6 * 20, listed: 5 * 200 });
  });
});

describe('reasons', () => {
  it('are the three liked movies that have the most in common', () => {
    const liked = [1, 21, 41, 61].map(numbered);
    const movie = { ...numbered(1), actorKeys: ['0 of 61'] };
    expect(reasons(movie, liked).map(({ movieId }) => movieId)).toEqual(['m1', 'm61', 'm21']);
  });
});
