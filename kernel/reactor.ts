import type { Metric } from 'prom-client';
import type { Role } from './auth/roles.ts';
import type { Event } from './event.ts';
import type { CommandAnswer, CommandClient } from './reactor/command-client.ts';
import type { ReactorParts } from './reactor/parts.ts';
import type { View } from './view.ts';

export {
  type CausedCommand,
  type CommandAnswer,
  type CommandClient,
  type Outcome,
  TryAgainError,
} from './reactor/command-client.ts';
export type { ReactorParts } from './reactor/parts.ts';

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
  /**
   * Takes the reactions, if they aren't commands for the command API: each at least once, and again
   * until it has an outcome.
   */
  sends?(parts: ReactorParts): CommandClient;
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

/** The command for a document whose time has come. */
export type DueReaction = Reaction & {
  /**
   * What its Idempotency-Key is made of, together with the clock's name: the same for each repeat,
   * another one if the document comes to wait anew.
   */
  key: readonly (string | number)[];
};

/**
 * Sends a command for each document of a view whose time has come, in order of time. The command's
 * event has to take the time out of the document; until then the command may be sent again. So
 * nothing is missed while the clock stands still, and the times are never held in memory.
 */
export type Clock<Document extends { _id: string } = { _id: string }> = {
  name: string;
  view: View<Document>;
  /** The field with the time, unset when nothing is to come. An index has it, and then `_id`. */
  at: keyof Document & string;
  /** The roles of the clock's own token, besides `service`; unless SERVICE_TOKEN is set. */
  roles: readonly Role[];
  /** Pure. */
  when(document: Document): DueReaction;
};

/**
 * Defines a clock.
 *
 * @example
 * ```ts
 * import { clock } from '@event-sourced/kernel/reactor';
 * import { view } from '@event-sourced/kernel/view';
 *
 * type Bill = { _id: string; remindAt?: number };
 * const bills = view<Bill>({
 *   name: 'bills',
 *   version: 1,
 *   topics: ['orders'],
 *   indexes: [{ key: { remindAt: 1, _id: 1 } }],
 * });
 *
 * // Reminds customers of bills that are not paid in time.
 * export const overdue = clock({
 *   name: 'overdue',
 *   view: bills,
 *   at: 'remindAt',
 *   roles: [],
 *   when: ({ _id, remindAt = 0 }) => ({ POST: `/v1/bills/${_id}/overdue`, key: [_id, remindAt] }),
 * });
 * ```
 */
export const clock = <Document extends { _id: string }>(
  definition: Clock<Document>,
): Clock<Document> => definition;

/** Any clock, as the runner handles it. */
export type AnyClock = Omit<Clock, 'at' | 'when'> & {
  at: string;
  when(document: never): DueReaction;
};

/**
 * Work that goes on all the time and follows no events. It is divided into shares, each of which
 * one process does at a time; another may begin with a share before the first has noticed that it
 * lost it, so doing a thing twice has to be harmless.
 */
export type Worker = {
  name: string;
  /** The roles of the token that its commands have, besides `service`. */
  roles: readonly Role[];
  /** Figures of its own, which the process shows among its metrics. */
  metrics?: readonly Metric[];
  /** Works on a share until told to stop. It is begun again when it throws. */
  work(parts: ReactorParts, share: Share): Promise<void>;
};

export type Share = {
  share: number;
  shares: number;
  stop: AbortSignal;
  /** To be called after work that went well. */
  onWell(): void;
};
