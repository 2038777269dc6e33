import { type Millis, openedText } from '@event-sourced/kernel/event';
import { z } from 'zod';
import { MovieId, TicketId } from '#schemas/ids.ts';
import {
  priorities,
  type TicketDocument,
  type TicketEntry,
  ticketStatuses,
} from '#schemas/support/tickets-view.ts';

const ServiceOrder = z.object({ orderNumber: z.string(), createdAt: z.iso.datetime() });

export const ShownEntry = z.object({
  number: z.int().meta({ description: 'From 1, without gaps.' }),
  at: z.iso.datetime(),
  by: z.string(),
  type: z.enum(['opened', 'message', 'service-order', 'resolved', 'reopened', 'closed']),
  message: z.string().optional(),
});

export type ShownEntry = z.input<typeof ShownEntry>;

/** A ticket as its opener and support see it. */
export const ShownTicket = z
  .object({
    ticketId: TicketId,
    version: z.int().meta({ description: 'What If-Match takes.' }),
    subject: z.string(),
    priority: z.enum(priorities),
    status: z.enum(ticketStatuses),
    movieId: MovieId.optional(),
    openedBy: z.string(),
    openedAt: z.iso.datetime(),
    timeline: z.array(ShownEntry).meta({
      description:
        'The newest entries, the oldest of them first: up to 50 (in lists 10) with up to 16 KB ' +
        'of text, but always the newest one. `/timeline` has all.',
    }),
    timelineLength: z.int().meta({ description: 'How many entries there are.' }),
    serviceOrder: ServiceOrder.nullable(),
  })
  .meta({ id: 'Ticket' });
export type ShownTicket = z.input<typeof ShownTicket>;

export const ShownServiceOrder = ServiceOrder.extend(
  ShownTicket.pick({
    ...{ ticketId: true, subject: true, priority: true, status: true },
    ...{ movieId: true, openedBy: true, openedAt: true },
  }).shape,
).meta({ id: 'ServiceOrder' });
export type ShownServiceOrder = z.input<typeof ShownServiceOrder>;

const time = (at: Millis): string => new Date(at).toISOString();

function summary(ticket: TicketDocument) {
  const { _id: ticketId, subject, priority, status, movieId, openedBy, openedAt } = ticket;
  return {
    ...{ ticketId, subject: openedText(subject), priority, status },
    ...(movieId !== null && { movieId }),
    ...{ openedBy, openedAt: time(openedAt) },
  };
}

export const shownEntry = ({ number, at, by, type, message }: TicketEntry) => ({
  ...{ number, at: time(at), by, type },
  ...(message && { message: openedText(message) }),
});

export function shownTicket(ticket: TicketDocument): ShownTicket {
  const { version, timeline, timelineLength, serviceOrder } = ticket;
  const { ticketId, ...rest } = summary(ticket);
  return {
    ...{ ticketId, version, ...rest },
    ...{ timeline: timeline.map(shownEntry), timelineLength },
    serviceOrder: serviceOrder && { ...serviceOrder, createdAt: time(serviceOrder.createdAt) },
  };
}

/** A ticket's service order as lists show it; none if the ticket has none. */
export function shownServiceOrder(ticket: TicketDocument): ShownServiceOrder[] {
  const { serviceOrder } = ticket;
  if (!serviceOrder) return [];
  const { orderNumber, createdAt } = serviceOrder;
  return [{ orderNumber, createdAt: time(createdAt), ...summary(ticket) }];
}
