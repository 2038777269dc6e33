import { expect } from 'vitest';
import type { Aggregate, Command } from '../aggregate.ts';
import type { Event, LoggedEvent, Meta, NewEvent } from '../event.ts';
import { type AnyProblemType, Problem, problemTypeOf } from '../problems.ts';
import type { Projection } from '../projection.ts';
import { StateInParts } from './state-in-parts.ts';

/**
 * Decisions and folds as sentences, without mocks.
 *
 * @example
 * ```ts
 * import { aggregate } from '@event-sourced/kernel/aggregate';
 * import { operator } from '@event-sourced/kernel/auth';
 * import type { Event } from '@event-sourced/kernel/event';
 * import { given } from '@event-sourced/kernel/testing';
 * import { it } from 'vitest';
 * import { z } from 'zod';
 *
 * type Opened = Event<'ShopOpened', { shopId: string }>;
 * const shop = aggregate<boolean, Opened>({
 *   ...{ topic: 'shops', stateVersion: 1, initial: false, evolve: () => true },
 * });
 * const open = shop.command({
 *   ...{ name: 'open-shop', route: 'PUT /v1/shops/:shopId', summary: 'Open a shop' },
 *   role: operator,
 *   input: z.strictObject({ shopId: z.string() }),
 *   example: { shopId: 's1' },
 *   stream: ({ shopId }) => ({ key: shopId, id: shopId }),
 *   decide: ({ shopId }, isOpen) => (isOpen ? [] : [{ type: 'ShopOpened', data: { shopId } }]),
 * });
 *
 * it('opens a shop once', () => {
 *   const opened = { type: 'ShopOpened', data: { shopId: 's1' } };
 *   given(shop, []).when(open, { shopId: 's1' }).then([opened]);
 *   given(shop, [opened]).when(open, { shopId: 's1' }).then([]);
 * });
 * ```
 */
export function given(aggregate: Aggregate, events: readonly NewEvent[]): GivenStream;
export function given<E extends Event, D extends Document>(
  projection: Projection<E, D>,
  events?: readonly TestEvent<NoInfer<E>>[],
): GivenDocument<E, D>;
export function given(
  definition: Aggregate | Projection,
  events: readonly NewEvent[] = [],
): GivenStream | GivenDocument<Event, Document> {
  if ('evolve' in definition) return givenStream(definition, events);
  return givenDocument(definition, events);
}

type GivenStream = ReturnType<typeof givenStream>;
type GivenDocument<E extends Event, D extends Document> = ReturnType<typeof givenDocument<E, D>>;
type Document = { _id: string };

type Asker = {
  userId: string;
  roles: readonly string[];
  now: number;
  nextNumber: number;
  key: string;
};

const anybody: Asker = { userId: 'alice', roles: [], now: 1_000, nextNumber: 1, key: 'key-1' };

/** A decision can't see the `meta` of events. */
const unseen = { meta: {} as Meta };

/** A stream that holds these events. */
const givenStream = (aggregate: Aggregate, events: readonly NewEvent[]) => {
  const stateAfter = (events: readonly NewEvent[]) => {
    const stream = new StateInParts(aggregate);
    let last = aggregate.initial;
    for (const event of events) last = stream.evolve({ ...event, ...unseen });
    const stateFor = (command: Command, input: unknown) =>
      stream.at(stream.version, command.part?.(input));
    return { last, stateFor };
  };
  const { last, stateFor } = stateAfter(events);
  return {
    /** Of a state with parts, the part that the last event was about. */
    state: last,
    when(command: Command, given: unknown, asker: Partial<Asker> = {}) {
      const { userId, roles, now, nextNumber, key } = { ...anybody, ...asker };
      const caller = { userId, roles: new Set(roles) };
      const contextOf = (input: unknown, now: number) => {
        const { id: streamId } = command.stream(input, caller, key);
        return { ...caller, now, nextNumber, streamId };
      };
      const decide = (): NewEvent[] => {
        const input = command.input.parse(given);
        const state = stateFor(command, input);
        command.exists?.(state, input, caller);
        return command.decide(input, state, contextOf(input, now));
      };
      return {
        decided: decide,
        /** Exactly these events; none means that nothing changes. */
        // biome-ignore lint/suspicious/noThenProperty: a sentence, and never awaited.
        then: (expected: readonly NewEvent[]) => expect(decide()).toEqual(expected),
        thenRejected: (type: AnyProblemType) => {
          const rejection = caught(decide);
          expect(rejection).toBeInstanceOf(Problem);
          expect((rejection as Problem).code).toBe(problemTypeOf(type).code);
        },
        /** The input is refused before it is decided; the path is such as `tags.0`. */
        thenInvalid: (path: string) => {
          const issues = command.input.safeParse(given).error?.issues ?? [];
          expect(issues.map((issue) => issue.path.join('.'))).toContain(path);
        },
        /** Decided again on top of its own events, the command appends nothing more. */
        thenTwiceIsOnce: () => {
          const after = stateAfter([...events, ...decide()]);
          const input = command.input.parse(given);
          const state = after.stateFor(command, input);
          expect(command.decide(input, state, contextOf(input, now + 1))).toEqual([]);
        },
      };
    },
  };
};

function caught(run: () => unknown): unknown {
  try {
    return run();
  } catch (error) {
    return error;
  }
}

/** An event as a test writes it, with the fields of `meta` that the test is about. */
export type TestEvent<E extends Event = Event> = NewEvent<E> & { meta?: Partial<Meta> };

/** A document that these events have been folded into. */
const givenDocument = <E extends Event, D extends Document>(
  projection: Projection<E, D>,
  events: readonly TestEvent<NoInfer<E>>[],
) => ({
  when(event: TestEvent<NoInfer<E>>) {
    const after = () => folded(projection, [...events, event]);
    return {
      /** The document has these fields; null means that there is none. */
      // biome-ignore lint/suspicious/noThenProperty: a sentence, and never awaited.
      then: (expected: Partial<D> | null) => {
        if (expected === null) expect(after()).toBeNull();
        else expect(after()).toMatchObject(expected);
      },
      thenRefused: (message: string | RegExp) => expect(after).toThrow(message),
    };
  },
});

/** The document after these events, which all have to feed the same one. */
export function folded<E extends Event, D extends Document>(
  projection: Projection<E, D>,
  events: readonly TestEvent<NoInfer<E>>[],
): D | null {
  const all = events.map(complete<E>);
  expect(new Set(all.map(projection.id)).size).toBeLessThanOrEqual(1);
  const document = all.reduce<D | null>((before, event) => {
    const when = projection.when[event.type as E['type']];
    if (!when) return before;
    // Frozen, so that a fold that changes the document it was given fails here.
    return deepFrozen(when(before, event as LoggedEvent<Extract<E, { type: E['type'] }>>));
  }, null);
  return document && projection.derive ? projection.derive(document) : document;
}

function complete<E extends Event>(event: TestEvent<E>, at: number): LoggedEvent<E> {
  const meta = { sequence: at + 1, ...event.meta };
  const place = { lane: 0, offset: at };
  return { ...event, meta, sequence: meta.sequence, place } as unknown as LoggedEvent<E>;
}

function deepFrozen<T>(value: T): T {
  const isFree = typeof value === 'object' && value !== null && !Object.isFrozen(value);
  if (isFree && !ArrayBuffer.isView(value)) {
    Object.freeze(value);
    for (const part of Object.values(value)) deepFrozen(part);
  }
  return value;
}
