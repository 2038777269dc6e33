import type { Document as Fields, Filter } from 'mongodb';
import { z } from 'zod';
import type { Documents } from './ending-reads.ts';

/** Ascending is 1, descending -1, as MongoDB has it; nested fields are `outer.inner`. */
export type Order = Readonly<Record<string, 1 | -1>>;

type Value = string | number | null;

/** The values that a document is sorted by. */
export type Position = readonly Value[];

/** Any position in this order; the last field is an id. */
export const positionIn = (order: Order): z.ZodType<Position> =>
  z
    .array(z.union([z.string(), z.number(), z.null()]))
    .length(Object.keys(order).length)
    .refine((values) => typeof values.at(-1) === 'string');

export const positionOf = (document: object, order: Order): Position =>
  Object.keys(order).map((field) => valueAt(document, field));

function valueAt(document: object, field: string): Value {
  let value: unknown = document;
  for (const name of field.split('.')) value = (value as Fields | null | undefined)?.[name];
  return (value ?? null) as Value;
}

/** Whether a document comes after a position. No value comes before any value. */
export function isAfter(document: object, order: Order, position: Position): boolean {
  for (const [index, [field, direction]] of Object.entries(order).entries()) {
    const compared = compare(valueAt(document, field), position[index] ?? null);
    if (compared !== 0) return compared === direction;
  }
  return false;
}

function compare(one: Value, other: Value): -1 | 0 | 1 {
  if (one === other) return 0;
  if (one === null || other === null) return one === null ? -1 : 1;
  return one < other ? -1 : 1;
}

type SortedRead<Document> = {
  filter: Filter<Document>;
  order: Order;
  projection?: Fields | undefined;
  missingLast?: boolean | undefined;
  /** The index to use. Where it is missing, MongoDB refuses the read. */
  hint?: Order;
};

/** Up to `limit` documents in order, those after a position only. */
export async function documentsAfter<Document extends { _id: string }>(
  collection: Documents<Document>,
  { filter, order, projection = {}, missingLast, hint }: SortedRead<Document>,
  position: Position | null,
  limit: number,
): Promise<Document[]> {
  const read = (conditions: readonly Filter<Fields>[], count: number) =>
    collection
      .find({ $and: [filter, ...conditions] } as Filter<Document>, hint && { hint })
      .project<Document>(projection)
      .sort(order)
      .limit(count)
      .toArray();
  const behind = position ? [after(order, position)] : [];
  const [[field, direction] = ['_id', 1 as const], ...rest] = Object.entries(order);
  if (!missingLast || direction === -1) return read(behind, limit);
  // In ascending order MongoDB puts documents without a value first, so they are read separately.
  const without = { [field]: null };
  if (position?.[0] === null) {
    return read([without, after(Object.fromEntries(rest), position.slice(1))], limit);
  }
  const found = await read([{ [field]: { $ne: null } }, ...behind], limit);
  if (found.length === limit) return found;
  return [...found, ...(await read([without], limit - found.length))];
}

/** The documents after a position: one case for each field, equal in the fields before it. */
function after(order: Order, position: Position): Filter<Fields> {
  const fields = Object.entries(order);
  const $or = fields.map(([field, direction], index) => ({
    ...Object.fromEntries(fields.slice(0, index).map(([equal], at) => [equal, position[at]])),
    [field]: beyond(position[index] ?? null, direction),
  }));
  // MongoDB merges the scans of two cases. With more cases and several indexes it seldom finds
  // that plan, and would read all documents before the position; a bound for the first field
  // prevents that.
  const [[first, direction] = ['_id', 1 as const]] = fields;
  return { $or, ...(fields.length > 2 && notBefore(first, position[0] ?? null, direction)) };
}

/** MongoDB sorts null before any value, but `$lt` and `$gt` of a value never match null. */
const beyond = (value: Value, direction: 1 | -1): object => {
  if (direction === 1) return value === null ? { $ne: null } : { $gt: value };
  return value === null ? { $in: [] } : { $not: { $gte: value } };
};
const notBefore = (field: string, value: Value, direction: 1 | -1): Filter<Fields> => {
  if (direction === 1) return value === null ? {} : { [field]: { $gte: value } };
  return { [field]: value === null ? null : { $not: { $gt: value } } };
};
