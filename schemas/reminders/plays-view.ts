import type { Millis } from '@event-sourced/kernel/event';
import { view } from '@event-sourced/kernel/view';

/** One time that a user watched a movie; once removed it has no document. */
export type PlayDocument = {
  /** The play's id, which no other user's play has. */
  _id: string;
  movieId: string;
  userId: string;
  watchedAt: Millis;
};

export const playsView = view<PlayDocument>({
  name: 'plays',
  version: 2,
  topics: ['reminders'],
  copied: { by: 'userId' },
  indexes: [{ key: { userId: 1, watchedAt: -1, _id: 1 } }, { key: { userId: 1, movieId: 1 } }],
});
