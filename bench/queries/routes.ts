/** What the benchmark asks the query API for. */

export type MoviesToFill = { prefix: string; movies: number };

export const genres = [
  ...['Action', 'Adventure', 'Animation', 'Biography', 'Comedy', 'Crime', 'Drama', 'Family'],
  ...['Fantasy', 'History', 'Horror', 'Music', 'Musical', 'Mystery', 'Romance', 'Sci-Fi'],
  ...['Sport', 'Thriller', 'War', 'Western'],
];

export type Route = {
  name: string;
  path: string;
  /** One document, or a page of 20. */
  kind: 'details' | 'page';
  /** Who asks; nobody by default. */
  as?: 'voter' | 'support';
};

/**
 * Reads of viewers and of support: one movie, and lists by each of their filters and some of their
 * sorts. Not among them: exports, whole catalogues, single tickets, and operators' reads.
 */
export const routes: readonly Route[] = [
  { name: 'movie', path: '/v1/movies/m1', kind: 'details' },
  { name: 'movie with me', path: '/v1/movies/m1', kind: 'details', as: 'voter' },
  { name: 'movies', path: '/v1/movies', kind: 'page' },
  { name: 'movies with me', path: '/v1/movies', kind: 'page', as: 'voter' },
  { name: 'movies by ids', path: '/v1/movies?ids=m1,m2,m3,m4,m5', kind: 'page' },
  { name: 'movies by votes', path: '/v1/movies?sort=-ratingVotes', kind: 'page' },
  { name: 'movies by revenue', path: '/v1/movies?sort=revenue', kind: 'page' },
  { name: 'movies by metascore', path: '/v1/movies?sort=-metascore', kind: 'page' },
  { name: 'movies by runtime', path: '/v1/movies?sort=runtime', kind: 'page' },
  { name: 'movies of a genre', path: '/v1/movies?genre=Drama&sort=-rating', kind: 'page' },
  { name: 'movies of years', path: '/v1/movies?year=2010-2016&rating=7-', kind: 'page' },
  { name: 'movies of a director', path: '/v1/movies?director=ba', kind: 'page' },
  { name: 'movies with an actor', path: '/v1/movies?actor=fo', kind: 'page' },
  { name: 'movies by words', path: '/v1/movies?q=bace', kind: 'page' },
  { name: 'search for one letter', path: '/v1/search?q=a', kind: 'page' },
  { name: 'search for words', path: '/v1/search?q=bace%20di', kind: 'page' },
  { name: 'genres', path: '/v1/genres', kind: 'page' },
  { name: 'rankings', path: '/v1/rankings', kind: 'page' },
  { name: 'rankings of a genre', path: '/v1/rankings?genre=Drama&by=likes', kind: 'page' },
  { name: 'my votes', path: '/v1/me/votes', kind: 'page', as: 'voter' },
  { name: 'my votes by title', path: '/v1/me/votes?sort=title', kind: 'page', as: 'voter' },
  { name: 'my votes of a genre', path: '/v1/me/votes?genre=Drama', kind: 'page', as: 'voter' },
  { name: 'my reminders', path: '/v1/me/reminders', kind: 'page', as: 'voter' },
  { name: 'my plays', path: '/v1/me/watched', kind: 'page', as: 'voter' },
  { name: 'my stats', path: '/v1/me/stats', kind: 'page', as: 'voter' },
  { name: 'my recommendations', path: '/v1/me/recommendations', kind: 'page', as: 'voter' },
  { name: 'my notifications', path: '/v1/me/notifications', kind: 'page', as: 'voter' },
  { name: 'my changes', path: '/v1/me/changes', kind: 'page', as: 'voter' },
  { name: 'my tickets', path: '/v1/me/tickets', kind: 'page', as: 'voter' },
  { name: 'tickets', path: '/v1/tickets', kind: 'page', as: 'support' },
  { name: 'service orders', path: '/v1/service-orders', kind: 'page', as: 'support' },
];
