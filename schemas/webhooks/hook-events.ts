import { z } from 'zod';

/** What webhooks are told of their owner, without personal text: that is read from the API. */

const movie = z.object({ movieId: z.string() });
const ticket = z.object({ ticketId: z.string() });

export const hookEvents = {
  'vote.cast': movie.extend({ vote: z.enum(['like', 'dislike']) }),
  'vote.retracted': movie,
  'reminder.due': movie.extend({ remindAt: z.iso.datetime() }),
  'movie.watched': movie.extend({ playId: z.string(), watchedAt: z.iso.datetime() }),
  'ticket.opened': ticket,
  'ticket.message': ticket,
  'ticket.service-order': ticket.extend({ orderNumber: z.string() }),
  'ticket.resolved': ticket,
  'ticket.reopened': ticket,
  'ticket.closed': ticket,
  'webhook.test': z.object({ webhookId: z.string() }),
} as const;

export type HookEventName = keyof typeof hookEvents;
export const hookEventNames = Object.keys(hookEvents) as [HookEventName, ...HookEventName[]];

/** What a delivery may be, before it has a type: its body, as Standard Webhooks have it. */
export const hookBody = (type: HookEventName) =>
  z.object({ type: z.literal(type), timestamp: z.iso.datetime(), data: hookEvents[type] });
