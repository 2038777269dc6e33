import { personalText } from '@event-sourced/kernel/event';
import { given, type TestEvent } from '@event-sourced/kernel/testing';
import { describe, it } from 'vitest';
import type { SupportEvent } from '#schemas/generated/events.ts';
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
const first = { at: 1, by: 'alice', type: 'opened' as const, message };
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
        timeline: [first, { at: 2, by: 'technical-support', type: 'service-order', message: null }],
        timelineLength: 2,
      }));

  it('holds messages', () =>
    given(tickets, [opened])
      .when({ type: 'TicketMessageAdded', data: { ...told({ by: 'sam' }), addedAt: 2 } })
      .then({ status: 'open', timeline: [first, { at: 2, by: 'sam', type: 'message', message }] }));

  const resolved: New = {
    type: 'TicketResolved',
    data: { ...told({ by: 'sam' }), resolvedAt: 2 },
  };

  it('is resolved', () =>
    given(tickets, [opened])
      .when(resolved)
      .then({
        status: 'resolved',
        timeline: [first, { at: 2, by: 'sam', type: 'resolved', message }],
      }));

  it('is open again', () => {
    const second = { at: 2, by: 'sam', type: 'resolved' as const, message };
    given(tickets, [opened, resolved])
      .when({
        type: 'TicketReopened',
        data: { ticketId, by: 'alice', message: null, reopenedAt: 3 },
      })
      .then({
        version: 3,
        status: 'open',
        timeline: [first, second, { at: 3, by: 'alice', type: 'reopened', message: null }],
        timelineLength: 3,
      });
  });

  it('is closed', () =>
    given(tickets, [opened])
      .when({ type: 'TicketClosed', data: { ticketId, by: 'alice', message: null, closedAt: 2 } })
      .then({
        status: 'closed',
        timeline: [first, { at: 2, by: 'alice', type: 'closed', message: null }],
      }));

  it('refuses the history of a ticket that was never opened', () =>
    given(tickets)
      .when({ ...resolved, meta: { subject: 'support/t1' } })
      .thenRefused(/support\/t1 was never opened/));
});
