import { projection } from '@event-sourced/kernel/projection';
import { view } from '@event-sourced/kernel/view';
import type { OrdersEvent } from '../generated/events.ts';

export type OrderDocument = {
  _id: string;
  userId: string;
  isbn: string;
  placedAt: number;
  shippedAt: number | null;
};

export const ordersView = view<OrderDocument>({
  name: 'orders',
  version: 1,
  topics: ['orders'],
  indexes: [{ key: { userId: 1, placedAt: -1, _id: 1 } }],
});

/** Every order, and whether its book is on its way. */
export const orders = projection<OrdersEvent>()({
  view: ordersView,
  id: ({ data }) => data.orderId,
  when: {
    OrderPlaced: (_, { data: { orderId, userId, isbn, placedAt } }) => {
      return { _id: orderId, userId, isbn, placedAt, shippedAt: null };
    },
    OrderShipped: (order, { data }) => order && { ...order, shippedAt: data.shippedAt },
  },
  oneStreamPerDocument: true,
});
