import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { cutPage, formatCursor, Limit, type Position, parseCursor } from './cursor.ts';
import { Problem } from './problems.ts';

const Values = z.tuple([z.union([z.string(), z.number(), z.null()]), z.string()]);
const values = fc.tuple(
  fc.oneof(fc.string(), fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true })),
  fc.string(),
);

/** A number after a way through JSON. */
const asJson = (position: Position) => JSON.parse(JSON.stringify(position)) as unknown;

describe('a cursor', () => {
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

  it('is refused, never a crash, whatever it is', () => {
    const json = fc.json().map((text) => Buffer.from(text).toString('base64url'));
    fc.assert(
      fc.property(fc.oneof(fc.string(), json), (cursor) => {
        expect(() => parseCursor('list', cursor, Values)).toThrow(Problem);
      }),
    );
  });
});

describe('a page', () => {
  const afterLast = (last: number) => `after ${last}`;

  it('has a next one only if more was found', () => {
    expect(cutPage([1, 2, 3], 2, afterLast)).toEqual({ documents: [1, 2], next: 'after 2' });
    expect(cutPage([1, 2], 2, afterLast)).toEqual({ documents: [1, 2], next: null });
    expect(cutPage([], 2, afterLast)).toEqual({ documents: [], next: null });
  });

  it('has 1 to 100 items, 20 if nothing is said', () => {
    expect(Limit.parse(undefined)).toBe(20);
    expect([Limit.parse('1'), Limit.parse('100')]).toEqual([1, 100]);
    for (const text of ['0', '101', '-1', '1.5', ' 1', '1e1', '0x1', '']) {
      expect(Limit.safeParse(text).success, text).toBe(false);
    }
  });
});
