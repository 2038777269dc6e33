import type { Fields } from '@event-sourced/kernel/openapi';

/**
 * A request for each operation that works on the default catalogue. Ids of tickets and plays are
 * made from the user, `ada`, and the request.
 */

const movie = {
  movieId: 'casablanca',
  title: 'Casablanca',
  genres: ['Drama', 'Romance'],
  description: 'The owner of a café in Casablanca meets an old love again, and has to choose.',
  director: 'Michael Curtiz',
  actors: ['Humphrey Bogart', 'Ingrid Bergman'],
  year: 1942,
  runtimeMinutes: 102,
  rating: 8.5,
  ratingVotes: 600_000,
  metascore: 100,
};

const imported = { ...movie, movieId: 'metropolis', title: 'Metropolis', year: 1927 };
const misspelt = { movieId: 'm', titel: 'M' };

const ticketId = '2b93e69e-8da0-5a0e-a2b3-935c4bd76e63';
const watchedAt = '2026-01-02T20:15:00.000Z';
const playId = '508a2444-eabd-52cb-8056-f918d2232999';

export const requests: Record<string, Fields> = {
  'put-movie': movie,
  'retire-movie': { movieId: movie.movieId },
  'import-movies': { lines: `${JSON.stringify(imported)}\n${JSON.stringify(misspelt)}\n` },
  vote: { movieId: 'm55', vote: 'like' },
  'retract-vote': { movieId: 'm55' },
  remind: { movieId: 'm37', remindAt: '2027-01-01T18:00:00.000Z', note: 'With Grace' },
  'remove-reminder': { movieId: 'm37' },
  'mark-watched': { movieId: 'm55', watchedAt },
  'remove-watched': { movieId: 'm55', playId },
  'open-ticket': { subject: 'No sound', message: 'The film is silent.', movieId: 'm55' },
  'add-ticket-message': { ticketId, message: 'It is silent with headphones too.' },
  'resolve-ticket': { ticketId, message: 'The sound track is back.' },
  'close-ticket': { ticketId },
  'reopen-ticket': { ticketId, message: 'It is silent again.' },
  'create-service-order': { ticketId },
};
