import type { Document as Fields, Filter } from 'mongodb';
import { z } from 'zod';
import 'zod-openapi';
import { formatCursor, parseCursor } from './reading/cursor.ts';
import { Cursor, Limit } from './reading/cursor-input.ts';
import type { Documents } from './reading/ending-reads.ts';
import {
  documentsAfter,
  isAfter,
  type Order,
  type Position,
  positionIn,
  positionOf,
} from './reading/order.ts';

export type { Order, Position };

/** The input fields of a query that answers a page: `z.object({ …, ...Paged })`. */
export const Paged = { limit: Limit, cursor: Cursor };
export type Paged = { limit: number; cursor?: string | undefined };

/** A part of a list. */
export type Page<Item> = {
  items: readonly Item[];
  /** The cursor of the next page; null on the last page. */
  next: string | null;
  /** How many items all pages have together. */
  count: number;
};

/** The schema of a page, for the `output` of a query. */
export const pageOf = <Item extends z.ZodType>(item: Item) =>
  z.object({
    items: z.array(item),
    next: z.string().nullable().meta({ description: 'The cursor of the next page, if any.' }),
    count: z.int().meta({ description: 'How many items all pages have.' }),
  });

/** A collection's order ends with `_id`, which decides where all fields before it are equal. */
export type CollectionOrder<Document> = {
  readonly [field in keyof Document & string]?: 1 | -1;
} & { readonly [nested: `${string}.${string}`]: 1 | -1; readonly _id: 1 | -1 };

type List<Document, Item> = Paged & {
  /** The name of the list and all its filters; a cursor is refused for any other list. */
  list: readonly unknown[];
  /** The schema of a cursor's values, if it should be stricter than text, number or null each. */
  position?: z.ZodType<Position>;
  /** The items that a page shows for its documents. */
  items(documents: readonly Document[]): readonly Item[] | Promise<readonly Item[]>;
};

/** A page of a collection is found by filter and order; an index on these makes it fast. */
export type CollectionList<Document, Item> = List<Document, Item> & {
  filter: Filter<Document>;
  order: CollectionOrder<Document>;
  projection?: Fields;
  /**
   * Documents without a value of the first field come last in ascending order too, which takes a
   * second query. Otherwise they come first, as in MongoDB.
   */
  missingLast?: boolean;
};

type Source<Document extends { _id: string }> =
  | Documents<Document>
  | readonly Document[]
  | PageSource<Document>;

type AnyList<Document, Item> = List<Document, Item> &
  Partial<Pick<CollectionList<Document, Item>, 'filter' | 'projection' | 'missingLast'>> & {
    order: Order | CollectionOrder<Document>;
  };

/** A list that is neither a collection nor an array. */
export type PageSource<Document> = {
  /** Up to `limit` documents in order; only those after the position, if there is one. */
  read(after: Position | null, limit: number): Promise<readonly Document[]>;
  /** How many documents all pages have; not asked if the first page has them all. */
  count(): Promise<number>;
};

/** The pages of a collection, for a list that does more with them than show them. */
export const pagesOf = <Document extends { _id: string }>(
  collection: Documents<Document>,
  options: Pick<
    CollectionList<Document, unknown>,
    'filter' | 'order' | 'projection' | 'missingLast'
  >,
): PageSource<Document> => ({
  read: (after, limit) =>
    documentsAfter(collection, { ...options, order: options.order as Order }, after, limit),
  count: () => collection.countDocuments(options.filter),
});

/**
 * A page of a list: of a collection, of an array that is in this order already, or of a source.
 *
 * @example
 * ```ts
 * import { Paged, page, pageOf } from '@event-sourced/kernel/page';
 * import { query } from '@event-sourced/kernel/query';
 * import { view } from '@event-sourced/kernel/view';
 * import { z } from 'zod';
 *
 * type Order = { _id: string; isbn: string; placedAt: number };
 * const orders = view<Order>({ name: 'orders', version: 1, topics: ['orders'], indexes: [] });
 *
 * export const ordersOfBook = query({
 *   name: 'orders-of-book',
 *   summary: 'The orders of a book, newest first, in pages',
 *   route: 'GET /v1/books/:isbn/orders',
 *   views: [orders],
 *   input: z.object({ isbn: z.string(), ...Paged }),
 *   example: { isbn: '9780140449136', limit: '10' },
 *   output: pageOf(z.object({ orderId: z.string() })),
 *   answer: ({ isbn, limit, cursor }, { read }) =>
 *     page(read(orders), {
 *       ...{ list: ['orders-of-book', isbn], limit, cursor },
 *       ...{ filter: { isbn }, order: { placedAt: -1, _id: 1 } },
 *       items: (found) => found.map(({ _id: orderId }) => ({ orderId })),
 *     }),
 * });
 * ```
 *
 * @throws Problem `invalid-cursor` for a cursor that was not made for this list.
 */
export function page<Document, Item>(
  source: readonly Document[] | PageSource<Document>,
  list: List<Document, Item> & { order: Order },
): Promise<Page<Item>>;
export function page<Document extends { _id: string }, Item>(
  source: Documents<Document>,
  list: CollectionList<Document, Item>,
): Promise<Page<Item>>;
export async function page<Document extends { _id: string }, Item>(
  source: Source<Document>,
  options: AnyList<Document, Item>,
): Promise<Page<Item>> {
  const { list, limit, cursor, items } = options;
  const order = options.order as Order;
  // Making a schema takes a tenth of what a page takes, and first pages need none.
  const position = () => options.position ?? positionIn(order);
  const after = cursor === undefined ? null : parseCursor(list, cursor, position());
  const { found, count } = await read(source, { ...options, order }, after);
  const documents = found.slice(0, limit);
  const [last] = documents.slice(-1);
  const next = last && found.length > limit ? formatCursor(list, positionOf(last, order)) : null;
  const isWhole = after === null && next === null;
  const [shown, all] = await Promise.all([items(documents), isWhole ? documents.length : count()]);
  return { items: shown, next, count: all };
}

/** Reads one document more than the page has, to see whether there is a next page. */
async function read<Document extends { _id: string }>(
  source: Source<Document>,
  options: AnyList<Document, unknown> & { order: Order },
  after: Position | null,
): Promise<{ found: readonly Document[]; count(): number | Promise<number> }> {
  const { order, filter = {} } = options;
  const limit = options.limit + 1;
  if ('read' in source || 'countDocuments' in source) {
    const pages =
      'read' in source
        ? source
        : pagesOf(source, { ...options, filter, order: order as CollectionOrder<Document> });
    return { found: await pages.read(after, limit), count: () => pages.count() };
  }
  const rest = after ? source.filter((document) => isAfter(document, order, after)) : source;
  return { found: rest.slice(0, limit), count: () => source.length };
}
