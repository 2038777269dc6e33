// Generated from the .avsc files. Do not edit.
import type { Event, Millis } from '@event-sourced/kernel/event';

/** A customer ordered a book. */
export type OrderPlaced = {
  orderId: string;
  userId: string;
  isbn: string;
  placedAt: Millis;
};

/** The book of an order is on its way. */
export type OrderShipped = {
  orderId: string;
  shippedAt: Millis;
};

export type OrdersEvent =
  | Event<'OrderPlaced', OrderPlaced>
  | Event<'OrderShipped', OrderShipped>;
