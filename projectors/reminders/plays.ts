import { projection } from '@event-sourced/kernel/projection';
import type { RemindersEvent } from '#schemas/generated/events.ts';
import { views } from '#schemas/views.ts';

type PlayEvent = Extract<RemindersEvent, { type: 'MovieWatched' | 'WatchRemoved' }>;

/** Each time that a user watched a movie. */
export const plays = projection<PlayEvent>()({
  view: views.plays,
  id: ({ data }) => data.playId,
  when: {
    MovieWatched: (_, { data: { playId, movieId, userId, watchedAt } }) => ({
      _id: playId,
      movieId,
      userId,
      watchedAt,
    }),
    WatchRemoved: () => null,
  },
});
