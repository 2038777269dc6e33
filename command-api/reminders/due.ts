import { reject } from '@event-sourced/kernel/aggregate';
import { Moment } from '@event-sourced/kernel/event';
import { z } from 'zod';
import { reminderNotDue } from '#schemas/reminders/problems.ts';
import { roles } from '#schemas/roles.ts';
import { AboutMovie, lists, movieOf } from './lists.ts';

/** From the reminder clock. Says nothing of a reminder that was changed or removed meanwhile. */
export const dueReminder = lists.command({
  name: 'due-reminder',
  route: 'POST /v1/reminders/:movieId/due',
  summary: "Say that the time of a user's reminder has come, once",
  role: roles.service,
  input: AboutMovie.extend({ userId: z.string().min(1).max(128), remindAt: Moment }),
  example: { movieId: 'm37', userId: 'ada', remindAt: '2026-01-01T18:00:00.000Z' },
  stream: ({ userId }) => ({ key: userId, id: userId }),
  part: movieOf,
  problems: [reminderNotDue],
  decide: ({ movieId, userId, ...given }, { movie }, { now: dueAt }) => {
    const remindAt = Date.parse(given.remindAt);
    if (movie.reminder?.remindAt !== remindAt || movie.dueFor === remindAt) return [];
    if (remindAt > dueAt) reject(reminderNotDue, `The reminder is for ${given.remindAt}.`);
    return [{ type: 'ReminderDue', data: { movieId, userId, remindAt, dueAt } }];
  },
});
