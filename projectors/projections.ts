import type { AnyProjection } from '@event-sourced/kernel/projection';
import { itemChanges } from './item-changes.ts';
import { movies } from './movies/movies.ts';
import { notifications } from './notifications/notifications.ts';
import { jobs } from './operations/jobs.ts';
import { rankings } from './ranking/rankings.ts';
import { votes } from './ranking/votes.ts';
import { plays } from './reminders/plays.ts';
import { reminders } from './reminders/reminders.ts';
import { ticketEntries } from './support/ticket-entries.ts';
import { tickets } from './support/tickets.ts';
import { webhooks } from './webhooks/webhooks.ts';

/** All projections, which are run live, rebuilt and verified. */
export const projections: readonly AnyProjection[] = [
  movies,
  rankings,
  votes,
  reminders,
  plays,
  tickets,
  ticketEntries,
  notifications,
  itemChanges,
  jobs,
  webhooks,
];
