import type { Millis } from '@event-sourced/kernel/event';
import type { SupportEvent } from '#schemas/generated/events.ts';
import type { TicketEntry } from '#schemas/support/tickets-view.ts';

/** What an event adds to its ticket's timeline. */
export function entryOf(event: SupportEvent): TicketEntry {
  const { type, at, by } = toldOf(event);
  const message = 'message' in event.data ? event.data.message : null;
  return { number: event.meta.sequence, at, by, type, message };
}

function toldOf({ type, data, meta }: SupportEvent): {
  type: TicketEntry['type'];
  at: Millis;
  by: string;
} {
  switch (type) {
    case 'TicketOpened':
      return { type: 'opened', at: data.openedAt, by: data.userId };
    case 'ServiceOrderCreated':
      return { type: 'service-order', at: data.createdAt, by: meta.actor };
    case 'TicketMessageAdded':
      return { type: 'message', at: data.addedAt, by: data.by };
    case 'TicketResolved':
      return { type: 'resolved', at: data.resolvedAt, by: data.by };
    case 'TicketReopened':
      return { type: 'reopened', at: data.reopenedAt, by: data.by };
    case 'TicketClosed':
      return { type: 'closed', at: data.closedAt, by: data.by };
  }
}
