import type { NewEvent } from '@event-sourced/kernel/event';
import { given } from '@event-sourced/kernel/testing';
import { describe, it } from 'vitest';
import type { RemindersEvent } from '#schemas/generated/events.ts';
import { reminderNotDue } from '#schemas/reminders/problems.ts';
import { dueReminder } from './due.ts';
import { lists } from './lists.ts';

type New = NewEvent<RemindersEvent>;

const about = { movieId: 'm12', userId: 'alice' };
const tonight = Date.parse('2026-03-01T20:00:00.000Z');
const set = (remindAt: number | null): New => ({
  type: 'ReminderSet',
  data: { ...about, note: null, remindAt, setAt: 10, changedAt: null, batch: null },
});
const due: New = { type: 'ReminderDue', data: { ...about, remindAt: tonight, dueAt: tonight + 5 } };
const removed: New = {
  type: 'ReminderRemoved',
  data: { ...about, reason: 'removed', removedAt: 30, changedAt: null },
};
const wish = { ...about, remindAt: '2026-03-01T20:00:00.000Z' };
const after = { now: tonight + 5 };

describe('due-reminder', () => {
  it('done: the time has come', () =>
    given(lists, [set(tonight)])
      .when(dueReminder, wish, after)
      .then([due]));

  it('done: once more for a reminder that was removed and set anew', () =>
    given(lists, [set(tonight), due, removed, set(tonight)])
      .when(dueReminder, wish, after)
      .then([due]));

  it.each<[string, New[]]>([
    ['there is no reminder', []],
    ['the reminder has been removed', [set(tonight), removed]],
    ['the reminder has another time', [set(tonight), set(tonight + 1)]],
    ['the reminder has no time any more', [set(tonight), set(null)]],
    ['the reminder is due already', [set(tonight), due]],
    ['the reminder is due already, and has another note', [set(tonight), due, set(tonight)]],
  ])('unchanged: %s', (_, events) => given(lists, events).when(dueReminder, wish, after).then([]));

  it('rejected: the time has not come', () =>
    given(lists, [set(tonight)])
      .when(dueReminder, wish, { now: tonight - 1 })
      .thenRejected(reminderNotDue));
});
