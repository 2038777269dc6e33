import { createReadStream } from 'node:fs';
import { parse } from 'csv-parse';
import { beforeAll, describe, expect, it } from 'vitest';
import { likeScore, trendingScore, weightedRating } from './scores.ts';

describe('the weighted rating', () => {
  it('is the rating of a movie with many votes, pulled a little to the mean', () => {
    expect(weightedRating(9.0, 1_791_916)).toBeCloseTo(8.9687, 4);
    expect(weightedRating(8.8, 1_583_625)).toBeCloseTo(8.7677, 4);
  });

  it('is the mean of all movies for a movie without votes', () => {
    expect(weightedRating(9.9, 0)).toBe(6.7232);
  });
});

const imdbCsv = process.env.IMDB_CSV;

describe.runIf(imdbCsv)('the weighted rating on the real dataset', () => {
  const ratings = new Map<string, number>();
  beforeAll(async () => {
    const rows = createReadStream(imdbCsv as string).pipe(parse({ columns: true, bom: true }));
    for await (const row of rows) {
      ratings.set(row.Title, weightedRating(Number(row.Rating), Number(row.Votes)));
    }
  });

  it.each([
    ['The Dark Knight', 8.9687],
    ['Inception', 8.7677],
    ['Interstellar', 8.5563],
    ['The Intouchables', 8.5195],
    ['Zombieland', 7.6438],
    ['Grindhouse', 7.4817],
    ['The Conjuring', 7.4453],
  ])('is golden for %s', (title, golden) => {
    expect(ratings.get(title)).toBeCloseTo(golden, 4);
  });
});

describe('the score', () => {
  it('follows from the rating alone before the first vote', () => {
    expect(likeScore(8, 0, 0)).toBe(0.658);
    expect(likeScore(2, 0, 0)).toBe(0.02);
    expect(likeScore(10, 0, 0)).toBe(0.98);
  });

  it('moves towards the share of likes', () => {
    expect(likeScore(8, 50, 0)).toBe(0.829);
    expect(likeScore(8, 0, 50)).toBe(0.329);
  });
});

describe('the trending score', () => {
  it('is null without likes', () => {
    expect(trendingScore(20_000, [])).toBeNull();
    expect(trendingScore(20_000, [0, 0])).toBeNull();
  });

  it('halves in a week', () => {
    const today = trendingScore(20_007, [1])!;
    expect(trendingScore(20_000, [2])).toBe(today);
    expect(trendingScore(20_007, [0, 0, 0, 0, 0, 0, 0, 2])).toBe(today);
  });

  it('stays finite for any day', () => {
    expect(trendingScore(1_000_000, [1])).toBeCloseTo(99_021.0258, 4);
  });
});
