import { eventId, personalText } from '@event-sourced/kernel/event';
import type { ExamplesOf } from '@event-sourced/kernel/schemas';
import { alicesFirst, alicesSecond, later, metaOf } from '../example-meta.ts';
import type { SupportEvent } from '../generated/events.ts';

const ticketId = '6f1c2d0e-9a4b-5c8d-8e7f-1a2b3c4d5e6f';
const ofTicket = (sequence: number, time: number, actor: string) =>
  metaOf(`support/${ticketId}`, sequence, time, actor);

export const examples: ExamplesOf<SupportEvent> = {
  TicketOpened: {
    type: 'TicketOpened',
    meta: ofTicket(1, alicesFirst, 'alice'),
    data: {
      ticketId,
      userId: 'alice',
      subject: personalText('No sound after the storm'),
      message: personalText(
        'From 00:41:07 on there is no sound.\n\tHeadphones don’t help – 音がない.',
      ),
      movieId: 'm87',
      priority: 'high',
      openedAt: alicesFirst,
    },
  },
  ServiceOrderCreated: {
    type: 'ServiceOrderCreated',
    meta: {
      ...ofTicket(2, alicesFirst + 40, 'technical-support'),
      causationid: eventId(`support/${ticketId}`, 1),
    },
    data: { ticketId, orderNumber: 'SO-000123', createdAt: alicesFirst + 40 },
  },
  TicketMessageAdded: {
    type: 'TicketMessageAdded',
    meta: ofTicket(3, alicesSecond, 'alice'),
    data: {
      ticketId,
      by: 'alice',
      message: personalText('It is the same on my brother’s television.'),
      addedAt: alicesSecond,
    },
  },
  TicketResolved: {
    type: 'TicketResolved',
    meta: ofTicket(4, later, 'sam'),
    data: { ticketId, by: 'sam', message: personalText('Replaced the sound.'), resolvedAt: later },
  },
  TicketReopened: {
    type: 'TicketReopened',
    meta: ofTicket(5, later + 60_000, 'alice'),
    data: { ticketId, by: 'alice', message: null, reopenedAt: later + 60_000 },
  },
  TicketClosed: {
    type: 'TicketClosed',
    meta: ofTicket(6, later + 90_000, 'alice'),
    data: { ticketId, by: 'alice', message: null, closedAt: later + 90_000 },
  },
};
