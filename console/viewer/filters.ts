import { useQuery } from '@tanstack/react-query';
import { answerOf } from '#client/client.ts';
import { api } from '../system/api.ts';

/** What lists of films can be filtered and sorted by; all of it stands in the address. */

export const rankingOrders = ['score', 'likes', 'trending'] as const;
export type RankingOrder = (typeof rankingOrders)[number];
export type RankingsSearch = { genre?: string | undefined; by?: RankingOrder | undefined };

export const sorts = {
  title: 'Title',
  '-rating': 'Best rated',
  '-year': 'Newest',
  year: 'Oldest',
  '-ratingVotes': 'Most rated',
  runtime: 'Shortest',
  '-runtime': 'Longest',
  '-revenue': 'Highest revenue',
  '-metascore': 'Best metascore',
} as const;
export type Sort = keyof typeof sorts;
export const isSort = (value: unknown): value is Sort => String(value) in sorts;

export type MoviesSearch = {
  q?: string | undefined;
  genre?: string | undefined;
  year?: string | undefined;
  rating?: string | undefined;
  runtime?: string | undefined;
  director?: string | undefined;
  actor?: string | undefined;
  sort?: Sort | undefined;
};

export const useGenres = () =>
  useQuery({
    queryKey: ['genres'],
    staleTime: 60_000,
    queryFn: ({ signal }) => answerOf(api().queries.GET('/v1/genres', { signal })),
  });

/** Without the entries that are undefined, which the typed client doesn't take. */
export const given = <T extends object>(values: T) =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };
