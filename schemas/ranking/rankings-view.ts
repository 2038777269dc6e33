import { view } from '@event-sourced/kernel/view';

/** Likes per UTC day: of the newest day that has ever had one, and of up to 365 days before it. */
export type LikesByDay = {
  /** Days since 1970. */
  newest: number;
  /** Likes of the newest day that were not taken back. */
  likes: number;
  /** `earlier[i]` is the number of likes `i + 1` days before the newest day. */
  earlier: readonly number[];
};

/** A movie's values in the three orders. Votes may come before the movie: then `movie` is null. */
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
  /** Whether the movie is in the catalogue and not retired: only such movies are ranked. */
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

export const rankingsView = view<RankingDocument>({
  name: 'rankings',
  version: 2,
  topics: ['movies', 'ranking'],
  copied: true,
  // Lists are answered from copies in memory, which are read whole or by ids.
  indexes: [],
});
