import { projection } from '@event-sourced/kernel/projection';
import type { SupportEvent } from '#schemas/generated/events.ts';
import type { TicketEntryDocument } from '#schemas/support/ticket-entries-view.ts';
import { views } from '#schemas/views.ts';
import { entryOf } from './ticket-entry.ts';

const idOf = ({ data, meta }: SupportEvent) => `${data.ticketId}/${meta.sequence}`;

const entry = (_: unknown, event: SupportEvent): TicketEntryDocument => ({
  ...{ _id: idOf(event), ticketId: event.data.ticketId },
  ...entryOf(event),
});

/** Every entry of every ticket's timeline. */
export const ticketEntries = projection<SupportEvent>()({
  view: views.ticketEntries,
  oneStreamPerDocument: true,
  id: idOf,
  when: {
    TicketOpened: entry,
    ServiceOrderCreated: entry,
    TicketMessageAdded: entry,
    TicketResolved: entry,
    TicketReopened: entry,
    TicketClosed: entry,
  },
});
