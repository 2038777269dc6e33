import type { Millis, PersonalText } from '@event-sourced/kernel/event';
import { view } from '@event-sourced/kernel/view';

export const priorities = ['low', 'normal', 'high', 'urgent'] as const;
export const ticketStatuses = ['open', 'resolved', 'closed'] as const;

/** One thing that happened to a ticket, and the text that came with it. */
export type TicketEntry = {
  /** From 1: the version that the ticket had then. */
  number: number;
  at: Millis;
  by: string;
  type: 'opened' | 'message' | 'service-order' | 'resolved' | 'reopened' | 'closed';
  message: PersonalText | null;
};

/** A ticket with the newest entries of its timeline; all have documents of their own. */
export type TicketDocument = {
  _id: string;
  /** The ticket's version: what `If-Match` takes. */
  version: number;
  openedBy: string;
  openedAt: Millis;
  subject: PersonalText;
  movieId: string | null;
  priority: (typeof priorities)[number];
  status: (typeof ticketStatuses)[number];
  /** The oldest of them first. */
  timeline: readonly TicketEntry[];
  timelineLength: number;
  serviceOrder: { orderNumber: string; createdAt: Millis } | null;
};

export const ticketsView = view<TicketDocument>({
  name: 'tickets',
  version: 3,
  topics: ['support'],
  copied: { by: 'openedBy' },
  indexes: [
    { key: { openedAt: -1, _id: 1 } },
    { key: { status: 1, openedAt: -1, _id: 1 } },
    { key: { openedBy: 1, openedAt: -1, _id: 1 } },
    { key: { openedBy: 1, status: 1, openedAt: -1, _id: 1 } },
    { key: { 'serviceOrder.createdAt': -1, _id: 1 } },
    { key: { status: 1, 'serviceOrder.createdAt': -1, _id: 1 } },
  ],
});
