import { importMovie, movie, putMovie, retireMovie } from './movies/movie.ts';
import { ballot, retractVote, vote } from './ranking/ballot.ts';
import { listCommands, lists } from './reminders/lists.ts';
import { ticket, ticketCommands } from './support/ticket.ts';

/** Every aggregate and every command of the system: one line each. */
export const aggregates = [movie, ballot, lists, ticket];

export const commands = [
  putMovie,
  importMovie,
  retireMovie,
  vote,
  retractVote,
  ...listCommands,
  ...ticketCommands,
];
