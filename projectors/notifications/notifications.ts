import type { LoggedEvent, Millis } from '@event-sourced/kernel/event';
import { projection } from '@event-sourced/kernel/projection';
import type { RemindersEvent, SupportEvent, WebhooksEvent } from '#schemas/generated/events.ts';
import type {
  NotificationDocument,
  TicketNews,
} from '#schemas/notifications/notifications-view.ts';
import { views } from '#schemas/views.ts';

type Notified = NotificationDocument | null;
type AnyEvent = LoggedEvent<RemindersEvent | SupportEvent | WebhooksEvent>;

const placeOf = (topic: string, { place: { lane, offset } }: AnyEvent) => ({
  ...{ at: `${topic}:${lane}`, offset, gone: false as const },
});

/** The ticket's notification, unless its opener did this. */
const told = (
  ticket: Notified,
  event: AnyEvent,
  { news, toldAt, by }: { news: TicketNews; toldAt: Millis; by: string | null },
): Notified => {
  if (ticket?.type !== 'ticket') throw new Error('A ticket has news before it was opened.');
  return by === ticket.userId ? ticket : { ...ticket, news, toldAt, ...placeOf('support', event) };
};

/** What users are told. What was told stays, whatever becomes of the reminder or ticket. */
export const notifications = projection<RemindersEvent | SupportEvent | WebhooksEvent>()({
  view: views.notifications,
  id: ({ meta, data }) => ('ticketId' in data ? data.ticketId : meta.id),
  when: {
    ReminderDue: (_, event): Notified => {
      const { userId, movieId, remindAt, dueAt: toldAt } = event.data;
      const about = { type: 'reminder-due' as const, movieId, remindAt };
      return { _id: event.meta.id, userId, toldAt, ...placeOf('reminders', event), ...about };
    },
    WebhookDisabled: (_, event): Notified => {
      const { userId, webhookId, disabledAt: toldAt, reason } = event.data;
      if (reason === 'owner') return null;
      const about = { type: 'webhook-disabled' as const, webhookId };
      return { _id: event.meta.id, userId, toldAt, ...placeOf('webhooks', event), ...about };
    },
    TicketOpened: (_, event): Notified => {
      const { ticketId, userId } = event.data;
      const about = { type: 'ticket' as const, ticketId, news: null };
      return { _id: ticketId, userId, toldAt: null, ...placeOf('support', event), ...about };
    },
    ServiceOrderCreated: (ticket, event) =>
      told(ticket, event, { news: 'service-order', toldAt: event.data.createdAt, by: null }),
    TicketMessageAdded: (ticket, event) =>
      told(ticket, event, { news: 'message', toldAt: event.data.addedAt, by: event.data.by }),
    TicketResolved: (ticket, event) =>
      told(ticket, event, { news: 'resolved', toldAt: event.data.resolvedAt, by: event.data.by }),
    TicketReopened: (ticket, event) =>
      told(ticket, event, { news: 'reopened', toldAt: event.data.reopenedAt, by: event.data.by }),
    TicketClosed: (ticket, event) =>
      told(ticket, event, { news: 'closed', toldAt: event.data.closedAt, by: event.data.by }),
  },
});
