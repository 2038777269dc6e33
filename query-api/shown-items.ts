import { momentOf, openedText } from '@event-sourced/kernel/event';
import { z } from 'zod';
import { MovieId } from '#schemas/ids.ts';
import {
  type NotificationDocument,
  ticketNews,
} from '#schemas/notifications/notifications-view.ts';
import type { VoteDocument } from '#schemas/ranking/votes-view.ts';
import type { PlayDocument } from '#schemas/reminders/plays-view.ts';
import type { ReminderDocument } from '#schemas/reminders/reminders-view.ts';
import { priorities, type TicketDocument, ticketStatuses } from '#schemas/support/tickets-view.ts';
import { reminderShown } from './me.ts';

/** The items of one's lists without what the catalogue says of their movies, for copies of them. */

const time = z.iso.datetime();

export const VoteItem = z.object({
  movieId: MovieId,
  vote: z.enum(['like', 'dislike']),
  castAt: time,
  version: z.int(),
});

export const voteItem = ({ movieId, vote, castAt, version }: VoteDocument) => ({
  ...{ movieId, vote, castAt: momentOf(castAt), version },
});

export const ReminderItem = z.object({
  movieId: MovieId,
  note: z.string().nullable(),
  remindAt: time.nullable(),
  setAt: time,
  dueAt: time.nullable(),
});

export const reminderItem = (one: ReminderDocument) => ({
  movieId: one.movieId,
  ...reminderShown(one),
  dueAt: one.dueAt === null ? null : momentOf(one.dueAt),
});

export const PlayItem = z.object({ playId: z.string(), movieId: MovieId, watchedAt: time });

export const playItem = ({ _id: playId, movieId, watchedAt }: PlayDocument) => ({
  ...{ playId, movieId, watchedAt: momentOf(watchedAt) },
});

export const TicketItem = z.object({
  ticketId: z.string(),
  version: z.int(),
  subject: z.string(),
  priority: z.enum(priorities),
  status: z.enum(ticketStatuses),
  movieId: MovieId.nullable(),
  openedAt: time,
});

export const ticketItem = (one: TicketDocument) => ({
  ...{ ticketId: one._id, version: one.version, subject: openedText(one.subject) },
  ...{ priority: one.priority, status: one.status, movieId: one.movieId },
  openedAt: momentOf(one.openedAt),
});

const notified = { notificationId: z.string(), at: time };

export const NotificationItem = z.discriminatedUnion('type', [
  z.object({
    ...notified,
    type: z.literal('reminder-due'),
    movieId: MovieId,
    remindAt: time,
  }),
  z.object({ ...notified, type: z.literal('webhook-disabled'), webhookId: z.string() }),
  z.object({
    ...notified,
    type: z.literal('ticket'),
    ticketId: z.string(),
    news: z.enum(ticketNews),
  }),
]);

/** Null for a ticket that has no news. */
export function notificationItem(
  one: NotificationDocument,
): z.input<typeof NotificationItem> | null {
  if (one.toldAt === null) return null;
  const base = { notificationId: one._id, at: momentOf(one.toldAt) };
  if (one.type === 'ticket') {
    const { type, ticketId, news } = one;
    return { ...base, type, ticketId, news: news ?? 'message' };
  }
  if (one.type === 'webhook-disabled') {
    const { type, webhookId } = one;
    return { ...base, type, webhookId };
  }
  const { type, movieId, remindAt } = one;
  return { ...base, type, movieId, remindAt: momentOf(remindAt) };
}
