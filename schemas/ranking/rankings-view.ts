import { view } from '@event-sourced/kernel/view';

/** Likes per UTC day: the newest day there ever was one, and up to 365 before it. */
export type LikesByDay = {
  /** Days since 1970. */
  newest: number;
  /** That stand from the newest day. */
  likes: number;
  /** `earlier[i]` likes stand from `i + 1` days before the newest. */
  earlier: readonly number[];
};

/** A movie's place in the three orders. Votes may come before the movie: then `movie` is null. */
export type RankingDocument = {
  _id: string;
  /** What the ranking shows of the movie, null until it is added. */
  movie: {
    version: number;
    title: string;
    year: number;
    genres: readonly string[];
    runtimeMinutes: number;
    rating: number;
    ratingVotes: number;
  } | null;
  /** In the catalogue and not retired: only these are ranked. */
  listed: boolean;
  genreKeys: readonly string[];
  likes: number;
  dislikes: number;
  /** Null until the first like. */
  likesByDay: LikesByDay | null;
  /** All three rounded to 9 decimals, so that ties are ties. `trending` is null without likes. */
  weightedRating: number;
  score: number;
  trending: number | null;
};

/**
 * Every vote moves a movie in all three orders, so there is an index for each of them and no more:
 * with others by genre and order a vote would move ten entries in place of three. Of a genre with
 * many movies the first are soon found in order; the few of another are found by genre, and sorted.
 */
const order = (by: string) => ({ listed: 1, [by]: -1, weightedRating: -1, _id: 1 }) as const;

export const rankingsView = view<RankingDocument>({
  name: 'rankings',
  version: 1,
  topics: ['movies', 'ranking'],
  indexes: [
    { key: { genreKeys: 1, listed: 1 } },
    ...['score', 'likes', 'trending'].map((by) => ({ key: order(by) })),
  ],
});
