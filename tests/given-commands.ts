import { expect } from 'vitest';
import type { Aggregate, Command } from '#kernel/aggregate.ts';
import type { Role } from '#kernel/auth/tokens.ts';
import type { Event, NewEvent } from '#kernel/event.ts';
import { Problem, type ProblemCode } from '#kernel/problems.ts';

/** `given(aggregate, events).when(command, input).then(events)`: a decision as a sentence. */

type Asker = { userId: string; roles: Role[]; now: number; nextNumber: number; key: string };

const anybody: Asker = { userId: 'alice', roles: [], now: 1_000, nextNumber: 1, key: 'key-1' };

/** Facts of an event that a decision can't see. */
const unseen = { meta: {} as Event['meta'] };

export const given = (aggregate: Aggregate, events: readonly NewEvent[]) => {
  const fold = (state: unknown, event: NewEvent) =>
    aggregate.evolve(state, { ...event, ...unseen });
  const state = events.reduce(fold, aggregate.initial);
  return {
    state,
    when(command: Command, given: unknown, asker: Partial<Asker> = {}) {
      const { userId, roles, now, nextNumber, key } = { ...anybody, ...asker };
      const caller = { userId, roles: new Set(roles) };
      const contextOf = (input: unknown, now: number) => {
        const { id: streamId } = command.stream(input, caller, key);
        return { ...caller, now, nextNumber, streamId };
      };
      const decide = (): NewEvent[] => {
        const input = command.input.parse(given);
        command.exists?.(state, input, caller);
        return command.decide(input, state, contextOf(input, now));
      };
      return {
        decided: decide,
        /** Exactly these events; none means that nothing changes. */
        // biome-ignore lint/suspicious/noThenProperty: a sentence, and never awaited.
        then: (expected: readonly NewEvent[]) => expect(decide()).toEqual(expected),
        thenRejected: (code: ProblemCode) => {
          const rejection = caught(decide);
          expect(rejection).toBeInstanceOf(Problem);
          expect((rejection as Problem).code).toBe(code);
        },
        /** Asked again after what it decided, it decides nothing more. */
        thenTwiceIsOnce: () => {
          const after = decide().reduce(fold, state);
          const input = command.input.parse(given);
          expect(command.decide(input, after, contextOf(input, now + 1))).toEqual([]);
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
