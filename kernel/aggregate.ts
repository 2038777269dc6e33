import { z } from 'zod';
import type { Role } from './auth/roles.ts';
import type { Caller } from './auth/tokens.ts';
import type { Deprecation } from './deprecation.ts';
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
 * A rule that a command has about another stream. A stream with the command's own key is in the
 * same lane, so its rule is checked as the command is decided. Any other rule is checked before
 * that, on what this node knows of the stream; before it refuses a command, the stream's own lane
 * is asked.
 */
export type Requirement<Input = unknown> = {
  name: string;
  aggregate: Aggregate;
  /** Null if this input has nothing to do with the rule. */
  stream(input: Input): StreamAddress | null;
  /** The part of the state that `check` needs, taken from the stream's last event alone. */
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
  /** Announces the end of the route. */
  deprecated?: Deprecation;
  /** What the command does, in one line, for the API document. */
  summary?: string;
  /** The caller needs one of these roles. */
  role: Role | readonly Role[];
  /** Path parameters and body, together. */
  input: z.ZodType<Input>;
  /** A request for the API document. It works on the data that its answers are recorded with. */
  example?: unknown;
  /** @param key the Idempotency-Key: an id made from it is the same for each repeat. */
  stream(input: Input, caller: Caller, key: string): StreamAddress;
  /** The part of the state that the command is about, where the aggregate's state has parts. */
  part?(input: Input): string;
  /** Set by `batch`: the command brings many items, and each is decided by itself. */
  items?: Items;
  requires?: Requirement<Input>[];
  /** Checked before all other rules. @throws Problem if there is no such thing for this caller. */
  exists?(state: State, input: Input, caller: Caller): void;
  /** Set if its events may carry text of people: whether those for this input do. */
  writesText?(input: Input): boolean;
  /** The aggregate's `isThere`, where that doesn't fit what the route names. */
  isThere?(state: State, input: Input, caller: Caller): boolean;
  /**
   * The events that fulfil the command; none if the wanted state already holds.
   * Pure: it may run again. @throws Problem, best through `reject`, if a rule forbids it.
   */
  decide(input: Input, state: State, context: Context): NewEvent<E>[];
  /** The path and ids of the thing that the command made, now or when its key was new; or null. */
  created?(input: Input, outcome: Made): Created | null;
  /** Set if `created` gives no path: the API document then says 200, without `Location`. */
  withoutLocation?: true;
  /** The ids that `created` adds to the answer. */
  ids?: Record<string, z.ZodType>;
  /** The types of the problems that `exists` and `decide` throw, for the API document. */
  problems?: readonly ProblemType[];
};

/** Each command that has a route is in the API document. */
type Documented<Request> = { route: null } | { summary: string; example: Request };

/** The outcome of a command, as `created` gets it. */
export type Made = {
  /** The types of the events appended, now or when the key was new; none if nothing changed. */
  types: readonly string[];
  /** The id of the stream within its topic. */
  streamId: string;
  /** What the aggregate's `made` returned for these events. */
  made: string | null;
};

/** The new thing's path in the query API, if it has one there, and its ids for the answer. */
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
  /** Raise it when `evolve` or the type of the state changes: cached states are then rebuilt. */
  stateVersion: number;
  initial: State;
  evolve(state: State, event: E): State;
  /**
   * Whether there is such a thing now, for `If-Match: *` and `If-None-Match: *`. If unset, there is
   * one once its stream has an event.
   */
  isThere?(state: State): boolean;
  /**
   * Set for a state that may grow large. One field of it is then kept by itself for each of many
   * keys, such as the products on a list, and an event or a command gets, and changes, only the
   * part that it is about. So a command costs the same however many parts the state has.
   */
  parts?: Parts<E>;
  /** The event type whose events are numbered through over all lanes. */
  numbered?: string;
  /**
   * Set if events carry text of people: the user id of the person whom an event's text is about.
   * It is encrypted with that person's key.
   * @param state before the command's events.
   */
  person?(event: E, state: State): string;
  /** The id of the thing that an event made; kept, so that a repeated command answers the same. */
  made?(event: E): string | null;
};

export type Parts<E extends Event = Event> = {
  /** The state's field that holds the part; `initial` has there what each part begins as. */
  field: string;
  /** The key of the part that an event is about. */
  of(event: E): string;
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
export function aggregate<State, E extends Event>(
  definition: Aggregate<State, E> & { parts?: { field: keyof State } },
) {
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

/** The items of a command that decides many at once. Its input is `{ items }`. */
export type Items = {
  /** Decides one item, on the state after those before it. */
  of: Command;
  same(item: unknown): string;
  answered(first: NewEvent, answer: string): NewEvent;
};

export type BatchDefinition<Input, State, E extends Event, Example> = {
  name: string;
  /** As `POST /v1/parcels\\:batch`. */
  route: `POST /${string}`;
  summary: string;
  example: { items: readonly Example[] };
  /** Decides one item. It has no route, and is in the list of commands through its batch only. */
  item: Command<Input, State, E> & { input: z.ZodType<Input, Example> };
  /** A second item with the same text is rejected as `duplicate-item`. */
  same(item: Input): string;
  /**
   * Set if all items of a batch are of one stream. They are then decided together as one command,
   * named like the batch: all are appended, or none. The first event has to keep the answer, so
   * that the aggregate's `made` gets it from there when the batch is repeated.
   */
  answered?(first: NewEvent<E>, answer: string): NewEvent<E>;
};

/** A request that brings many items of the same kind. */
export type Batch = Omit<BatchDefinition<unknown, unknown, Event, unknown>, 'answered'> & {
  /** The command that decides all items; null if each is a command of its own. */
  together: Command | null;
};

export const mostItems = 500;

/** The input of a batch. */
export const itemsOf = (item: Command) =>
  z.strictObject({ items: z.array(item.input).min(1).max(mostItems) });

/**
 * One request with many items of a command, each of which is added, was there already, or is
 * rejected by itself.
 */
export function batch<Input, State, E extends Event, Example>({
  answered,
  ...definition
}: BatchDefinition<Input, State, E, Example>): Batch {
  const { name, same } = definition;
  const item = definition.item as unknown as Command;
  const all: Batch = { ...definition, item, same: same as Batch['same'], together: null };
  if (!answered) return all;
  const items: Items = { of: item, same: all.same, answered: answered as Items['answered'] };
  const input = itemsOf(item);
  const together: Command<z.output<typeof input>> = {
    ...{ name, route: null, role: item.role, input, aggregate: item.aggregate, items },
    stream: (given, caller, key) => item.stream(given.items[0], caller, key),
    decide: () => {
      throw new Error(`${name} is decided item by item.`);
    },
  };
  return { ...all, together: together as Command };
}

/** The commands that batches are made of, for the list of all commands. */
export const commandsOf = (batches: readonly Batch[]): Command[] =>
  batches.flatMap(({ item, together }) => (together ? [item, together] : [item]));

/** Every aggregate that these commands are about, each once. */
export const aggregatesOf = (commands: readonly Command[]): Aggregate[] => [
  ...new Set(commands.map(({ aggregate }) => aggregate)),
];

/** Ends a decision, since a rule forbids the command. @throws Problem always. */
export function reject(type: AnyProblemType, detail: string): never {
  throw new Problem(type, detail);
}
