import { personalText } from '@event-sourced/kernel/event';
import { given, type TestEvent } from '@event-sourced/kernel/testing';
import { describe, it } from 'vitest';
import type { SupportEvent } from '#schemas/generated/events.ts';
import type { TicketEntry } from '#schemas/support/tickets-view.ts';
import { ticketEntries } from './ticket-entries.ts';

const ticketId = 't1';
const message = personalText('Try again.');
const told = { ticketId, by: 'sam', message };
const entry = { _id: 't1/7', ticketId, number: 7, at: 2, by: 'sam', message };

const happened: [TestEvent<SupportEvent>, Partial<TicketEntry>, TicketEntry['type']][] = [
  [{ type: 'TicketMessageAdded', data: { ...told, addedAt: 2 } }, {}, 'message'],
  [{ type: 'TicketResolved', data: { ...told, resolvedAt: 2 } }, {}, 'resolved'],
  [{ type: 'TicketReopened', data: { ...told, reopenedAt: 2 } }, {}, 'reopened'],
  [{ type: 'TicketClosed', data: { ...told, closedAt: 2 } }, {}, 'closed'],
  [
    { type: 'ServiceOrderCreated', data: { ticketId, orderNumber: 'SO-000001', createdAt: 2 } },
    { by: 'technical-support', message: null },
    'service-order',
  ],
  [
    {
      type: 'TicketOpened',
      data: {
        ...{ ticketId, userId: 'alice', subject: message, message, movieId: null },
        ...{ priority: 'high', openedAt: 2 },
      },
    },
    { by: 'alice' },
    'opened',
  ],
];

describe('ticket entries', () => {
  it.each(happened)('hold %s', (event, differs, type) => {
    const meta = { sequence: 7, actor: 'technical-support' };
    given(ticketEntries)
      .when({ ...event, meta })
      .then({ ...entry, ...differs, type });
  });
});
