import { momentOf } from '@event-sourced/kernel/event';
import { Paged, page, pageOf, pagesOf } from '@event-sourced/kernel/page';
import { query } from '@event-sourced/kernel/query';
import { z } from 'zod';
import {
  type NotificationDocument,
  ticketNews,
} from '#schemas/notifications/notifications-view.ts';
import { views } from '#schemas/views.ts';
import { catalogue } from '../memory/catalogue.ts';
import { myNotifications } from '../memory/my-lists.ts';
import { keptPages, MovieFacts, movieFacts } from '../my-list.ts';

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

const WebhookNotification = z
  .object({ ...Base, type: z.literal('webhook-disabled'), webhookId: z.string() })
  .meta({ id: 'WebhookNotification', description: 'It took no delivery for days.' });

export const Notification = z
  .discriminatedUnion('type', [DueNotification, TicketNotification, WebhookNotification])
  .meta({ id: 'Notification' });

type MovieOf = { movie(id: string): Parameters<typeof movieFacts>[0]['movie'] };

export function notificationShown(document: NotificationDocument, movies: MovieOf) {
  const { _id: notificationId } = document;
  const base = { notificationId, at: momentOf(document.toldAt ?? 0) };
  if (document.type === 'ticket') {
    const { type, ticketId, news } = document;
    return { ...base, type, ticketId, news: news ?? 'message' };
  }
  if (document.type === 'webhook-disabled') {
    const { type, webhookId } = document;
    return { ...base, type, webhookId };
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
  copies: [catalogue, myNotifications],
  for: 'authenticated',
  input: z.object(Paged),
  example: { limit: '2' },
  output: pageOf(Notification),
  answer({ limit, cursor }, { read, copy, caller }) {
    const userId = caller?.userId ?? '';
    const order = { toldAt: -1, _id: 1 } as const;
    const filter = { userId, toldAt: { $gte: 0 } };
    const lists = copy(myNotifications);
    const pages = pagesOf(read(views.notifications), { filter, order });
    return page(keptPages(pages, { lists, userId, name: 'newest' }), {
      ...{ list: ['my-notifications'], limit, cursor, order },
      items: (found) => found.map((one) => notificationShown(one, copy(catalogue))),
    });
  },
});
