import { expect, test } from 'vitest';
import { Rejections } from './rejections.ts';
import { emptyTally } from './scrape.ts';

const soon = 'Year "soon" must be a whole number';

/** What is said of rows with these reasons; null is a row without a fault. */
function said(reasons: (string | null)[]): string[] {
  const lines: string[] = [];
  const tally = emptyTally();
  const rejections = new Rejections((line) => lines.push(line), tally);
  for (const [index, reason] of reasons.entries()) {
    tally[reason === null ? 'added' : 'rejected'] += 1;
    if (reason !== null) rejections.add({ row: index + 1, reason });
    rejections.settled();
  }
  rejections.end();
  return lines;
}

const soonIn = (...rows: number[]) => rows.map((row) => `row ${row} rejected: ${soon}`);

test('each rejected row is said, in order', () => {
  expect(said([soon, 'Title is missing', null, soon])).toEqual([
    'row 1 rejected: Year "soon" must be a whole number',
    'row 2 rejected: Title is missing',
    'row 4 rejected: Year "soon" must be a whole number',
  ]);
});

test('many rows of a kind are summed up, whatever values they have', () => {
  const reasons = Array.from({ length: 12 }, (_, at) => soon.replace('soon', `${at}, a "word"`));
  const lines = said([null, ...reasons, null, soon]);
  expect(lines).toHaveLength(6);
  expect(lines[4]).toBe('row 6 rejected: Year "4, a "word"" must be a whole number');
  expect(lines[5]).toBe('8 more rows rejected: Year … must be a whole number (7–13, 15)');
});

test('what the command API says of many movies is summed up too', () => {
  const reasons = Array.from(
    { length: 1_000 },
    (_, at) => `movie-differs: m${at} is "Film ${at}" (2010); import with replace.`,
  );
  expect(said([null, ...reasons]).slice(5)).toEqual([
    '995 more rows rejected: movie-differs: m… is … (…); import with replace. (7–1001)',
  ]);
});

test('the rows are named up to ten places', () => {
  const reasons = Array.from({ length: 100 }, (_, at) => (at % 2 === 0 ? soon : null));
  const places = '11, 13, 15, 17, 19, 21, 23, 25, 27, 29, …';
  expect(said(reasons)).toEqual([
    ...soonIn(1, 3, 5, 7, 9),
    `45 more rows rejected: Year … must be a whole number (${places})`,
  ]);
});

test('where all rows have the same fault, one line says so', () => {
  expect(said(Array.from({ length: 1_000 }, () => soon))).toEqual([
    `all 1,000 rows rejected for the same reason, row 1: ${soon}`,
  ]);
  expect(said([soon])).toEqual(soonIn(1));
  expect(said([soon, soon, null])).toEqual(soonIn(1, 2));
});

test('many kinds of reasons take a bounded number of lines', () => {
  const reasons = Array.from({ length: 9_000 }, (_, at) => `Reason ${'x'.repeat(at % 900)}`);
  expect(said(reasons).length).toBeLessThan(400);
});
