import { importMovie, putMovie, retireMovie } from './movies/movie.ts';
import { people } from './people.ts';
import { retractVote, vote, voteBatch } from './ranking/ballot.ts';
import { dueReminder } from './reminders/due.ts';
import { remindBatch, reminderCommands } from './reminders/reminders.ts';
import { watchBatch, watchCommands } from './reminders/watching.ts';
import { ticketCommands } from './support/ticket.ts';

/** Every command of the system. */
export const commands = [
  putMovie,
  importMovie,
  retireMovie,
  vote,
  retractVote,
  ...watchCommands,
  ...reminderCommands,
  dueReminder,
  ...ticketCommands,
  ...people.commands,
];

/** The requests that bring many items. */
export const batches = [voteBatch, watchBatch, remindBatch];
