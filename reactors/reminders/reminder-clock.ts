import { momentOf } from '@event-sourced/kernel/event';
import { clock } from '@event-sourced/kernel/reactor';
import { views } from '#schemas/views.ts';

/**
 * Says of each reminder when its time has come. One that is set anew has another key, so that it
 * becomes due once more.
 */
export const reminderClock = clock({
  name: 'reminder-clock',
  view: views.reminders,
  at: 'waitsUntil',
  roles: [],
  when: ({ _id, movieId, userId, setAt, waitsUntil = 0 }) => ({
    POST: `/v1/reminders/${movieId}/due`,
    body: { userId, remindAt: momentOf(waitsUntil) },
    key: [_id, setAt, waitsUntil],
    done: ({ unchanged }) =>
      unchanged
        ? `The reminder of ${movieId} for ${userId} was due, changed or gone before`
        : `The reminder of ${movieId} for ${userId} is due`,
  }),
});
