import { page } from '@event-sourced/kernel/page';
import { describe, expect, it } from 'vitest';
import type { MovieDocument as Movie } from '#schemas/movies/movies-view.ts';
import { movieDocument } from '#tests/movie-documents.ts';
import { foundMovies } from './found-movies.ts';
import { inOrder, type MovieSort } from './movie-sort.ts';
import { SearchIndex } from './search-index.ts';

/** More than are filtered and sorted at once. */
const movies = Array.from({ length: 9_000 }, (_, number) =>
  movieDocument({
    ...{ _id: `m${number}`, title: `Film ${(number * 7_919) % 9_000}`, rating: number % 10 },
    ...{ ratingVotes: number % 1_000, metascore: number % 3 ? null : number % 100 },
  }),
);
const index = new SearchIndex();
for (const movie of movies) index.put(movie);

const pageOf = (sort: MovieSort, limit: number, cursor?: string) => {
  const found = foundMovies(index.find('film'), { genre: [], rating: { from: 5, to: null } }, sort);
  const shown = (movies: readonly { _id: string }[]) => movies.map(({ _id }) => _id);
  return page(found, { ...{ list: ['found'], limit, cursor }, ...inOrder(sort), items: shown });
};

describe('movies that a search has found', () => {
  it.each([
    ['title', ({ titleKey }: Movie) => titleKey],
    ['ratingVotes', ({ ratingVotes }: Movie) => ratingVotes],
    ['metascore', ({ metascore }: Movie) => metascore ?? Number.POSITIVE_INFINITY],
  ] as const)(
    'are on the right pages, sorted by %s, however many they are',
    async (sort, value) => {
      const wanted = movies
        .filter(({ rating }) => rating >= 5)
        .sort((one, other) => {
          const isBefore =
            value(one) === value(other) ? one._id < other._id : value(one) < value(other);
          return isBefore ? -1 : 1;
        })
        .map(({ _id }) => _id);
      const found: string[] = [];
      for (let cursor: string | null | undefined; cursor !== null && found.length < 500; ) {
        const { items, next, count } = await pageOf(sort, 100, cursor);
        expect(count).toBe(wanted.length);
        found.push(...items);
        cursor = next;
      }
      expect(found).toEqual(wanted.slice(0, 500));
    },
  );

  it('come last if they have no value, in either direction', async () => {
    const { items } = await pageOf('-metascore', 100);
    const shown = items.map((id) => movies[Number(id.slice(1))]!.metascore);
    expect(shown).toEqual(shown.toSorted((one, other) => other! - one!));
    expect(shown[0]).toBe(99);
  });
});
