import type { Millis } from '@event-sourced/kernel/event';
import { view } from '@event-sourced/kernel/view';

/** A movie of the catalogue. */
export type MovieDocument = {
  _id: string;
  /** The movie stream's version: what `If-Match` takes. */
  version: number;
  retired: boolean;
  title: string;
  /** For sorting: lower case, accents folded, without a leading The, A or An. */
  titleKey: string;
  genres: readonly string[];
  /** Lower case, to match without case. */
  genreKeys: readonly string[];
  description: string;
  director: string;
  directorKey: string;
  actors: readonly string[];
  actorKeys: readonly string[];
  year: number;
  runtimeMinutes: number;
  rating: number;
  ratingVotes: number;
  revenueMillions: number | null;
  metascore: number | null;
  imdbId: string | null;
  tmdbId: number | null;
  addedAt: Millis;
};

export const moviesView = view<MovieDocument>({
  name: 'movies',
  version: 3,
  topics: ['movies'],
  copied: true,
  // Lists are answered from copies in memory, which are read whole or by ids.
  indexes: [],
});
