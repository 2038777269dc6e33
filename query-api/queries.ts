import { operationsQueries } from '@event-sourced/kernel/operations';
import type { LineQuery, Query } from '@event-sourced/kernel/query';
import { eventFilters } from '#schemas/event-filters.ts';
import { catalogueChanges } from './movies/catalogue-changes.ts';
import { catalogueLines } from './movies/catalogue-lines.ts';
import { genres } from './movies/genres.ts';
import { movie } from './movies/movie.ts';
import { movies } from './movies/movies.ts';
import { search } from './movies/search.ts';
import { myChanges } from './my-changes.ts';
import { myExport } from './my-export.ts';
import { notifications } from './notifications/notifications.ts';
import { job, jobs } from './operations/jobs.ts';
import { revealed } from './operations/revealed.ts';
import { rankings } from './ranking/rankings.ts';
import { votes } from './ranking/votes.ts';
import { recommendations } from './recommendations/recommendations.ts';
import { reminders } from './reminders/reminders.ts';
import { stats } from './reminders/stats.ts';
import { play, watched } from './reminders/watched.ts';
import { myTickets } from './support/my-tickets.ts';
import { serviceOrders } from './support/service-orders.ts';
import { ticket, ticketTimeline } from './support/ticket.ts';
import { tickets } from './support/tickets.ts';
import { webhook, webhookDeliveries, webhooks } from './webhooks/webhooks.ts';

/** Every query of this service. */
export const queries: readonly Query[] = [
  genres,
  movies,
  search,
  movie,
  rankings,
  votes,
  reminders,
  watched,
  play,
  notifications,
  stats,
  recommendations,
  tickets,
  ticket,
  ticketTimeline,
  myTickets,
  serviceOrders,
  jobs,
  job,
  revealed,
  ...operationsQueries(eventFilters, { type: 'VoteCast', events: { movie: 'm55' } }),
  myChanges,
  catalogueChanges,
  webhooks,
  webhook,
  webhookDeliveries,
];

/** Every query that answers in lines. */
export const lineQueries: readonly LineQuery[] = [catalogueLines, myExport];
