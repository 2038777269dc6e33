import { view } from '@event-sourced/kernel/view';
import type { TicketEntry } from './tickets-view.ts';

/** An entry of a ticket's timeline; its `_id` is `ticketId/number`. */
export type TicketEntryDocument = TicketEntry & { _id: string; ticketId: string };

export const ticketEntriesView = view<TicketEntryDocument>({
  name: 'ticket-entries',
  version: 2,
  topics: ['support'],
  copied: { by: 'ticketId' },
  indexes: [{ key: { ticketId: 1, number: 1, _id: 1 } }],
});
