import type { Millis } from '@event-sourced/kernel/event';
import { view } from '@event-sourced/kernel/view';

/**
 * What a user is told: one document for each time that a reminder became due, and one for each
 * ticket of theirs, with the newest thing that somebody else did to it.
 */
export type NotificationDocument = {
  /** The id of the event `ReminderDue`, or the ticket's id. */
  _id: string;
  userId: string;
  /** Null for a ticket to which nobody else has done anything. */
  toldAt: Millis | null;
  /** Where in the log the event is that it tells of: `<topic>:<lane>`, and the offset. */
  at: string;
  offset: number;
  /** What was told stays. */
  gone: false;
} & (
  | { type: 'reminder-due'; movieId: string; remindAt: Millis }
  | { type: 'webhook-disabled'; webhookId: string }
  | { type: 'ticket'; ticketId: string; news: TicketNews | null }
);

export const ticketNews = ['service-order', 'message', 'resolved', 'reopened', 'closed'] as const;
export type TicketNews = (typeof ticketNews)[number];

export const notificationsView = view<NotificationDocument>({
  name: 'notifications',
  version: 3,
  topics: ['reminders', 'support', 'webhooks'],
  copied: { by: 'userId' },
  indexes: [{ key: { userId: 1, toldAt: -1, _id: 1 } }, { key: { userId: 1, at: 1, offset: 1 } }],
});
