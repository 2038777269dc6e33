import { createHash } from 'node:crypto';
import type { Filter } from 'mongodb';
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

type Asked<D extends Placed, Item> = {
  /** The name of the list and all its filters; a cursor is refused for any other list. */
  list: readonly unknown[];
  limit: number;
  cursor?: string | undefined;
  filter: Filter<D>;
  /** Where the views were before anything was read. */
  position: { log: string; epoch: string; seen: Readonly<Record<string, number>> };
  items(documents: readonly D[]): readonly Item[] | Promise<readonly Item[]>;
};

const Vector = z.record(z.string(), z.int().nonnegative());

/**
 * The items whose last event is behind a cursor. The cursor has an offset for each lane. It never
 * passes what the views had seen before the documents were read: so an item that changes meanwhile
 * is left to a later call, and none is missed, however pages and writes come together.
 */
export async function changesSince<D extends Placed, Item>(
  documents: Documents<D>,
  { list, limit, cursor, filter, position, items }: Asked<D, Item>,
): Promise<Changes<Item>> {
  const epoch = digest([position.log, position.epoch]);
  const known = cursor === undefined ? null : vectorIn(list, cursor, epoch);
  const from = known ?? {};
  const places = Object.entries(position.seen)
    .filter(([at, last]) => last > (from[at] ?? -1))
    .map(([at, last]) => ({
      ...{ at, offset: { $gt: from[at] ?? -1, $lte: last } },
      // Nothing of this lane was sent so far, so there is nothing to take back.
      ...(from[at] === undefined && { gone: false }),
    }));
  const found = places.length > 0 ? await placed(documents, { filter, places }, limit + 1) : [];
  const sent = found.slice(0, limit);
  const more = found.length > limit;
  const to = { ...from };
  const last = more ? sent.at(-1) : undefined;
  for (const { at, offset } of places) {
    if (!last || at < last.at) to[at] = offset.$lte;
    else if (at === last.at) to[at] = last.offset;
  }
  const next = formatCursor(list, [epoch, JSON.stringify(to)]);
  return { items: await items(sent as D[]), next, more, reset: known === null };
}

type Wanted<D> = { filter: Filter<D>; places: readonly object[] };

async function placed<D extends Placed>(
  documents: Documents<D>,
  { filter, places }: Wanted<D>,
  limit: number,
): Promise<D[]> {
  const found = documents.find({ ...filter, $or: places } as Filter<D>);
  return (await found.sort({ at: 1, offset: 1 }).limit(limit).toArray()) as D[];
}

/** Null for a cursor of another epoch, after which offsets don't tell what is new. */
function vectorIn(list: readonly unknown[], cursor: string, epoch: string) {
  const [made, vector] = parseCursor(list, cursor, z.tuple([z.string(), z.string()]));
  return made === epoch ? Vector.parse(JSON.parse(vector)) : null;
}

const digest = (value: unknown): string =>
  createHash('sha256').update(JSON.stringify(value)).digest('base64url').slice(0, 12);
