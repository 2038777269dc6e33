import type { Millis } from '@event-sourced/kernel/event';
import { projection } from '@event-sourced/kernel/projection';
import type { RemindersEvent, SupportEvent } from '#schemas/generated/events.ts';
import type {
  NotificationDocument,
  TicketNews,
} from '#schemas/notifications/notifications-view.ts';
import { views } from '#schemas/views.ts';

type Notified = NotificationDocument | null;

/** The ticket's notification, unless its opener did this. */
const told = (ticket: Notified, news: TicketNews, at: Millis, by: string | null): Notified => {
  if (ticket?.type !== 'ticket') throw new Error('A ticket has news before it was opened.');
  return by === ticket.userId ? ticket : { ...ticket, news, at };
};

/** What users are told. What was told stays, whatever becomes of the reminder or ticket. */
export const notifications = projection<RemindersEvent | SupportEvent>()({
  view: views.notifications,
  id: ({ meta, data }) => ('ticketId' in data ? data.ticketId : meta.id),
  when: {
    ReminderDue: (_, { meta, data }): Notified => {
      const { userId, movieId, remindAt, dueAt: at } = data;
      return { _id: meta.id, userId, at, type: 'reminder-due', movieId, remindAt };
    },
    TicketOpened: (_, { data: { ticketId, userId } }): Notified => {
      return { _id: ticketId, userId, at: null, type: 'ticket', ticketId, news: null };
    },
    ServiceOrderCreated: (ticket, { data }) => told(ticket, 'service-order', data.createdAt, null),
    TicketMessageAdded: (ticket, { data }) => told(ticket, 'message', data.addedAt, data.by),
    TicketResolved: (ticket, { data }) => told(ticket, 'resolved', data.resolvedAt, data.by),
    TicketReopened: (ticket, { data }) => told(ticket, 'reopened', data.reopenedAt, data.by),
    TicketClosed: (ticket, { data }) => told(ticket, 'closed', data.closedAt, data.by),
  },
});
