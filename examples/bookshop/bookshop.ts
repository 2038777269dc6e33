import { placeOrder, shipOrder } from './orders/order.ts';
import { orders } from './orders/orders.ts';
import { myOrders, oneOrder } from './orders/queries.ts';
import { shipping } from './orders/shipping.ts';

/** All that the bookshop does. */
export const commands = [placeOrder, shipOrder];
export const projections = [orders];
export const queries = [oneOrder, myOrders];
export const reactors = [shipping];
