import { personalText } from '@event-sourced/kernel/event';
import type { ExamplesOf } from '@event-sourced/kernel/schemas';
import { alicesFirst, alicesSecond, later, metaOf } from '../example-meta.ts';
import type { RemindersEvent } from '../generated/events.ts';

const ofAlice = (sequence: number, time: number, actor = 'alice') =>
  metaOf('reminders/alice', sequence, time, actor);
const play = {
  movieId: 'm87',
  userId: 'alice',
  playId: '0d6f6a5e-4f0c-5a0e-9d0b-6a1f3c2b7d84',
  watchedAt: alicesSecond - 7_200_000,
};

export const examples: ExamplesOf<RemindersEvent> = {
  ReminderSet: {
    type: 'ReminderSet',
    meta: ofAlice(1, alicesFirst),
    data: {
      movieId: 'm87',
      userId: 'alice',
      note: personalText('With Noé, who liked “the last one”.\n\t– 灯台'),
      remindAt: alicesSecond,
      setAt: alicesFirst,
      changedAt: alicesFirst - 60_000,
      batch: '{"added":1,"existing":0,"rejected":{"duplicate-item":[1]}}',
    },
  },
  ReminderDue: {
    type: 'ReminderDue',
    meta: ofAlice(2, alicesSecond + 12, 'reminder-clock'),
    data: { movieId: 'm87', userId: 'alice', remindAt: alicesSecond, dueAt: alicesSecond + 12 },
  },
  MovieWatched: {
    type: 'MovieWatched',
    meta: ofAlice(3, later),
    data: { ...play, recordedAt: later, batch: null },
  },
  ReminderRemoved: {
    type: 'ReminderRemoved',
    meta: ofAlice(4, later),
    data: {
      movieId: 'm87',
      userId: 'alice',
      reason: 'watched',
      removedAt: later,
      changedAt: null,
    },
  },
  WatchRemoved: {
    type: 'WatchRemoved',
    meta: ofAlice(5, later + 60_000),
    data: { ...play, removedAt: later + 60_000 },
  },
};
