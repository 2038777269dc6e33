import { liveView } from '@event-sourced/kernel/query';
import { roles } from '#schemas/roles.ts';
import { views } from '#schemas/views.ts';

/** The document of a user and a movie has the id `movieId/userId`. */
const movieOf = (id: string): string => id.slice(0, id.indexOf('/'));

/** What clients may follow, by the names of the lists: they learn which items have changed. */
export const live = {
  route: 'GET /v1/live',
  views: {
    movies: liveView({ view: views.movies }),
    rankings: liveView({ view: views.rankings }),
    votes: liveView({ view: views.votes, idOf: movieOf }),
    reminders: liveView({ view: views.reminders, idOf: movieOf }),
    watched: liveView({ view: views.plays }),
    notifications: liveView({ view: views.notifications }),
    tickets: liveView({ view: views.tickets, everything: roles.support }),
  },
} as const;
