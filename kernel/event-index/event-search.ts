import type { Collection, Db } from 'mongodb';
import type { Codec } from '../codec/codec.ts';
import type { Millis } from '../event.ts';
import type { Log } from '../log/log.ts';
import { topicName } from '../log/topic-names.ts';
import { type Filters, isMeant, unlimited } from '../operations/event-limits.ts';
import { boundsOf, type Entry, entriesOf } from '../operations/log-entries.ts';
import { Problem } from '../problems.ts';
import type { EventSchema } from '../schemas/event-schema.ts';
import {
  type Block,
  blockAt,
  blockNumber,
  blocksOf,
  type Indexed,
  indexedPlaces,
  placeOf,
} from './blocks.ts';
import { limitsFor, ownKinds, type SoughtId, textOfId } from './event-ids.ts';
import { momentsOf, type Stretch } from './event-moments.ts';
import { PieceReader } from './piece-reader.ts';
import { offsetsAtOnce, type Piece, PlaceSearch } from './place-search.ts';

export type EventSearchOptions = {
  db: Db;
  log: Log;
  codec(): Promise<Codec>;
  /** Stands before the topics' names in the log. */
  prefix: string;
  schemas: readonly EventSchema[];
  filters: Filters;
};

/** Where an event stands among all: by time, and by its place where times are the same. */
export type EventPosition = { time: Millis; context: string; lane: number; offset: number };

export type Search = {
  /** Null for all events. */
  id: SoughtId | null;
  /** Without the prefix; by default all. */
  topics?: readonly string[] | undefined;
  newest: boolean;
  limit: number;
  /** The last event of the page before, or where the list begins. */
  after: EventPosition | null;
  /**
   * For each place that is known to begin later: the number of its first block that matters. Null
   * if that has to be found by the time of `after`.
   */
  starts: ReadonlyMap<string, number> | null;
};

export type FoundEvents = {
  entries: Entry[];
  /** Whether there are more, and where the next page begins. */
  more: boolean;
  starts: Map<string, number>;
};

/** So many offsets that aren't indexed are read by a search; they take about a second. */
const mostUnindexed = 200_000;
const retryAfterSeconds = 5;

/** Finds all events of an id, by the index and by reading what isn't indexed yet. */
export class EventSearch {
  readonly #options: EventSearchOptions;
  readonly #reader: PieceReader;

  constructor(options: EventSearchOptions) {
    this.#options = options;
    this.#reader = new PieceReader(options.log, options.prefix);
  }

  close(): Promise<void> {
    return this.#reader.close();
  }

  /**
   * A page of the events that were committed before the call, and may have some of those that are
   * committed meanwhile.
   * @throws Problem `event-index-behind` if too much of what it needs is not indexed.
   */
  async find(search: Search): Promise<FoundEvents> {
    const { limit, newest, after, id } = search;
    const { prefix, filters } = this.#options;
    const places = await this.#places(search);
    const codec = await this.#options.codec();
    const limits = id ? limitsFor(id, filters) : unlimited;
    const bytes = Buffer.from(id?.value ?? '');
    const compare = newest ? newestFirst : oldestFirst;
    const found: Entry[] = [];
    let unindexed = 0;
    for (;;) {
      await Promise.all(places.map((place) => place.fill()));
      const pieces = places.flatMap((place) => place.pieces);
      pieces.sort((a, b) => (newest ? b.bound - a.bound : a.bound - b.bound));
      const [first] = pieces;
      const isSettled = ({ record: { timestamp } }: Entry) =>
        !first || (newest ? timestamp > first.bound : timestamp < first.bound);
      if (!first || found.filter(isSettled).length > limit) break;
      const taken = takenFrom(pieces);
      unindexed += sizeOf(taken.filter(({ isIndexed }) => !isIndexed));
      if (unindexed > mostUnindexed) throw behind();
      for (const place of places) place.pieces = place.pieces.filter((one) => !taken.includes(one));
      // Text stands in a record as it is: most records need no decoding to be passed over.
      const records = await this.#reader.read(taken, (value) => value.includes(bytes));
      const entries = await entriesOf(records, { codec, prefix });
      const isAfter = (entry: Entry) => !after || compare(positionOf(entry), after) > 0;
      const meant = (entry: Entry) => entry.event && isMeant(entry, limits) && isAfter(entry);
      found.push(...entries.filter(meant));
    }
    found.sort((a, b) => compare(positionOf(a), positionOf(b)));
    const entries = found.slice(0, limit);
    const rest = found.slice(limit);
    return { entries, more: rest.length > 0, starts: startsAfter(places, rest, newest) };
  }

  /** Moments that part the events into about equal amounts. */
  async moments(stretch: Stretch): Promise<Millis[]> {
    const { db, filters } = this.#options;
    const { indexed } = await this.#bounds(stretch.id);
    return momentsOf(blocksOf(db, filters), indexed, stretch);
  }

  async #places({ id, topics, newest, after, ...asked }: Search): Promise<PlaceSearch[]> {
    const { db, prefix, filters } = this.#options;
    const blocks = blocksOf(db, filters);
    const { from, until, indexed } = await this.#bounds(id, topics);
    const starts = asked.starts ?? (after && (await startsAt(blocks, indexed, after.time, newest)));
    return until.map(({ topic, lane, next: end }, at) => {
      const context = topic.slice(prefix.length);
      const place = placeOf(context, lane);
      const { next: first } = from[at]!;
      const start = starts?.get(place);
      const own = { blocks, place, context, lane, first, end, indexed: indexed.get(place), start };
      return new PlaceSearch({ ...own, id: id && textOfId(id), newest });
    });
  }

  /** The places whose events may have the id: their ends, and up to where they are indexed. */
  async #bounds(id: SoughtId | null, wanted?: readonly string[]) {
    const { db, log, prefix, filters } = this.#options;
    // What a release brings has no topic before it is deployed.
    const existing = await log.topics();
    const contexts = this.#contextsOf(id).filter((one) => !wanted || wanted.includes(one));
    const names = contexts.map((one) => topicName(prefix, one));
    const topics = names.filter((one) => existing.has(one));
    // The index is read first: what is indexed meanwhile is read from the log.
    const known = await indexedPlaces(blocksOf(db, filters));
    const { from, until } = await boundsOf(log, topics);
    const indexed = new Map<string, Indexed>();
    for (const { topic, lane, next: end } of until) {
      const place = placeOf(topic.slice(prefix.length), lane);
      const upTo = known.get(place);
      // An index that goes on after the log's end is of another log.
      if (upTo && upTo.next <= end) indexed.set(place, upTo);
    }
    return { from, until, indexed };
  }

  /** The topics whose events may have the id. */
  #contextsOf(id: SoughtId | null): string[] {
    const { schemas, filters } = this.#options;
    if (!id) return [...new Set(schemas.map(({ context }) => context))];
    const { kind, value } = id;
    const field = filters[kind];
    const stream = kind === 'stream' ? value : null;
    const meant = schemas.filter(({ context, schema }) => {
      if (stream !== null) return stream.startsWith(`${context}/`);
      return field === undefined || schema.fields.some(({ name }) => name === field);
    });
    return [...new Set(meant.map(({ context }) => context))];
  }
}

/** Everything that events are looked for by. */
export const kindsOf = (filters: Filters): string[] => [...Object.keys(filters), ...ownKinds];

const sizeOf = (pieces: readonly Piece[]): number =>
  pieces.reduce((sum, { from, until }) => sum + until - from, 0);

/** The first pieces that are not too much together, and one at least. */
function takenFrom(pieces: readonly Piece[]): Piece[] {
  let size = 0;
  const rest = pieces.findIndex((piece, at) => {
    size += piece.until - piece.from;
    return at > 0 && size > offsetsAtOnce;
  });
  return rest < 0 ? [...pieces] : pieces.slice(0, rest);
}

export const positionOf = ({ record, context }: Entry): EventPosition => ({
  ...{ time: record.timestamp, context, lane: record.lane, offset: record.offset },
});

const oldestFirst = (a: EventPosition, b: EventPosition): number =>
  a.time - b.time ||
  (a.context < b.context ? -1 : a.context > b.context ? 1 : 0) ||
  a.lane - b.lane ||
  a.offset - b.offset;

const newestFirst = (a: EventPosition, b: EventPosition): number => oldestFirst(b, a);

/** For each indexed place, the block in which a time is reached. */
async function startsAt(
  blocks: Collection<Block>,
  indexed: ReadonlyMap<string, Indexed>,
  time: Millis,
  newest: boolean,
): Promise<Map<string, number>> {
  const starts = new Map<string, number>();
  const find = async ([place, { next }]: [string, Indexed]) => {
    const number = await blockAt(blocks, place, time);
    // A place that ends before this time is passed over, but for what isn't indexed yet.
    if (number !== null) starts.set(place, number);
    else if (!newest) starts.set(place, blockNumber(next));
  };
  await Promise.all([...indexed].map(find));
  return starts;
}

/** For each place, the block at which what no page has shown yet begins. */
function startsAfter(places: readonly PlaceSearch[], rest: readonly Entry[], newest: boolean) {
  const unshown = new Map<string, number>();
  for (const { record, context } of rest) {
    const place = placeOf(context, record.lane);
    // `rest` is in order, so the first one counts.
    if (!unshown.has(place)) unshown.set(place, blockNumber(record.offset));
  }
  return new Map(
    places.map((one) => {
      const { place, end } = one.options;
      const none = newest ? -1 : blockNumber(end);
      return [place, unshown.get(place) ?? one.restAt() ?? none];
    }),
  );
}

const behind = () =>
  new Problem('event-index-behind', 'Many events are not indexed yet; try again in a moment.', {
    retryAfterSeconds,
  });
