import type { Meta } from '@event-sourced/kernel/event';
import { projection } from '@event-sourced/kernel/projection';
import type { SupportEvent } from '#schemas/generated/events.ts';
import type { TicketDocument, TicketEntry } from '#schemas/support/tickets-view.ts';
import { views } from '#schemas/views.ts';

/** The ticket with one more entry and any further changes. */
function after(
  ticket: TicketDocument | null,
  { subject, sequence: version }: Meta,
  entry: TicketEntry,
  changed: Partial<TicketDocument> = {},
): TicketDocument {
  if (!ticket) throw new Error(`${subject} was never opened`);
  const timeline = [...ticket.timeline, entry];
  return { ...ticket, version, timeline, timelineLength: timeline.length, ...changed };
}

/** Every ticket with its whole timeline. */
export const tickets = projection<SupportEvent>()({
  view: views.tickets,
  oneStreamPerDocument: true,
  id: ({ data }) => data.ticketId,
  when: {
    TicketOpened: (_, { data, meta }): TicketDocument => ({
      _id: data.ticketId,
      version: meta.sequence,
      openedBy: data.userId,
      openedAt: data.openedAt,
      subject: data.subject,
      movieId: data.movieId,
      priority: data.priority,
      status: 'open',
      timeline: [{ at: data.openedAt, by: data.userId, type: 'opened', message: data.message }],
      timelineLength: 1,
      serviceOrder: null,
    }),
    ServiceOrderCreated: (ticket, { data, meta }) => {
      const { orderNumber, createdAt } = data;
      const entry = {
        at: createdAt,
        by: meta.actor,
        type: 'service-order',
        message: null,
      } as const;
      return after(ticket, meta, entry, { serviceOrder: { orderNumber, createdAt } });
    },
    TicketMessageAdded: (ticket, { data: { by, addedAt: at, message }, meta }) =>
      after(ticket, meta, { at, by, type: 'message', message }),
    TicketResolved: (ticket, { data: { by, resolvedAt: at, message }, meta }) =>
      after(ticket, meta, { at, by, type: 'resolved', message }, { status: 'resolved' }),
    TicketReopened: (ticket, { data: { by, reopenedAt: at, message }, meta }) =>
      after(ticket, meta, { at, by, type: 'reopened', message }, { status: 'open' }),
    TicketClosed: (ticket, { data: { by, closedAt: at, message }, meta }) =>
      after(ticket, meta, { at, by, type: 'closed', message }, { status: 'closed' }),
  },
});
