import { createHash } from 'node:crypto';
import type { z } from 'zod';
import { Problem } from '../problems.ts';
import type { Position } from './order.ts';

/** A cursor is bound to the list that it was made for: its filters and order. Opaque to clients. */
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
