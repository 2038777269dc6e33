import { aggregate, reject } from '@event-sourced/kernel/aggregate';
import { problemType } from '@event-sourced/kernel/problems';
import { z } from 'zod';
import type { OrdersEvent } from '../generated/events.ts';
import { roles } from '../setup.ts';

/** An order of one book. */
type Order = { status: 'none' } | { status: 'placed' | 'shipped'; userId: string; isbn: string };

function evolve(order: Order, event: OrdersEvent): Order {
  switch (event.type) {
    case 'OrderPlaced':
      return { status: 'placed', userId: event.data.userId, isbn: event.data.isbn };
    case 'OrderShipped':
      return order.status === 'none' ? order : { ...order, status: 'shipped' };
  }
}

export const order = aggregate<Order, OrdersEvent>({
  topic: 'orders',
  stateVersion: 1,
  initial: { status: 'none' },
  evolve,
});

export const orderTaken = problemType('order-taken', 409, 'The id belongs to another order');
export const orderUnknown = problemType('order-unknown', 404, 'There is no such order');

export const OrderId = z.string().regex(/^[\w-]{1,64}$/, 'must be 1 to 64 letters, digits, _ or -');
const Isbn = z.string().regex(/^\d{13}$/, 'must be 13 digits');

const byOrderId = ({ orderId }: { orderId: string }) => ({ key: orderId, id: orderId });

export const placeOrder = order.command({
  name: 'place-order',
  route: 'PUT /v1/orders/:orderId',
  summary: 'Order a book',
  role: roles.customer,
  input: z.strictObject({ orderId: OrderId, isbn: Isbn }),
  example: { orderId: 'o1', isbn: '9780140449136' },
  stream: byOrderId,
  decide: ({ orderId, isbn }, order, { userId, now }) => {
    if (order.status === 'none') {
      return [{ type: 'OrderPlaced', data: { orderId, userId, isbn, placedAt: now } }];
    }
    if (order.userId === userId && order.isbn === isbn) return []; // It is ordered already.
    return reject(orderTaken, `${orderId} is taken; give the order another id.`);
  },
  created: ({ orderId }) => ({ path: `/v1/orders/${orderId}` }),
  problems: [orderTaken],
});

export const shipOrder = order.command({
  name: 'ship-order',
  route: 'POST /v1/orders/:orderId/shipment',
  summary: 'Send the book of an order to its customer',
  role: roles.clerk,
  input: z.strictObject({ orderId: OrderId }),
  example: { orderId: 'o1' },
  stream: byOrderId,
  exists: ({ status }, { orderId }) => {
    if (status === 'none') reject(orderUnknown, `There is no order ${orderId}.`);
  },
  decide: ({ orderId }, { status }, { now }) =>
    status === 'shipped' ? [] : [{ type: 'OrderShipped', data: { orderId, shippedAt: now } }],
  problems: [orderUnknown],
});
