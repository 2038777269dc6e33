import { projection } from '@event-sourced/kernel/projection';
import type { RemindersEvent } from '#schemas/generated/events.ts';
import { views } from '#schemas/views.ts';

const idOf = ({ movieId, userId }: RemindersEvent['data']) => `${movieId}/${userId}`;

/** Each user's standing reminder of each movie. */
export const reminders = projection<RemindersEvent>()({
  view: views.reminders,
  id: ({ data }) => idOf(data),
  when: {
    ReminderSet: (_, { data }) => ({
      _id: idOf(data),
      movieId: data.movieId,
      userId: data.userId,
      note: data.note,
      remindAt: data.remindAt,
      setAt: data.setAt,
      dueAt: null,
    }),
    // A reminder that was set anew meanwhile has another time, so this event is not about it.
    ReminderDue: (reminder, { data: { remindAt, dueAt } }) =>
      reminder?.remindAt === remindAt ? { ...reminder, dueAt } : reminder,
    ReminderRemoved: () => null,
  },
});
