import type { Aggregate, Context, Items } from '../aggregate.ts';
import type { Event, Meta, NewEvent } from '../event.ts';
import { Problem } from '../problems.ts';
import { partOf, splitState, withPart } from './parts.ts';
import type { Request, RequestItem } from './request.ts';

/** What became of the items of a command, by their indexes; as its first event keeps it. */
export type ItemsAnswer = { added: number; existing: number; rejected: Record<string, number[]> };

/** A stream's state as a command's events change it, with the parts that they are about. */
export class StateDraft {
  readonly #aggregate: Aggregate;
  readonly #partNamed: (name: string) => unknown;
  readonly changed = new Map<string, unknown>();
  own: unknown;

  constructor(aggregate: Aggregate, own: unknown, partNamed: (name: string) => unknown) {
    this.#aggregate = aggregate;
    this.own = own;
    this.#partNamed = partNamed;
  }

  /** The state that a decision about this part sees. */
  at(part: string | null): unknown {
    if (part === null) return this.own;
    const known = this.changed.has(part) ? this.changed.get(part) : this.#partNamed(part);
    return withPart(this.#aggregate, this.own, known);
  }

  evolve(event: Event): void {
    const name = partOf(this.#aggregate, event);
    const { own, part } = splitState(this.#aggregate, this.#aggregate.evolve(this.at(name), event));
    this.own = own;
    if (name !== null) this.changed.set(name, part);
  }
}

/** @throws Error if a part was changed that the command isn't about: a defect of its decision. */
export function checkParts(
  { item, items }: Pick<Request, 'item' | 'items'>,
  { changed }: StateDraft,
): void {
  if (changed.size === 0) return;
  const parts = new Set((items ?? [item]).map(({ part }) => part));
  if (changed.keys().every((part) => parts.has(part))) return;
  throw new Error('an event is about another part of the state than the command');
}

export type ItemsToDecide = {
  items: readonly RequestItem[];
  draft: StateDraft;
  context: Context;
  /** The state of a stream that a rule looks at. */
  stateOf(stream: string): unknown;
  /** The `meta` of the event after so many. */
  metaOf(index: number): Meta;
};

/**
 * Decides one item after the other, each on top of those before it.
 * @returns the events of all, the first with the answer in it.
 */
export function decideItems(
  { of, same, answered }: Items,
  { items, draft, context, stateOf, metaOf }: ItemsToDecide,
): { events: NewEvent[]; answer: string } {
  const told: ItemsAnswer = { added: 0, existing: 0, rejected: {} };
  const events: NewEvent[] = [];
  const seen = new Set<string>();
  const decideOne = ({ input, part, reads, forbidden }: RequestItem): NewEvent[] => {
    if (seen.size === seen.add(same(input)).size) throw duplicate();
    const state = draft.at(part);
    of.exists?.(state, input, context);
    if (forbidden) throw forbidden;
    for (const { stream, requirement } of reads) requirement.check(stateOf(stream), input);
    return of.decide(input, state, context);
  };
  for (const [index, item] of items.entries()) {
    const decided = decidedOr(() => decideOne(item));
    if (decided instanceof Problem) {
      told.rejected[decided.code] ??= [];
      told.rejected[decided.code]?.push(index);
      continue;
    }
    told[decided.length > 0 ? 'added' : 'existing'] += 1;
    for (const event of decided) {
      const index = events.push(event) - 1;
      draft.evolve(new DraftEvent(event, () => metaOf(index)));
    }
  }
  const answer = JSON.stringify(told);
  const [first, ...others] = events;
  return { events: first ? [answered(first, answer), ...others] : [], answer };
}

/** An event of an item. Its `meta` is made when it is first looked at, as that of a decoded one. */
class DraftEvent implements Event {
  readonly type: string;
  readonly data: unknown;
  readonly #metaOf: () => Meta;

  constructor({ type, data }: NewEvent, metaOf: () => Meta) {
    this.type = type;
    this.data = data;
    this.#metaOf = metaOf;
  }

  get meta(): Meta {
    return this.#metaOf();
  }
}

function decidedOr(decide: () => NewEvent[]): NewEvent[] | Problem {
  try {
    return decide();
  } catch (error) {
    if (error instanceof Problem && error.status < 500) return error;
    throw error;
  }
}

export const duplicate = () =>
  new Problem('duplicate-item', 'An item before this one is about the same thing.');
