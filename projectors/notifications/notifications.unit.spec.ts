import { personalText } from '@event-sourced/kernel/event';
import { given, type TestEvent } from '@event-sourced/kernel/testing';
import { describe, expect, it } from 'vitest';
import type { RemindersEvent, SupportEvent } from '#schemas/generated/events.ts';
import type { TicketNews } from '#schemas/notifications/notifications-view.ts';
import { notifications } from './notifications.ts';

type New = TestEvent<RemindersEvent | SupportEvent>;

const ticketId = 't1';
const message = personalText('None at all.');
const opened: New = {
  type: 'TicketOpened',
  data: {
    ...{ ticketId, userId: 'alice', subject: message, message },
    ...{ movieId: null, priority: 'normal', openedAt: 1 },
  },
};
const said = (by: string, addedAt: number): New => ({
  type: 'TicketMessageAdded',
  data: { ticketId, by, message, addedAt },
});

describe('notifications', () => {
  it('tells of a due reminder', () =>
    given(notifications)
      .when({
        type: 'ReminderDue',
        data: { userId: 'alice', movieId: 'm1', remindAt: 9_000, dueAt: 9_005 },
        meta: { id: 'event-1' },
      })
      .then({
        ...{ _id: 'event-1', userId: 'alice', toldAt: 9_005, gone: false },
        ...{ type: 'reminder-due', movieId: 'm1', remindAt: 9_000 },
      }));

  it('has nothing to tell of a ticket that was only opened', () =>
    given(notifications)
      .when(opened)
      .then({
        ...{ _id: 't1', userId: 'alice', toldAt: null, gone: false },
        ...{ type: 'ticket', ticketId, news: null },
      }));

  it.each<[TicketNews, New, number]>([
    [
      'service-order',
      {
        type: 'ServiceOrderCreated',
        data: { ticketId, orderNumber: 'SO-000001', createdAt: 2 },
      },
      2,
    ],
    ['message', said('sam', 3), 3],
    [
      'resolved',
      { type: 'TicketResolved', data: { ticketId, by: 'sam', message, resolvedAt: 4 } },
      4,
    ],
    [
      'reopened',
      { type: 'TicketReopened', data: { ticketId, by: 'sam', message, reopenedAt: 5 } },
      5,
    ],
    ['closed', { type: 'TicketClosed', data: { ticketId, by: 'sam', message, closedAt: 6 } }, 6],
  ])('tells the newest that was done to a ticket: %s', (news, event, toldAt) =>
    given(notifications, [opened])
      .when(event)
      .then({ _id: 't1', news, toldAt, at: expect.stringMatching(/^support:/) }),
  );

  it('tells openers nothing of what they did themselves', () =>
    given(notifications, [opened, said('sam', 2)])
      .when(said('alice', 3))
      .then({ news: 'message', toldAt: 2 }));
});
