import { importMovie, putMovie, retireMovie } from './movies/movie.ts';
import { retractVote, vote } from './ranking/ballot.ts';
import { listCommands } from './reminders/lists.ts';
import { ticketCommands } from './support/ticket.ts';

/** Every command of the system. */
export const commands = [
  putMovie,
  importMovie,
  retireMovie,
  vote,
  retractVote,
  ...listCommands,
  ...ticketCommands,
];
