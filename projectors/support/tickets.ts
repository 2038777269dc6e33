import { projection } from '@event-sourced/kernel/projection';
import type { SupportEvent } from '#schemas/generated/events.ts';
import type { TicketDocument, TicketEntry } from '#schemas/support/tickets-view.ts';
import { views } from '#schemas/views.ts';
import { entryOf } from './ticket-entry.ts';

/** A ticket has at most this much of its timeline, or its newest entry alone. */
const newest = { entries: 50, textBytes: 16_384 };

/** The ticket with one more entry and any further changes. */
function after(
  ticket: TicketDocument | null,
  event: SupportEvent,
  changed: Partial<TicketDocument> = {},
): TicketDocument {
  const { subject, sequence: version } = event.meta;
  if (!ticket) throw new Error(`${subject} was never opened`);
  const timeline = newestOf([...ticket.timeline, entryOf(event)]);
  const timelineLength = ticket.timelineLength + 1;
  return { ...ticket, version, timeline, timelineLength, ...changed };
}

function newestOf(timeline: readonly TicketEntry[]): readonly TicketEntry[] {
  let from = Math.max(0, timeline.length - newest.entries);
  let bytes = timeline.slice(from).reduce((sum, entry) => sum + textBytes(entry), 0);
  for (; bytes > newest.textBytes && from < timeline.length - 1; from += 1) {
    bytes -= textBytes(timeline[from]);
  }
  return timeline.slice(from);
}

const textBytes = (entry: TicketEntry | undefined): number => entry?.message?.body.length ?? 0;

/** Every ticket with the newest entries of its timeline. */
export const tickets = projection<SupportEvent>()({
  view: views.tickets,
  oneStreamPerDocument: true,
  id: ({ data }) => data.ticketId,
  when: {
    TicketOpened: (_, event): TicketDocument => {
      const { ticketId, userId, openedAt, subject, movieId, priority } = event.data;
      return {
        ...{ _id: ticketId, version: event.meta.sequence, openedBy: userId, openedAt },
        ...{ subject, movieId, priority, status: 'open', serviceOrder: null },
        ...{ timeline: [entryOf(event)], timelineLength: 1 },
      };
    },
    ServiceOrderCreated: (ticket, event) => {
      const { orderNumber, createdAt } = event.data;
      return after(ticket, event, { serviceOrder: { orderNumber, createdAt } });
    },
    TicketMessageAdded: (ticket, event) => after(ticket, event),
    TicketResolved: (ticket, event) => after(ticket, event, { status: 'resolved' }),
    TicketReopened: (ticket, event) => after(ticket, event, { status: 'open' }),
    TicketClosed: (ticket, event) => after(ticket, event, { status: 'closed' }),
  },
});
