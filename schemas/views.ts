import { changesView } from './changes-view.ts';
import { moviesView } from './movies/movies-view.ts';
import { notificationsView } from './notifications/notifications-view.ts';
import { jobsView } from './operations/jobs-view.ts';
import { rankingsView } from './ranking/rankings-view.ts';
import { votesView } from './ranking/votes-view.ts';
import { playsView } from './reminders/plays-view.ts';
import { remindersView } from './reminders/reminders-view.ts';
import { ticketEntriesView } from './support/ticket-entries-view.ts';
import { ticketsView } from './support/tickets-view.ts';
import { webhooksView } from './webhooks/webhooks-view.ts';

/** Every view: where query-api finds what projectors wrote. */
export const views = {
  movies: moviesView,
  rankings: rankingsView,
  votes: votesView,
  reminders: remindersView,
  plays: playsView,
  tickets: ticketsView,
  ticketEntries: ticketEntriesView,
  notifications: notificationsView,
  changes: changesView,
  jobs: jobsView,
  webhooks: webhooksView,
};
