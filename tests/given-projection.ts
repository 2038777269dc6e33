import { expect } from 'vitest';
import type { Event, LoggedEvent, Meta, NewEvent } from '#kernel/event.ts';
import type { Projection } from '#kernel/projection.ts';

/** An event as a test writes it; of `meta` only what the test is about. */
export type TestEvent<E extends Event = Event> = NewEvent<E> & { meta?: Partial<Meta> };

type Document = { _id: string };

/** `given(projection, events).when(event).then(document)`: a fold as a sentence. */
export const given = <E extends Event, D extends Document>(
  projection: Projection<E, D>,
  events: readonly TestEvent<NoInfer<E>>[] = [],
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
    // Frozen, so that a fold which changes what it was given fails here.
    return deepFrozen(when(before, event as LoggedEvent<Extract<E, { type: E['type'] }>>));
  }, null);
  return document && projection.derive ? projection.derive(document) : document;
}

function complete<E extends Event>(event: TestEvent<E>, at: number): LoggedEvent<E> {
  const meta = { sequence: at + 1, ...event.meta };
  return { ...event, meta, sequence: meta.sequence } as unknown as LoggedEvent<E>;
}

function deepFrozen<T>(value: T): T {
  const isFree = typeof value === 'object' && value !== null && !Object.isFrozen(value);
  if (isFree && !ArrayBuffer.isView(value)) {
    Object.freeze(value);
    for (const part of Object.values(value)) deepFrozen(part);
  }
  return value;
}
