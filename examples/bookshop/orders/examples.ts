import { eventId, type Meta } from '@event-sourced/kernel/event';
import type { ExamplesOf } from '@event-sourced/kernel/schemas';
import type { OrdersEvent } from '../generated/events.ts';

const placedAt = Date.parse('2026-03-01T09:00:00.000Z');

const meta = (sequence: number, time: number, actor: string): Meta => ({
  ...{ id: eventId('orders/o1', sequence), source: '/commands', subject: 'orders/o1', sequence },
  ...{ time, actor, correlationid: 'request-1', causationid: null },
  ...{ commandid: 'command-1', requesthash: 'hash' },
});

/** One of each: their bytes are kept, so that later code can be held to reading them. */
export const examples: ExamplesOf<OrdersEvent> = {
  OrderPlaced: {
    type: 'OrderPlaced',
    meta: meta(1, placedAt, 'ada'),
    data: { orderId: 'o1', userId: 'ada', isbn: '9780140449136', placedAt },
  },
  OrderShipped: {
    type: 'OrderShipped',
    meta: meta(2, placedAt + 1_000, 'shipping'),
    data: { orderId: 'o1', shippedAt: placedAt + 1_000 },
  },
};
