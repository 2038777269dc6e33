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
  at: Millis | null;
} & (
  | { type: 'reminder-due'; movieId: string; remindAt: Millis }
  | { type: 'ticket'; ticketId: string; news: TicketNews | null }
);

export const ticketNews = ['service-order', 'message', 'resolved', 'reopened', 'closed'] as const;
export type TicketNews = (typeof ticketNews)[number];

export const notificationsView = view<NotificationDocument>({
  name: 'notifications',
  version: 1,
  topics: ['reminders', 'support'],
  indexes: [{ key: { userId: 1, at: -1, _id: 1 } }],
});
