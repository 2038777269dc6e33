import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isMissing } from './cell-values.ts';
import { fields } from './columns.ts';
import { csvText } from './csv-text.ts';
import { checkRow, type ImportedMovie } from './movie-row.ts';
import { sourceOf } from './source.ts';
import { openTable, type Row } from './table.ts';

const header =
  'Rank,Title,Genre,Description,Director,Actors,Year,Runtime (Minutes),Rating,Votes,' +
  'Revenue (Millions),Metascore';
const up = '50,Up,"Animation,Adventure",A house flies.,Pete Docter,"Ed Asner, Jordan Nagai"';
const upRow = `${up},2009,96,8.3,722203,292.98,88`;

async function rowsOf(input: string | Buffer, chunkBytes = 65_536): Promise<Row[]> {
  const bytes = Buffer.from(input);
  const chunks: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += chunkBytes) {
    chunks.push(bytes.subarray(at, at + chunkBytes));
  }
  const source = await sourceOf(Readable.from(chunks), bytes.length);
  return Readable.from((await openTable(source)).rows).toArray();
}

const moviesOf = async (input: string | Buffer, chunkBytes?: number) =>
  (await rowsOf(input, chunkBytes)).map((row) => checkRow(row.cells));

const expected = {
  movieId: 'm50',
  title: 'Up',
  genres: ['Animation', 'Adventure'],
  description: 'A house flies.',
  director: 'Pete Docter',
  actors: ['Ed Asner', 'Jordan Nagai'],
  year: 2009,
  runtimeMinutes: 96,
  rating: 8.3,
  ratingVotes: 722_203,
  revenueMillions: 292.98,
  metascore: 88,
};

const { revenueMillions, metascore, ...withoutMoney } = expected;

describe('a file in the Kaggle layout is read the same', () => {
  test.each([
    ['with LF line ends', `${header}\n${upRow}\n`],
    ['with CRLF line ends', `${header}\r\n${upRow}\r\n`],
    ['with mixed line ends', `${header}\r\n${upRow}\n`],
    ['without a final line end', `${header}\n${upRow}`],
    ['with a byte order mark', `\uFEFF${header}\n${upRow}\n`],
    ['with blank lines', `\n${header}\n\n${upRow}\n\n`],
    ['with an empty column at the end', `${header},\n${upRow},\n`],
    ['with an empty column that rows leave out', `${header},\n${upRow}\n`],
    [
      'with other names that mean the same',
      `${header.toUpperCase().replaceAll(' ', '')}\n${upRow}\n`,
    ],
    ['with a column of its own', `Link,${header}\nhttps://example.org,${upRow}\n`],
    ['compressed with gzip', gzipSync(`${header}\n${upRow}\n`)],
  ])('%s', async (_, input) => {
    await expect(moviesOf(input)).resolves.toEqual([{ movie: expected }]);
  });

  test('in pieces of any size', async () => {
    const input = `\uFEFF${header}\r\n${upRow.replace('Up', 'WALL·E')}\r\n`;
    await expect(moviesOf(input, 1)).resolves.toEqual([
      { movie: { ...expected, title: 'WALL·E' } },
    ]);
  });

  test('without the columns that a film may lack', async () => {
    const short = header.replace(',Revenue (Millions),Metascore', '');
    await expect(moviesOf(`${short}\n${up},2009,96,8.3,722203\n`)).resolves.toEqual([
      { movie: withoutMoney },
    ]);
  });

  test('with a cell that is wrapped over lines', async () => {
    const wrapped = upRow.replace('A house flies.', '"A ""house""\r\n  flies."');
    const [checked] = await moviesOf(`${header}\n${wrapped}\n`);
    expect(checked).toHaveProperty('movie.description', 'A "house" flies.');
  });

  test('with no rows at all', async () => {
    await expect(moviesOf(`${header}\n`)).resolves.toEqual([]);
  });

  test('with any films, and in any order of columns', async () => {
    const text = fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 40 })
      .map((value) => value.trim())
      .filter((value) => !isMissing(value) && !/[\p{Cc}\p{Cs}\uFFFD]/u.test(value));
    const name = text.map((value) => value.replaceAll(/[,;|[\]{}"]/g, '·'));
    const genres = fc.uniqueArray(name, {
      minLength: 1,
      maxLength: 4,
      selector: (genre) => genre.toLowerCase(),
    });
    const movie: fc.Arbitrary<Required<ImportedMovie>> = fc.record({
      movieId: fc.nat().map((rank) => `m${rank}`),
      title: text,
      genres,
      description: text,
      director: text,
      actors: fc.array(name, { maxLength: 5 }),
      year: fc.integer({ min: 1870, max: 2200 }),
      runtimeMinutes: fc.integer({ min: 1, max: 2_000 }),
      rating: fc.integer({ min: 0, max: 100 }).map((tenths) => tenths / 10),
      ratingVotes: fc.nat(),
      revenueMillions: fc.option(fc.nat({ max: 99_999 }).map((cents) => cents / 100)),
      metascore: fc.option(fc.nat({ max: 100 })),
      imdbId: fc.option(fc.integer({ min: 1_000_000 }).map((id) => `tt${id}`)),
      tmdbId: fc.option(fc.integer({ min: 1 })),
    });
    const order = fc.shuffledSubarray(fields, { minLength: fields.length });
    await fc.assert(
      fc.asyncProperty(
        fc.array(movie, { maxLength: 5 }),
        order,
        fc.constantFrom('\n', '\r\n'),
        fc.integer({ min: 1, max: 200 }),
        async (movies, columns, lineEnd, chunkBytes) => {
          const read = await moviesOf(csvText(movies, columns, lineEnd), chunkBytes);
          expect(read).toEqual(movies.map((movie) => ({ movie })));
        },
      ),
      { numRuns: 200 },
    );
  });
});

describe('an unusable file is refused', () => {
  test.each([
    ['that is empty', '', 'The input is empty'],
    ['without a column', header.replace('Year,', ''), 'lacks the column Year;'],
    [
      'without two columns',
      header.replace('Year,', '').replace('Genre,', ''),
      'columns Genre, Year;',
    ],
    ['with a column twice', `${header},title`, 'has the column Title twice'],
    ['that is a zip archive', 'PK\x03\x04…', 'zip archive'],
    ['that is cut gzip', gzipSync(header).subarray(0, 40), 'The gzip data is damaged'],
    ['with a quote left open', `${header}\n${upRow}\n51,"Her,${'x'.repeat(99)}`, 'in row 2'],
    ['with an endless cell', `${header}\n51,"${'x'.repeat(2_000_000)}`, 'is not closed'],
  ])('one %s', async (_, input, reason) => {
    await expect(rowsOf(input)).rejects.toThrow(reason);
  });
});

describe('a misshapen row is reported', () => {
  const faultsOf = async (row: string) => (await rowsOf(`${header},\n${row}\n`))[0]?.faults;

  test.each([
    ['with more fields than columns', `${upRow},,x`, 'has 14 fields where the first line has 13'],
    ['with text in a column without a name', `${upRow},x`, 'field 13 "x" has no column'],
    ['with too few fields', up, 'has 6 fields where the first line names 12 columns'],
    ['with a stray quote', upRow.replace('Up', '"Up" and away'), 'goes on after a closing quote'],
  ])('one %s', async (_, row, reason) => {
    await expect(faultsOf(row)).resolves.toContainEqual(expect.stringContaining(reason));
  });

  test('and so is text in another encoding', async () => {
    const latin = Buffer.from(`${header}\n${upRow.replace('Up', 'Café')}\n`, 'latin1');
    expect((await rowsOf(latin))[0]?.faults).toEqual([
      '"Caf\uFFFD" is not UTF-8 text; name its encoding with --encoding',
    ]);
  });

  test('but a quote inside a cell is allowed', async () => {
    const rows = [upRow.replace('Up', '5" of Up'), upRow.replace('Up', '"""Up"" again"')];
    const read = await rowsOf(`${header}\n${rows.join('\n')}\n`);
    expect(read.map(({ cells, faults }) => [cells.title, faults])).toEqual([
      ['5" of Up', []],
      ['"Up" again', []],
    ]);
  });
});
