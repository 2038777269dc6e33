import { operationsQueries } from '@event-sourced/kernel/operations';
import type { Query } from '@event-sourced/kernel/query';
import { catalogueChanges } from './movies/catalogue-changes.ts';
import { genres } from './movies/genres.ts';
import { movie } from './movies/movie.ts';
import { movies } from './movies/movies.ts';
import { search } from './movies/search.ts';
import { myChanges } from './my-changes.ts';
import { notifications } from './notifications/notifications.ts';
import { job, jobs } from './operations/jobs.ts';
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
  ...operationsQueries({ type: 'VoteCast' }),
  myChanges,
  catalogueChanges,
];
