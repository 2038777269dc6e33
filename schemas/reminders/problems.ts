import { problemType } from '@event-sourced/kernel/problems';

export const playUnknown = problemType('play-unknown', 404, 'There is no such play');
export const remindersFull = problemType('reminders-full', 422, 'The list takes no more reminders');
export const reminderNotDue = problemType(
  'reminder-not-due',
  409,
  'The time of the reminder has not come',
);
export const watchedFull = problemType('watched-full', 422, 'The list takes no more plays');
