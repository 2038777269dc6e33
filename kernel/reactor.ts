import type { Role } from './auth/roles.ts';
import type { Event } from './event.ts';

/** The command API's answer to a command: `unchanged`, and the ids of new things. */
export type CommandAnswer = { unchanged: boolean; [id: string]: unknown };

/** The command that an event leads to. Its Idempotency-Key is the event's id: repeats are safe. */
export type Reaction = {
  /** The path of the command, whose method is POST. */
  POST: string;
  body?: object;
  /** A line for the log once the command is done. Must not contain personal text. */
  done?(answer: CommandAnswer): string;
};

/** Turns events into commands: each event at least once, each command's effect once. */
export type Reactor<E extends Event = Event> = {
  name: string;
  topic: string;
  /**
   * The roles of the token that the reactor signs for itself, besides `service`; unless
   * SERVICE_TOKEN is set.
   */
  roles: readonly Role[];
  /** Pure. Null if this event leads to no command; events that are not named here are skipped. */
  when: {
    [Type in E['type']]?: (event: Extract<E, { type: Type }>) => Reaction | null;
  };
};

/**
 * Defines a reactor: `reactor<ParcelsEvent>({ name, topic, roles, when })`. Foreign or misspelt
 * events don't compile.
 *
 * @example
 * ```ts
 * import { defineRoles } from '@event-sourced/kernel/auth';
 * import type { Event } from '@event-sourced/kernel/event';
 * import { reactor } from '@event-sourced/kernel/reactor';
 *
 * const { clerk } = defineRoles('clerk');
 * type Placed = Event<'OrderPlaced', { orderId: string }>;
 *
 * // Orders a shipment for each order.
 * export const shipping = reactor<Placed>({
 *   name: 'shipping',
 *   topic: 'orders',
 *   roles: [clerk],
 *   when: { OrderPlaced: ({ data }) => ({ POST: `/v1/orders/${data.orderId}/shipment` }) },
 * });
 * ```
 */
export const reactor = <E extends Event>(definition: Reactor<E>): Reactor<E> => definition;

/** Any reactor, as the runner handles it: it brings each handler only its own events. */
export type AnyReactor = Omit<Reactor, 'when'> & {
  when: { [type: string]: ((event: never) => Reaction | null) | undefined };
};
