import { projection } from '@event-sourced/kernel/projection';
import type { RemindersEvent } from '#schemas/generated/events.ts';
import type { ReminderDocument } from '#schemas/reminders/reminders-view.ts';
import { views } from '#schemas/views.ts';

const idOf = ({ movieId, userId }: RemindersEvent['data']) => `${movieId}/${userId}`;

type Times = Pick<ReminderDocument, 'remindAt' | 'dueAt'>;

/** The reminder waits for its time to come, if it has one. */
const timed = <Rest>(reminder: Rest & Times) => {
  const { remindAt, dueAt } = reminder;
  return remindAt === null || dueAt !== null ? reminder : { ...reminder, waitsUntil: remindAt };
};

/** Each user's standing reminder of each movie. */
export const reminders = projection<RemindersEvent>()({
  view: views.reminders,
  id: ({ data }) => idOf(data),
  when: {
    ReminderSet: (before, { data }): ReminderDocument => {
      const { movieId, userId, note, remindAt, setAt } = data;
      // With another note alone, a due reminder stays due.
      const dueAt = before?.remindAt === remindAt ? before.dueAt : null;
      return timed({ _id: idOf(data), movieId, userId, note, remindAt, setAt, dueAt });
    },
    // A reminder that was set anew meanwhile has another time, so this event is not about it.
    ReminderDue: (reminder, { data: { remindAt, dueAt } }) => {
      if (reminder?.remindAt !== remindAt) return reminder;
      const { waitsUntil: _, ...due } = { ...reminder, dueAt };
      return due;
    },
    ReminderRemoved: () => null,
  },
});
