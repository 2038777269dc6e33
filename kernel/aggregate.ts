import type { z } from 'zod';
import type { Role } from './auth/roles.ts';
import type { Caller } from './auth/tokens.ts';
import type { Event, Millis, NewEvent } from './event.ts';
import { type AnyProblemType, Problem, type ProblemType } from './problems.ts';

/** What a decision may know besides its input and its state. */
export type Context = Caller & {
  now: Millis;
  /** The id of the stream within its topic. */
  streamId: string;
  /** A number that the aggregate's `numbered` event may take: unique over all lanes, from 1. */
  nextNumber: number;
};

/** Where a stream lives: its Kafka key says the lane, its id names it within the topic. */
export type StreamAddress = { key: string; id: string };

/**
 * A rule about another stream. With the command's own key it is in the same lane and checked as
 * the command is decided; otherwise it is checked before, on what this node knows of that stream,
 * and no command is refused for it without asking that stream's lane.
 */
export type Requirement<Input = unknown> = {
  name: string;
  aggregate: Aggregate;
  /** Null if this input has nothing to do with the rule. */
  stream(input: Input): StreamAddress | null;
  /** What the rule needs to know of the stream, by its last event alone. */
  after(event: Event): unknown;
  /** @throws Problem when the other stream forbids the command. */
  check(state: unknown, input: Input): void;
  /** What `check` throws, for the API document. */
  problems?: readonly ProblemType[];
};

export type CommandDefinition<Input, State, E extends Event> = {
  name: string;
  /** Method and path, as `PUT /v1/parcels/:id/address`; null for a part of a larger request. */
  route: `${'PUT' | 'POST' | 'DELETE'} /${string}` | null;
  /** What it does, in one line, for the API document. */
  summary?: string;
  /** Who has one of these may send it. */
  role: Role | readonly Role[];
  /** Path parameters and body, together. */
  input: z.ZodType<Input>;
  /** A request for the API document. It works on the data that its answers are recorded with. */
  example?: unknown;
  /** @param key the Idempotency-Key: whatever is made with it is the same thing. */
  stream(input: Input, caller: Caller, key: string): StreamAddress;
  requires?: Requirement<Input>[];
  /** @throws Problem if for this caller there is no such thing; checked before anything else. */
  exists?(state: State, input: Input, caller: Caller): void;
  /**
   * The events that fulfil the command; none if what it wants already holds.
   * Pure: it may run again. @throws Problem, best through `reject`, if a rule forbids it.
   */
  decide(input: Input, state: State, context: Context): NewEvent<E>[];
  /** What it made, or had made before, for `Location` and the ids in the answer; or null. */
  created?(input: Input, outcome: Made): Created | null;
  /** What it makes has no page of its own: the answer is 200, without `Location`. */
  pageless?: boolean;
  /** The ids that `created` adds to the answer. */
  ids?: Record<string, z.ZodType>;
  /** What `exists` and `decide` reject with, for the API document. */
  problems?: readonly ProblemType[];
};

/** Each command that has a route is in the API document. */
type Documented<Request> = { route: null } | { summary: string; example: Request };

/** What `created` is told of a command. */
export type Made = {
  /** Of the events it appended, now or when its key was new; none where its wish held already. */
  types: readonly string[];
  /** The id of the stream within its topic. */
  streamId: string;
  /** What the aggregate's `made` said of its events. */
  made: string | null;
};

/** `path` of the new thing in the query API if it has one, and what the answer has for it. */
export type Created = { path?: string; ids?: Record<string, string> };

/** A command as the writer runs it. Methods are bivariant, so every command fits this type. */
export type Command<Input = unknown, State = unknown, E extends Event = Event> = CommandDefinition<
  Input,
  State,
  E
> & { aggregate: Aggregate<State, E> };

export type Aggregate<State = unknown, E extends Event = Event> = {
  /** The topic, and so the context. Each topic holds the streams of one aggregate. */
  topic: string;
  /** Raised when `evolve` or the state's type changes: then cached states are built anew. */
  stateVersion: number;
  initial: State;
  evolve(state: State, event: E): State;
  /** The event type whose events are numbered through over all lanes. */
  numbered?: string;
  /** The id of the part that an event made, for the answer to a repeat of its command. */
  made?(event: E): string | null;
};

/**
 * One aggregate: its topic, its state, how events change it, and through `command` its rules.
 *
 * @example
 * ```ts
 * import { aggregate } from '@event-sourced/kernel/aggregate';
 * import { defineRoles } from '@event-sourced/kernel/auth';
 * import type { Event } from '@event-sourced/kernel/event';
 * import { z } from 'zod';
 *
 * const { customer } = defineRoles('customer');
 * type Placed = Event<'OrderPlaced', { orderId: string; isbn: string; userId: string }>;
 *
 * const order = aggregate<{ isbn: string | null }, Placed>({
 *   topic: 'orders',
 *   stateVersion: 1,
 *   initial: { isbn: null },
 *   evolve: (_, { data: { isbn } }) => ({ isbn }),
 * });
 *
 * export const placeOrder = order.command({
 *   name: 'place-order',
 *   route: 'PUT /v1/orders/:orderId',
 *   summary: 'Order a book',
 *   role: customer,
 *   input: z.strictObject({ orderId: z.string(), isbn: z.string() }),
 *   example: { orderId: 'o1', isbn: '9780140449136' },
 *   stream: ({ orderId }) => ({ key: orderId, id: orderId }),
 *   decide: ({ orderId, isbn }, order, { userId }) =>
 *     order.isbn === isbn ? [] : [{ type: 'OrderPlaced', data: { orderId, isbn, userId } }],
 * });
 * ```
 */
export function aggregate<State, E extends Event>(definition: Aggregate<State, E>) {
  return {
    ...definition,
    command: <Schema extends z.ZodType>(
      command: CommandDefinition<z.output<Schema>, State, E> & { input: Schema } & Documented<
          z.input<Schema>
        >,
    ): Command<z.output<Schema>, State, E> => ({ ...command, aggregate: definition }),
    /** A rule that commands of other aggregates may have about a stream of this one. */
    requirement: <Known extends Partial<State>, Input>(rule: {
      name: string;
      stream(input: Input): StreamAddress | null;
      after(event: E): Known;
      check(state: Known, input: Input): void;
      problems?: readonly ProblemType[];
    }): Requirement<Input> => ({ ...rule, aggregate: definition }) as Requirement<Input>,
  };
}

/** Every aggregate that these commands are about, each once. */
export const aggregatesOf = (commands: readonly Command[]): Aggregate[] => [
  ...new Set(commands.map(({ aggregate }) => aggregate)),
];

/** Ends a decision: a rule forbids the command. */
export function reject(type: AnyProblemType, detail: string): never {
  throw new Problem(type, detail);
}
