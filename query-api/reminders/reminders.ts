import { momentOf } from '@event-sourced/kernel/event';
import { pageOf } from '@event-sourced/kernel/page';
import { query } from '@event-sourced/kernel/query';
import { z } from 'zod';
import { views } from '#schemas/views.ts';
import { reminderShown } from '../me.ts';
import { catalogue } from '../memory/catalogue.ts';
import { myReminders } from '../memory/my-lists.ts';
import { listInput, MovieFacts, movieFacts, myList } from '../my-list.ts';

const ListedReminder = MovieFacts.extend({
  note: z.string().nullable(),
  remindAt: z.iso.datetime().nullable(),
  setAt: z.iso.datetime(),
  dueAt: z.iso.datetime().nullable().meta({ description: 'Since when its time has come.' }),
}).meta({ id: 'Reminder' });

const times = ['setAt', 'remindAt'] as const;

/** The movies that the caller wants to be reminded of. */
export const reminders = query({
  name: 'my-reminders',
  summary: 'My reminders, sorted and filtered, in pages',
  route: 'GET /v1/me/reminders',
  views: [views.reminders],
  copies: [catalogue, myReminders],
  for: 'authenticated',
  input: listInput([...times, 'title', 'year']),
  example: { limit: '2' },
  output: pageOf(ListedReminder),
  answer: (input, reading) =>
    myList({ view: views.reminders, copy: myReminders, times }, input, reading, (reminder) => ({
      ...movieFacts(reminder),
      ...reminderShown(reminder),
      dueAt: reminder.dueAt === null ? null : momentOf(reminder.dueAt),
    })),
});
