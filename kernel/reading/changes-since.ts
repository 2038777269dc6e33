import { createHash } from 'node:crypto';
import type { Document as Fields, Filter } from 'mongodb';
import { z } from 'zod';
import { formatCursor, parseCursor } from './cursor.ts';
import { Cursor, Limit } from './cursor-input.ts';
import type { Documents } from './ending-reads.ts';

/** A document that says where in the log the last event about its item is. */
export type Placed = {
  _id: string;
  /** `<topic>:<lane>` */
  at: string;
  offset: number;
  /** Whether the item is no more. */
  gone: boolean;
};

/** The input fields of a query that answers changes. */
export const SyncInput = {
  limit: Limit,
  cursor: Cursor.meta({ description: '`next` of the last answer, however old; none begins anew.' }),
};

/** Some of the changes, or the last of them. */
export type Changes<Item> = {
  items: readonly Item[];
  /** Asks for what changes from here on. It is good for any time later. */
  next: string;
  /** Whether there are more changes already. */
  more: boolean;
  /** Whether these items begin anew: whoever has some, drops all of them. */
  reset: boolean;
};

/** The schema of changes, for the `output` of a query. */
export const changesOf = <Item extends z.ZodType>(item: Item) =>
  z.object({
    items: z.array(item),
    next: z.string().meta({ description: 'The cursor of the next call, now or at any time.' }),
    more: z.boolean().meta({ description: 'Whether there are more changes already.' }),
    reset: z.boolean().meta({ description: 'Drop what you have: these items begin anew.' }),
  });

/**
 * The cursor for what changes after a position, for whoever has read all items by another way, at
 * that position or later.
 */
export const changesCursor = (list: readonly unknown[], position: Position): string =>
  formatCursor(list, [
    digest([position.log, position.epoch]),
    JSON.stringify({ ...position.seen, [readElsewhere]: 0 }),
  ]);

/** Stands among the lanes of a cursor: items may be known of lanes that it doesn't name, too. */
const readElsewhere = '*';

type Position = { log: string; epoch: string; seen: Readonly<Record<string, number>> };

/**
 * Some of the documents of a view, which may be in memory already: all that were there at the
 * position, or later. Each source may have another view, with documents of D.
 */
type Source<D extends Placed> =
  | { documents: Pick<Documents<never>, 'collectionName'>; filter: Fields; kept?: Kept }
  | { all: readonly D[] };

/** What was read under a name, as long as no document of the source has changed since. */
type Kept = <T extends object>(name: string, read: () => Promise<T>) => Promise<T>;

/** What is behind a cursor in one lane. */
type Behind = { at: string; offset: { $gt: number }; gone?: false };
/** … and not behind the position. */
type Between = Behind & { offset: { $lte: number } };

type Asked<D extends Placed, Item> = {
  /** The name of the list and all its filters; a cursor is refused for any other list. */
  list: readonly unknown[];
  limit: number;
  cursor?: string | undefined;
  sources: readonly Source<D>[];
  /** Where the views were before anything was read. */
  position: Position;
  items(documents: readonly D[]): readonly Item[] | Promise<readonly Item[]>;
};

const Vector = z.record(z.string(), z.int().nonnegative());

/**
 * The items whose last event is behind a cursor. The cursor has an offset for each lane. It never
 * passes what the views had seen before the documents were read: so an item that changes meanwhile
 * is left to a later call, and none is missed, however pages and writes come together. A page may
 * have more than `limit` items, where one event has changed items of several sources.
 */
export async function changesSince<D extends Placed, Item>(
  asked: Asked<D, Item>,
): Promise<Changes<Item>> {
  const { list, limit, cursor, sources, position, items } = asked;
  const epoch = digest([position.log, position.epoch]);
  const known = cursor === undefined ? null : vectorIn(list, cursor, epoch);
  const from = known ?? {};
  const places = Object.entries(position.seen)
    .filter(([at, last]) => last > (from[at] ?? -1))
    .map(
      ([at, last]): Between => ({
        ...{ at, offset: { $gt: from[at] ?? -1, $lte: last } },
        // Nothing of this lane was sent so far, so there is nothing to take back.
        ...(!(at in from || readElsewhere in from) && { gone: false }),
      }),
    );
  const found = places.length > 0 ? await placed(sources, places, limit + 1) : [];
  const sent = found.filter((one, at) => at < limit || isSamePlace(one, found[limit - 1]!));
  const more = found.length > sent.length;
  const to = { ...from };
  const last = more ? sent.at(-1) : undefined;
  for (const { at, offset } of places) {
    if (!last || at < last.at) to[at] = offset.$lte;
    else if (at === last.at) to[at] = last.offset;
  }
  const next = formatCursor(list, [epoch, JSON.stringify(to)]);
  return { items: await items(sent), next, more, reset: known === null };
}

/** An event may change an item of several lists: all of these come on the same page. */
const isSamePlace = (one: Placed, other: Placed): boolean =>
  one.at === other.at && one.offset === other.offset;

async function placed<D extends Placed>(
  sources: readonly Source<D>[],
  places: readonly Between[],
  limit: number,
): Promise<D[]> {
  const found = sources.map((source) => {
    if ('all' in source) return placedAmong(source.all, places, limit);
    const { documents, filter, kept } = source;
    const all = documents as unknown as Documents<D>;
    const read = (behind: readonly Behind[]) => {
      const wanted = { ...filter, $or: behind } as Filter<D>;
      return all.find(wanted).sort({ at: 1, offset: 1 }).limit(limit).toArray() as Promise<D[]>;
    };
    return kept ? firstKept(kept, read, places, limit) : read(places);
  });
  return (await Promise.all(found)).flat().sort(byPlace);
}

/** What is kept has no end, so that it is the same wherever the position is. */
async function firstKept<D extends Placed>(
  kept: Kept,
  read: (behind: readonly Behind[]) => Promise<D[]>,
  places: readonly Between[],
  limit: number,
): Promise<D[]> {
  const behind = places.map(
    ({ offset: { $gt }, ...lane }): Behind => ({ ...lane, offset: { $gt } }),
  );
  const first = await kept(JSON.stringify([behind, limit]), () => read(behind));
  const sent = placedAmong(first, places, limit);
  // One that is behind the position may stand where others, which aren't, come after it.
  return sent.length === first.length ? sent : read(places);
}

function placedAmong<D extends Placed>(
  all: readonly D[],
  places: readonly Between[],
  limit: number,
): D[] {
  const byLane = new Map(places.map((place) => [place.at, place]));
  const found = all.filter(({ at, offset, gone }) => {
    const place = byLane.get(at);
    if (!place || (gone && place.gone === false)) return false;
    return offset > place.offset.$gt && offset <= place.offset.$lte;
  });
  return found.sort(byPlace).slice(0, limit);
}

/** As MongoDB sorts. */
const byPlace = (one: Placed, other: Placed): number =>
  one.at === other.at ? one.offset - other.offset : one.at < other.at ? -1 : 1;

/** Null for a cursor of another epoch, after which offsets don't tell what is new. */
function vectorIn(list: readonly unknown[], cursor: string, epoch: string) {
  const [made, vector] = parseCursor(list, cursor, z.tuple([z.string(), z.string()]));
  return made === epoch ? Vector.parse(JSON.parse(vector)) : null;
}

const digest = (value: unknown): string =>
  createHash('sha256').update(JSON.stringify(value)).digest('base64url').slice(0, 12);
