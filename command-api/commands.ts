import { importMovie, putMovie, retireMovie } from './movies/movie.ts';
import { jobCommands } from './operations/job.ts';
import { people } from './people.ts';
import { retractVote, vote, voteBatch } from './ranking/ballot.ts';
import { dueReminder } from './reminders/due.ts';
import { remindBatch, reminderCommands } from './reminders/reminders.ts';
import { watchBatch, watchCommands } from './reminders/watching.ts';
import { ticketCommands } from './support/ticket.ts';
import { webhookCommands } from './webhooks/webhooks.ts';

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
  ...jobCommands,
  ...people.commands,
  ...webhookCommands,
];

/** The requests that bring many items. */
export const batches = [voteBatch, watchBatch, remindBatch];
