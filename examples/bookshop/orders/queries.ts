import { momentOf } from '@event-sourced/kernel/event';
import { Paged, page, pageOf } from '@event-sourced/kernel/page';
import { Problem } from '@event-sourced/kernel/problems';
import { query } from '@event-sourced/kernel/query';
import { z } from 'zod';
import { OrderId, orderUnknown } from './order.ts';
import { type OrderDocument, ordersView } from './orders.ts';

const ShownOrder = z.object({
  orderId: z.string(),
  isbn: z.string(),
  placedAt: z.iso.datetime(),
  shippedAt: z.iso.datetime().nullable(),
});

const shown = ({ _id: orderId, isbn, placedAt, shippedAt }: OrderDocument) => ({
  ...{ orderId, isbn, placedAt: momentOf(placedAt) },
  shippedAt: shippedAt === null ? null : momentOf(shippedAt),
});

export const oneOrder = query({
  name: 'order',
  summary: 'One of my orders',
  route: 'GET /v1/orders/:orderId',
  views: [ordersView],
  for: 'authenticated',
  input: z.object({ orderId: OrderId }),
  example: { orderId: 'o1' },
  output: ShownOrder,
  problems: [orderUnknown],
  async answer({ orderId }, { read, caller }) {
    const found = await read(ordersView).findOne({ _id: orderId, userId: caller?.userId ?? '' });
    if (!found) throw new Problem(orderUnknown, `You have no order ${orderId}.`);
    return shown(found);
  },
});

export const myOrders = query({
  name: 'my-orders',
  summary: 'My orders, newest first, in pages',
  route: 'GET /v1/me/orders',
  views: [ordersView],
  for: 'authenticated',
  input: z.object(Paged),
  example: { limit: '10' },
  output: pageOf(ShownOrder),
  answer: ({ limit, cursor }, { read, caller }) =>
    page(read(ordersView), {
      ...{ list: ['my-orders', caller?.userId], limit, cursor },
      ...{ filter: { userId: caller?.userId ?? '' }, order: { placedAt: -1, _id: 1 } },
      items: (orders) => orders.map(shown),
    }),
});
