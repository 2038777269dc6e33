import { personalText } from '@event-sourced/kernel/event';
import { given, type TestEvent } from '@event-sourced/kernel/testing';
import { describe, it } from 'vitest';
import type { RemindersEvent } from '#schemas/generated/events.ts';
import { reminders } from './reminders.ts';

type Of<Type> = Extract<TestEvent<RemindersEvent>, { type: Type }>;

const about = { movieId: 'm1', userId: 'alice' };
const note = personalText('With Noé');
const set = (remindAt: number | null, setAt: number): Of<'ReminderSet'> => ({
  type: 'ReminderSet',
  data: { ...about, note, remindAt, setAt, changedAt: null, batch: null },
});
const due = (remindAt: number): Of<'ReminderDue'> => ({
  type: 'ReminderDue',
  data: { ...about, remindAt, dueAt: remindAt + 5 },
});

describe('reminders', () => {
  it('holds a reminder', () => {
    given(reminders)
      .when(set(9_000, 1_000))
      .then({
        _id: 'm1/alice',
        ...about,
        note,
        remindAt: 9_000,
        setAt: 1_000,
        dueAt: null,
        waitsUntil: 9_000,
      });
  });

  it('holds the newer of two reminders', () => {
    given(reminders, [set(9_000, 1_000)])
      .when({ type: 'ReminderSet', data: { ...set(null, 2_000).data, note: null } })
      .then({ note: null, remindAt: null, setAt: 2_000 });
  });

  it('keeps a due reminder, with the time it became due', () => {
    given(reminders, [set(9_000, 1_000)])
      .when(due(9_000))
      .then({ _id: 'm1/alice', ...about, note, remindAt: 9_000, setAt: 1_000, dueAt: 9_005 });
  });

  it('waits for no time if there is none', () => {
    given(reminders)
      .when(set(null, 1_000))
      .then({ _id: 'm1/alice', ...about, note, remindAt: null, setAt: 1_000, dueAt: null });
  });

  it('stays due with another note alone', () => {
    given(reminders, [set(9_000, 1_000), due(9_000)])
      .when({ type: 'ReminderSet', data: { ...set(9_000, 9_100).data, note: null } })
      .then({
        ...{ _id: 'm1/alice', ...about, note: null },
        ...{ remindAt: 9_000, setAt: 9_100, dueAt: 9_005 },
      });
  });

  it('waits for the new time of a reminder that was set anew', () => {
    given(reminders, [set(9_000, 1_000), due(9_000)])
      .when(set(9_500, 9_100))
      .then({ dueAt: null });
    given(reminders, [set(9_500, 2_000)])
      .when(due(9_000))
      .then({ dueAt: null });
  });

  it('makes no reminder of a ReminderDue that came too late', () => {
    given(reminders).when(due(9_000)).then(null);
  });

  it.each(['removed', 'watched'] as const)('forgets a reminder that was %s', (reason) => {
    given(reminders, [set(9_000, 1_000)])
      .when({
        type: 'ReminderRemoved',
        data: { ...about, reason, removedAt: 2_000, changedAt: null },
      })
      .then(null);
  });
});
