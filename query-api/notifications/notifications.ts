import { momentOf } from '@event-sourced/kernel/event';
import { Paged, page, pageOf } from '@event-sourced/kernel/page';
import { query } from '@event-sourced/kernel/query';
import { z } from 'zod';
import {
  type NotificationDocument,
  ticketNews,
} from '#schemas/notifications/notifications-view.ts';
import { views } from '#schemas/views.ts';
import { catalogue } from '../memory/catalogue.ts';
import { MovieFacts, movieFacts } from '../my-list.ts';

const Base = { notificationId: z.string(), at: z.iso.datetime() };

const DueNotification = MovieFacts.extend({
  ...Base,
  type: z.literal('reminder-due'),
  remindAt: z.iso.datetime(),
}).meta({ id: 'ReminderDueNotification' });

const TicketNotification = z
  .object({
    ...Base,
    type: z.literal('ticket'),
    ticketId: z.string(),
    news: z.enum(ticketNews).meta({
      description: 'The newest thing that somebody else did to the ticket; it is told once.',
    }),
  })
  .meta({ id: 'TicketNotification' });

export const Notification = z
  .discriminatedUnion('type', [DueNotification, TicketNotification])
  .meta({ id: 'Notification' });

type MovieOf = { movie(id: string): Parameters<typeof movieFacts>[0]['movie'] };

export function notificationShown(document: NotificationDocument, movies: MovieOf) {
  const { _id: notificationId } = document;
  const base = { notificationId, at: momentOf(document.at ?? 0) };
  if (document.type === 'ticket') {
    const { type, ticketId, news } = document;
    return { ...base, type, ticketId, news: news ?? 'message' };
  }
  const { type, movieId, remindAt } = document;
  const facts = movieFacts({ movieId, movie: movies.movie(movieId) });
  return { ...base, type, ...facts, remindAt: momentOf(remindAt) };
}

/** The caller's notifications. */
export const notifications = query({
  name: 'my-notifications',
  summary: 'What happened that concerns me, newest first, in pages: due reminders, ticket news',
  route: 'GET /v1/me/notifications',
  views: [views.notifications],
  copies: [catalogue],
  for: 'authenticated',
  input: z.object(Paged),
  example: { limit: '2' },
  output: pageOf(Notification),
  answer: ({ limit, cursor }, { read, copy, caller }) =>
    page(read(views.notifications), {
      ...{ list: ['my-notifications'], limit, cursor },
      filter: { userId: caller?.userId ?? '', at: { $gte: 0 } },
      order: { at: -1, _id: 1 },
      items: (found) => found.map((one) => notificationShown(one, copy(catalogue))),
    }),
});
