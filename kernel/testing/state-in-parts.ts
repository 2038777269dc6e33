import type { Aggregate } from '../aggregate.ts';
import type { Event } from '../event.ts';
import { splitState, withPart } from '../writer/parts.ts';

/** The state of a stream at each of its versions, with its parts if it has some. */
export class StateInParts {
  readonly #aggregate: Aggregate;
  /** By version. */
  readonly #own: unknown[];
  /** By key, each part with the versions in which it changed. */
  readonly #parts = new Map<string, { version: number; part: unknown }[]>();
  readonly #initialPart: unknown;

  constructor(aggregate: Aggregate, events: readonly Event[] = []) {
    this.#aggregate = aggregate;
    const { own, part } = splitState(aggregate, aggregate.initial);
    this.#own = [own];
    this.#initialPart = part;
    for (const event of events) this.evolve(event);
  }

  get version(): number {
    return this.#own.length - 1;
  }

  /** @returns the state after the event, with the part that the event is about. */
  evolve(event: Event): unknown {
    const key = this.#aggregate.parts?.of(event);
    const state = this.#aggregate.evolve(this.at(this.version, key), event);
    const { own, part } = splitState(this.#aggregate, state);
    this.#own.push(own);
    if (key !== undefined) {
      const changes = this.#parts.get(key) ?? [];
      this.#parts.set(key, [...changes, { version: this.version, part }]);
    }
    return state;
  }

  /** The state at a version. @param key says the part, if the state has parts. */
  at(version: number, key?: string): unknown {
    const changes = (key !== undefined && this.#parts.get(key)) || [];
    const last = changes.findLast((change) => change.version <= version);
    return withPart(this.#aggregate, this.#own[version], last ? last.part : this.#initialPart);
  }
}
