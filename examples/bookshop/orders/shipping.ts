import { reactor } from '@event-sourced/kernel/reactor';
import type { OrdersEvent } from '../generated/events.ts';
import { roles } from '../setup.ts';

/** Has the book of every order shipped. */
export const shipping = reactor<OrdersEvent>({
  name: 'shipping',
  topic: 'orders',
  roles: [roles.clerk],
  when: { OrderPlaced: ({ data }) => ({ POST: `/v1/orders/${data.orderId}/shipment` }) },
});
