import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { Problem } from '../problems.ts';
import { formatCursor, parseCursor } from './cursor.ts';
import type { Position } from './order.ts';

const Values = z.tuple([z.union([z.string(), z.number(), z.null()]), z.string()]);
const values = fc.tuple(
  fc.oneof(fc.string(), fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true })),
  fc.string(),
);

/** JSON has no -0. */
const asJson = (position: Position) => JSON.parse(JSON.stringify(position)) as unknown;

describe('a cursor', () => {
  it('goes on being read by later versions', () => {
    const cursor = 'WyJSUDc5UnZYaCIsOCwicDMiXQ';
    expect(parseCursor(['parcels', 'north'], cursor, Values)).toEqual([8, 'p3']);
  });

  it('is read back as it was made', () => {
    fc.assert(
      fc.property(values, fc.json(), (position, list) => {
        const cursor = formatCursor(list, position);
        expect(cursor).toMatch(/^[\w-]+$/);
        expect(parseCursor(list, cursor, Values)).toEqual(asJson(position));
      }),
    );
  });

  it('is refused for another list', () => {
    const cursor = formatCursor(['parcels', 'sender'], ['a', 'p1']);
    expect(() => parseCursor(['parcels', 'weight'], cursor, Values)).toThrow(/first page/);
  });

  it('of any text is refused, and never a crash', () => {
    const json = fc.json().map((text) => Buffer.from(text).toString('base64url'));
    fc.assert(
      fc.property(fc.oneof(fc.string(), json), (cursor) => {
        expect(() => parseCursor('list', cursor, Values)).toThrow(Problem);
      }),
    );
  });
});
