import type { Reading } from '@event-sourced/kernel/query';
import type { RankingDocument } from '#schemas/ranking/rankings-view.ts';
import { views } from '#schemas/views.ts';
import { isBefore, orders, placeOf, type RankingOrder } from './ranking-order.ts';

/** A movie's rank, from 1, in its genre or, if `genre` is null, among all movies. */
export type Rank = { genre: string | null; by: RankingOrder; rank: number };

/**
 * The movie's rank in each order, overall and in each of its genres; none while unlisted. One pass
 * counts all of them: one query for each would take five times as long.
 */
export async function ranksOf(ranking: RankingDocument, { read }: Reading): Promise<Rank[]> {
  if (!ranking.listed || !ranking.movie) return [];
  const genres = [null, ...ranking.movie.genres];
  const wanted = genres.flatMap((genre) => orders.map((by) => ({ genre, by })));
  const counts = wanted.map(({ genre, by }, index) => {
    const before = isBefore(by, placeOf(ranking, by));
    const counted = genre === null ? before : { $and: [isOf(genre), before] };
    return [`ahead${index}`, { $sum: { $cond: [counted, 1, 0] } }];
  });
  const [ahead] = await read(views.rankings)
    .aggregate<Record<string, number>>([
      { $match: { listed: true } },
      { $group: { _id: null, ...Object.fromEntries(counts) } },
    ])
    .toArray();
  return wanted.map((one, index) => ({ ...one, rank: (ahead?.[`ahead${index}`] ?? 0) + 1 }));
}

const isOf = (genre: string) => ({ $in: [{ $literal: genre.toLowerCase() }, '$genreKeys'] });
