import type { Fields } from '@event-sourced/kernel/openapi';

/** A request for each operation that works on the catalogue that comes with the system. */
export const requests: Record<string, Fields> = {
  genres: {},
  movies: { genre: 'Sci-Fi', year: '2010-2016', sort: '-rating', limit: 2 },
  'movies-alias-1': { q: 'dark knight' },
  'movies-alias-2': { genre: 'western', limit: 2 },
  movie: { movieId: 'm55' },
  'movie-alias-1': { movieId: '55' },
  search: { q: 'wall-e', limit: 2 },
  rankings: { genre: 'Drama', by: 'score', limit: 2 },
  'rankings-alias-1': { genre: 'horror', limit: 2 },
  'my-votes': { limit: 2 },
  'my-reminders': { limit: 2 },
  'my-watched': { limit: 2 },
  'my-play': { movieId: 'm55', playId: '508a2444-eabd-52cb-8056-f918d2232999' },
  tickets: { status: 'closed', limit: 2 },
  ticket: { ticketId: '2b93e69e-8da0-5a0e-a2b3-935c4bd76e63' },
  'my-tickets': { limit: 2 },
  'service-orders': { limit: 2 },
};
