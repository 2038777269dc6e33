import { personalText } from '@event-sourced/kernel/event';
import { given, type TestEvent } from '@event-sourced/kernel/testing';
import { describe, it } from 'vitest';
import type { SupportEvent } from '#schemas/generated/events.ts';
import type { TicketEntry } from '#schemas/support/tickets-view.ts';
import { tickets } from './tickets.ts';

type New = TestEvent<SupportEvent>;

const ticketId = 't1';
const subject = personalText('No sound');
const message = personalText('None at all.');
const opened: New = {
  type: 'TicketOpened',
  data: {
    ticketId,
    userId: 'alice',
    subject,
    message,
    movieId: 'm1',
    priority: 'high',
    openedAt: 1,
  },
};
const first = { number: 1, at: 1, by: 'alice', type: 'opened' as const, message };
const told = (data: { by: string }) => ({ ticketId, ...data, message });

describe('tickets', () => {
  it('holds a ticket as it was opened', () =>
    given(tickets)
      .when(opened)
      .then({
        ...{ _id: 't1', version: 1, openedBy: 'alice', openedAt: 1, subject, movieId: 'm1' },
        ...{ priority: 'high', status: 'open', timeline: [first], timelineLength: 1 },
        serviceOrder: null,
      }));

  it('holds the service order, and its actor', () =>
    given(tickets, [opened])
      .when({
        type: 'ServiceOrderCreated',
        data: { ticketId, orderNumber: 'SO-000001', createdAt: 2 },
        meta: { actor: 'technical-support' },
      })
      .then({
        version: 2,
        status: 'open',
        serviceOrder: { orderNumber: 'SO-000001', createdAt: 2 },
        timeline: [
          first,
          { number: 2, at: 2, by: 'technical-support', type: 'service-order', message: null },
        ],
        timelineLength: 2,
      }));

  it('holds messages', () =>
    given(tickets, [opened])
      .when({ type: 'TicketMessageAdded', data: { ...told({ by: 'sam' }), addedAt: 2 } })
      .then({
        status: 'open',
        timeline: [first, { number: 2, at: 2, by: 'sam', type: 'message', message }],
      }));

  const resolved: New = {
    type: 'TicketResolved',
    data: { ...told({ by: 'sam' }), resolvedAt: 2 },
  };

  it('is resolved', () =>
    given(tickets, [opened])
      .when(resolved)
      .then({
        status: 'resolved',
        timeline: [first, { number: 2, at: 2, by: 'sam', type: 'resolved', message }],
      }));

  it('is open again', () => {
    const second = { number: 2, at: 2, by: 'sam', type: 'resolved' as const, message };
    given(tickets, [opened, resolved])
      .when({
        type: 'TicketReopened',
        data: { ticketId, by: 'alice', message: null, reopenedAt: 3 },
      })
      .then({
        version: 3,
        status: 'open',
        timeline: [
          first,
          second,
          { number: 3, at: 3, by: 'alice', type: 'reopened', message: null },
        ],
        timelineLength: 3,
      });
  });

  it('is closed', () =>
    given(tickets, [opened])
      .when({ type: 'TicketClosed', data: { ticketId, by: 'alice', message: null, closedAt: 2 } })
      .then({
        status: 'closed',
        timeline: [first, { number: 2, at: 2, by: 'alice', type: 'closed', message: null }],
      }));

  const messages = (count: number, text: string): New[] =>
    Array.from({ length: count }, (_, index) => ({
      type: 'TicketMessageAdded',
      data: { ticketId, by: 'sam', message: personalText(text), addedAt: 2 + index },
    }));
  const numbers = (from: number, to: number) =>
    Array.from({ length: to - from + 1 }, (_, index) => ({
      number: from + index,
    })) as TicketEntry[];

  it.each([
    ['50 entries', 'Short.', 60, numbers(12, 61)],
    ['16 KB of text', 'x'.repeat(4_000), 10, numbers(8, 11)],
    ['one entry, however long', '音'.repeat(5_600), 3, numbers(4, 4)],
  ])('has the newest of a long timeline: %s', (_, text, count, timeline) => {
    const added = messages(count, text);
    given(tickets, [opened, ...added.slice(0, -1)])
      .when(added.at(-1)!)
      .then({ timeline, timelineLength: count + 1 });
  });

  it('refuses the history of a ticket that was never opened', () =>
    given(tickets)
      .when({ ...resolved, meta: { subject: 'support/t1' } })
      .thenRefused(/support\/t1 was never opened/));
});
