import { createHash } from 'node:crypto';
import { z } from 'zod';
import 'zod-openapi';
import { Problem } from './problems.ts';

/** Where a page ended: the values that the list is sorted by, of its last item. */
export type Position = readonly (string | number | null)[];

/** `?limit`: how many items a page has. */
export const Limit = z
  .string()
  .regex(/^([1-9]\d?|100)$/, 'has to be a whole number from 1 to 100')
  .transform(Number)
  .default(20)
  .meta({
    description: 'How many items a page has.',
    override: ({ jsonSchema }) => {
      // A query parameter is text; clients should see the number that it stands for.
      delete jsonSchema.pattern;
      Object.assign(jsonSchema, { type: 'integer', minimum: 1, maximum: 100, default: 20 });
    },
  });

/** `?cursor`: `next` of the page before. */
export const Cursor = z
  .string()
  .max(4_000)
  .optional()
  .meta({ description: '`next` of the page before, for the page after it.' });

/** Bound to the list it was made for: its filters and its order. Opaque to clients. */
export const formatCursor = (list: unknown, position: Position): string =>
  Buffer.from(JSON.stringify([digest(list), ...position])).toString('base64url');

/**
 * Reads a cursor made by `formatCursor` for the same list.
 * @param position the types that the list is sorted by.
 * @throws Problem `invalid-cursor` for anything else.
 */
export function parseCursor<P extends z.ZodType<Position>>(
  list: unknown,
  cursor: string,
  position: P,
): z.output<P> {
  const [made, ...values] = decoded(cursor);
  const parsed = position.safeParse(values);
  if (!parsed.success) throw invalid('Send `next` of the page before, exactly as it was.');
  if (made !== digest(list)) throw invalid('Keep the filters and the sort of the first page.');
  return parsed.data;
}

function decoded(cursor: string): unknown[] {
  try {
    const value: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    return Array.isArray(value) ? value : [];
  } catch {
    return [];
  }
}

const invalid = (detail: string) =>
  new Problem('invalid-cursor', detail, { errors: [{ path: 'cursor', message: detail }] });

const digest = (list: unknown): string =>
  createHash('sha256').update(JSON.stringify(list)).digest('base64url').slice(0, 8);

/** The items of a list, and where the next page starts. */
export type Page<Item> = { items: Item[]; next: string | null; count: number };

/** The same as a schema. */
export const pageOf = <Item extends z.ZodType>(item: Item) =>
  z.object({
    items: z.array(item),
    next: z.string().nullable().meta({ description: 'The cursor of the next page, if any.' }),
    count: z.int().meta({ description: 'How many items all pages have.' }),
  });

/** Cuts what was read, one more than `limit` where there is more, to a page. */
export function cutPage<Document>(
  found: readonly Document[],
  limit: number,
  cursorAfter: (last: Document) => string,
): { documents: readonly Document[]; next: string | null } {
  const documents = found.slice(0, limit);
  const last = documents.at(-1);
  return { documents, next: last && found.length > limit ? cursorAfter(last) : null };
}
