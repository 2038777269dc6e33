import express, { type Router } from 'express';
import { LRUCache } from 'lru-cache';
import { z } from 'zod';
import type { Aggregate } from '../aggregate.ts';
import { operator } from '../auth/roles.ts';
import { before } from '../before.ts';
import type { Codec } from '../codec/codec.ts';
import {
  type EventPosition,
  EventSearch,
  type EventSearchOptions,
  positionOf,
} from '../event-index/event-search.ts';
import { authenticated } from '../http/authenticated.ts';
import { input } from '../http/input.ts';
import { Problem } from '../problems.ts';
import { Cursor, Limit } from '../reading/cursor-input.ts';
import type { Parts } from '../service/parts.ts';
import { initialOf, partOf, splitState, withPart } from '../writer/parts.ts';
import { topicOf } from '../writer/stream-names.ts';
import { eventPage } from './events.ts';
import type { Entry } from './log-entries.ts';
import { controls } from './query-text.ts';
import { ShownEvent, shownEvent } from './shown-event.ts';
import { type ShownState, shownState } from './shown-state.ts';

/** @param topics of the aggregates: the streams of others have no state. */
export const streamInput = (topics: readonly string[]) =>
  z.object({ id: streamName(topics), from: FromNumber.optional(), limit: Limit, cursor: Cursor });

type StreamInput = z.output<ReturnType<typeof streamInput>>;

const streamName = (topics: readonly string[]) =>
  z
    .string()
    .max(500)
    .regex(new RegExp(`^(?:${topics.join('|')})/[^${controls}]+$`), {
      error: `has to be the name of a stream: ${topics.map((topic) => `${topic}/…`).join(', ')}`,
    })
    .meta({ description: 'A stream: its topic, a slash, its id.' });

const FromNumber = z
  .string()
  .regex(/^[1-9]\d{0,8}$/, 'has to be a whole number above 0')
  .transform(Number)
  .meta({
    description: 'The number of the first event that is shown. The first of a stream has 1.',
    override: ({ jsonSchema }) => {
      // A query parameter is text; clients should see the number that it stands for.
      delete jsonSchema.pattern;
      Object.assign(jsonSchema, { type: 'integer', minimum: 1, maximum: 999_999_999 });
    },
  });

export const StreamPage = z
  .object({
    items: z.array(
      z.object({
        event: ShownEvent,
        state: z.unknown().meta({ description: 'After the event. Text of people is masked.' }),
        changed: z.array(z.string()).meta({ description: 'The fields that the event changed.' }),
        isWhole: z.boolean().meta({
          description: 'False if the state is large: of large fields, only changes are in it.',
        }),
      }),
    ),
    next: z.string().nullable().meta({ description: 'The cursor of the next page, if any.' }),
    count: z.int().meta({ description: 'The number of the last event that the stream has now.' }),
  })
  .meta({ id: 'StreamStates' });

/** A stream as it is folded: its own state, and those parts that its events were about. */
type Folded = {
  own: unknown;
  parts: ReadonlyMap<string, unknown>;
  /** The number of the last event that is in it, and where that is; null before the first one. */
  number: number;
  after: EventPosition | null;
};

/** The last event that is meant, by its number in the stream or its place in the lane. */
type Target = { number: number } | { offset: number };
type Reached = { number: number; offset: number };

const beyond = (target: Target, reached: Reached): number =>
  'number' in target ? reached.number - target.number : reached.offset - target.offset;

const eventsAtOnce = 500;
/** States may be large, and only who turns the pages of a stream needs them. */
const mostKept = 16;
/** While much is folded, so that the next page elsewhere in it begins nearer. */
const keptEvery = 5_000;
/** Of a long stream much is read at first. A repeat goes on from what is kept. */
const defaultAnswerMs = 20_000;

export type StreamStatesOptions = Pick<Parts, 'client' | 'database'> &
  Omit<EventSearchOptions, 'db' | 'codec'> & { codec: Codec; aggregates: readonly Aggregate[] };

export function openStreamStates(options: StreamStatesOptions) {
  const { client, database, codec, aggregates } = options;
  const db = client.db(database, { readPreference: 'primary' });
  const search = new EventSearch({ ...options, db, codec: async () => codec });
  return { routes: new StreamStates(search, aggregates).routes, close: () => search.close() };
}

/** The events of a stream, each with the state that commands are decided on after it. */
export class StreamStates {
  readonly #search: Pick<EventSearch, 'find'>;
  readonly #aggregates: ReadonlyMap<string, Aggregate>;
  readonly #answerWithinMs: number;
  /** By stream and the place of the last event. */
  readonly #kept = new LRUCache<string, { stream: string; folded: Folded }>({ max: mostKept });

  constructor(
    search: Pick<EventSearch, 'find'>,
    aggregates: readonly Aggregate[],
    answerWithinMs = defaultAnswerMs,
  ) {
    this.#search = search;
    this.#answerWithinMs = answerWithinMs;
    this.#aggregates = new Map(aggregates.map((one) => [one.topic, one]));
  }

  get routes(): Router {
    const router = express.Router();
    const read = input(streamInput([...this.#aggregates.keys()]));
    router.get('/v1/ops/stream', authenticated(operator), async (req, res) => {
      const page = await before(this.page(read(req)), performance.now() + this.#answerWithinMs);
      if (!page) throw new Problem('part-away', 'The log was not read in time; try again.');
      res.setHeader('Cache-Control', 'no-store');
      res.json(page);
    });
    return router;
  }

  async page({ id, from, limit, cursor }: StreamInput) {
    const aggregate = this.#aggregates.get(topicOf(id))!;
    const asked = { id: { kind: 'stream', value: id }, newest: false, limit, cursor };
    const isAfterNumber = cursor === undefined && from !== undefined;
    const upTo = isAfterNumber ? await this.#foldedTo(aggregate, id, { number: from - 1 }) : null;
    const begin = upTo?.after ?? null;
    const { entries, next, after } = await eventPage(this.#search, { ...asked, begin });
    const offset = after?.offset ?? nothing;
    const before = upTo ?? (await this.#foldedTo(aggregate, id, { offset }));
    const steps: ({ event: ReturnType<typeof shownEvent> } & ShownState)[] = [];
    const folding = new Folding(aggregate, before);
    for (const entry of entries) {
      const { earlier, later } = folding.apply(entry);
      steps.push({ event: shownEvent(entry), ...shownState(earlier, later) });
    }
    this.#keep(id, folding.folded);
    const isLast = next === null && entries.length > 0;
    return { items: steps, next, count: isLast ? folding.number : await this.#countOf(id) };
  }

  /** Events are numbered in their streams from 1 on. */
  async #countOf(id: string): Promise<number> {
    const one = { newest: true, limit: 1, after: null, starts: null };
    const { entries } = await this.#search.find({ id: { kind: 'stream', value: id }, ...one });
    return entries[0]?.event?.meta.sequence ?? 0;
  }

  /** All events of a stream are in one lane, in the order of their offsets. */
  async #foldedTo(aggregate: Aggregate, id: string, target: Target): Promise<Folded> {
    const folding = new Folding(aggregate, this.#nearest(id, target));
    for (let more = beyond(target, folding.reached) < 0; more; ) {
      const { number, after } = folding.folded;
      const { entries, ...found } = await this.#search.find({
        ...{ id: { kind: 'stream', value: id }, newest: false, limit: eventsAtOnce },
        ...{ after, starts: null },
      });
      const meant = entries.filter((entry) => beyond(target, reachedBy(entry)) <= 0);
      for (const entry of meant) folding.apply(entry);
      const { folded } = folding;
      if (folded.number % keptEvery < folded.number - number) this.#keep(id, folded);
      more = found.more && meant.length === entries.length;
    }
    return folding.folded;
  }

  #keep(id: string, folded: Folded): void {
    if (folded.after) this.#kept.set(`${id} ${folded.after.offset}`, { stream: id, folded });
  }

  /** The last that is kept and isn't beyond the target. */
  #nearest(id: string, target: Target): Folded | null {
    let nearest: Folded | null = null;
    for (const { stream, folded } of this.#kept.values()) {
      if (stream !== id || folded.number <= (nearest?.number ?? 0)) continue;
      if (beyond(target, reachedIn(folded)) <= 0) nearest = folded;
    }
    return nearest;
  }
}

/** Before the first offset. */
const nothing = -1;

const reachedIn = ({ number, after }: Folded): Reached => ({
  ...{ number, offset: after?.offset ?? nothing },
});

const reachedBy = ({ record, event }: Entry): Reached => ({
  ...{ number: event?.meta.sequence ?? 0, offset: record.offset },
});

class Folding {
  readonly #aggregate: Aggregate;
  #own: unknown;
  readonly #parts: Map<string, unknown>;
  #number: number;
  #after: EventPosition | null;

  constructor(aggregate: Aggregate, before: Folded | null) {
    this.#aggregate = aggregate;
    this.#own = before ? before.own : splitState(aggregate, aggregate.initial).own;
    this.#parts = new Map(before?.parts);
    this.#number = before?.number ?? 0;
    this.#after = before?.after ?? null;
  }

  get folded(): Folded {
    const parts = new Map(this.#parts);
    return { own: this.#own, parts, number: this.#number, after: this.#after };
  }

  get number(): number {
    return this.#number;
  }

  get reached(): Reached {
    return { number: this.#number, offset: this.#after?.offset ?? nothing };
  }

  /** @returns the state before and after, each with the part that the event is about. */
  apply(entry: Entry): { earlier: unknown; later: unknown } {
    const { event } = entry;
    const aggregate = this.#aggregate;
    const name = event && partOf(aggregate, event);
    const part = name && (this.#parts.get(name) ?? initialOf(aggregate, name));
    const earlier = withPart(aggregate, this.#own, part);
    const later = event ? aggregate.evolve(earlier, event) : earlier;
    const split = splitState(aggregate, later);
    this.#own = split.own;
    if (name) this.#parts.set(name, split.part);
    this.#number = event?.meta.sequence ?? this.#number;
    this.#after = positionOf(entry);
    return { earlier, later };
  }
}
