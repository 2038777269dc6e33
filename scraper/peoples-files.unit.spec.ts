import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { columns, kaggleFields, type NamedColumns } from './columns.ts';
import { csvLine } from './csv-text.ts';
import { checkRow, type ImportedMovie } from './movie-row.ts';
import { notesOn } from './notes.ts';
import { sourceOf } from './source.ts';
import { openTable } from './table.ts';

/** Files as spreadsheets, pandas, R and people write them. */

const names: string[] = kaggleFields.map((field) => columns[field]);
const first = ['1', 'Amélie', 'Comedy,Romance', 'A film.', 'J.-P. Jeunet', 'Audrey Tautou'];
const second = ['2', 'Heat, Again', 'Crime', 'A film too.', 'M. Mann', 'Al Pacino, Amy Bo'];
const rows = [
  [...first, '2001', '122', '8.3', '722203', '33.23', '69'],
  [...second, '2015', '170', '8.25', '500000', '67', ''],
];
const movies: ImportedMovie[] = [
  {
    ...{ movieId: 'm1', title: 'Amélie', genres: ['Comedy', 'Romance'], description: 'A film.' },
    ...{ director: 'J.-P. Jeunet', actors: ['Audrey Tautou'], year: 2001, runtimeMinutes: 122 },
    ...{ rating: 8.3, ratingVotes: 722_203, revenueMillions: 33.23, metascore: 69 },
  },
  {
    ...{ movieId: 'm2', title: 'Heat, Again', genres: ['Crime'], description: 'A film too.' },
    ...{ director: 'M. Mann', actors: ['Al Pacino', 'Amy Bo'], year: 2015, runtimeMinutes: 170 },
    ...{ rating: 8.25, ratingVotes: 500_000, revenueMillions: 67, metascore: null },
  },
];

type Change = (cell: string, column: string) => string;
type Made = { header?: string[]; change?: Change; delimiter?: string; before?: string };

/** A file with these two rows, written in some other way. */
function text({ header = names, change = (cell) => cell, delimiter = ',', before = '' }: Made) {
  const cells = rows.map((row) => row.map((cell, at) => change(cell, names[at] as string)));
  const lines = [header, ...cells].map((line) => joined(line, delimiter));
  return `${before}${lines.join('\r\n')}\r\n`;
}
const joined = (cells: string[], delimiter: string) =>
  delimiter === ',' ? csvLine(cells) : cells.map((cell) => `"${cell}"`).join(delimiter);

const renamed = (given: Record<string, string>) => names.map((name) => given[name] ?? name);
const utf16be = (content: string) => Buffer.from(`\uFEFF${content}`, 'utf16le').swap16();
/** Each line with another first cell, as the index of a data frame. */
const indexed = (header: string | null) =>
  text({})
    .trimEnd()
    .split('\r\n')
    .map((line, at) => (at > 0 ? `${at},${line}` : header === null ? line : `${header},${line}`))
    .join('\n');
/** The file without a column. */
const without = (column: string) => {
  const at = names.indexOf(column);
  return [names, ...rows].map((line) => csvLine(line.toSpliced(at, 1))).join('\n');
};
const decimals = (cell: string) => cell.replace(/^(\d+)\.(\d+)$/, '$1,$2');
const floats: Change = (cell, column) =>
  ['Rank', 'Metascore', 'Year'].includes(column) && cell !== '' ? `${cell}.0` : cell;
const genres =
  (write: (names: string[]) => string): Change =>
  (cell, column) =>
    column === 'Genre' ? write(cell.split(',')) : cell;

type Asked = { encoding?: string; columns?: NamedColumns; replace?: boolean };

async function read(content: string | Buffer, { replace = false, ...options }: Asked = {}) {
  const source = await sourceOf(Readable.from([Buffer.from(content)]), null);
  const table = await openTable(source, options);
  const found = await Readable.from(table.rows).toArray();
  const checked = found.map(({ cells, faults }) => {
    const one = checkRow(cells, table.decimal);
    const all = [...faults, ...('faults' in one ? one.faults : [])];
    return 'movie' in one && all.length === 0 ? one.movie : all;
  });
  return { notes: notesOn(table, replace), movies: checked };
}

const unnamed = 'The first column has no name and is ignored.';
const noNote: string[] = [];

describe('both films are read, and said is what was found', () => {
  test.each<[string, string | Buffer, string[]]>([
    ['from a file as usual', text({}), noNote],
    ['with an index of pandas', indexed(''), [unnamed]],
    ['with an index of R', indexed('""'), [unnamed]],
    ['with an index that R’s first line leaves out', indexed(null), [unnamed]],
    [
      'with an index that pandas has read and written again',
      indexed('Unnamed: 0'),
      ['"Unnamed: 0" is an index and ignored.'],
    ],
    ['with whole numbers as decimals', text({ change: floats }), noNote],
    [
      'with `Revenue` for `Revenue (Millions)`',
      text({ header: renamed({ 'Revenue (Millions)': 'Revenue' }) }),
      ['"Revenue" is read as Revenue (Millions).'],
    ],
    ['in snake case', text({ header: names.map((name) => name.replace(/\W+/g, '_')) }), noNote],
    ['in names as R makes them', text({ header: names.map((n) => n.replace(/\W/g, '.')) }), noNote],
    [
      'with other names',
      text({ header: renamed({ Actors: 'Cast', Rating: 'imdb_rating', Year: 'Release Year' }) }),
      [
        '"Cast" is read as Actors, "Release Year" is read as Year, ' +
          '"imdb_rating" is read as Rating.',
      ],
    ],
    [
      'separated by semicolons',
      text({ delimiter: ';' }),
      ['The file has semicolons between the cells.'],
    ],
    ['separated by tabs', text({ delimiter: '\t' }), ['The file has tabs between the cells.']],
    ['separated by bars', text({ delimiter: '|' }), ['The file has bars between the cells.']],
    [
      'with a line for Excel',
      text({ delimiter: ';', before: 'sep=;\r\n' }),
      ['The file has semicolons between the cells.'],
    ],
    ['with such a line for commas', text({ before: 'sep=,\n' }), noNote],
    [
      'as a German Excel writes them',
      text({ delimiter: ';', change: decimals }),
      ['The file has semicolons between the cells, decimal commas.'],
    ],
    ['with decimal commas in quotes', text({ change: decimals }), ['The file has decimal commas.']],
    [
      'as Excel’s “Unicode text”',
      Buffer.from(`\uFEFF${text({ delimiter: '\t' })}`, 'utf16le'),
      ['The file has UTF-16LE text, tabs between the cells.'],
    ],
    ['in UTF-16, big end first', utf16be(text({})), ['The file has UTF-16BE text.']],
    ['in UTF-16 without a mark', Buffer.from(text({}), 'utf16le'), ['The file has UTF-16LE text.']],
    ['in UTF-8 with a mark', `\uFEFF${text({})}`, noNote],
    [
      'compressed',
      gzipSync(text({ delimiter: ';' })),
      ['The file has semicolons between the cells.'],
    ],
    ['with genres after bars', text({ change: genres((all) => all.join('|')) }), noNote],
    ['with genres after semicolons', text({ change: genres((all) => all.join('; ')) }), noNote],
    ['with genres as JSON', text({ change: genres((all) => JSON.stringify(all)) }), noNote],
    [
      'with genres as a Python list',
      text({ change: genres((all) => `['${all.join("', '")}']`) }),
      noNote,
    ],
    ['with genres of NumPy', text({ change: genres((a) => `['${a.join("' '")}']`) }), noNote],
    ['with genres in bare brackets', text({ change: genres((a) => `[${a.join(', ')}]`) }), noNote],
  ])('%s', async (_, content, notes) => {
    await expect(read(content)).resolves.toEqual({ notes, movies });
  });

  test.each(['NaN', 'nan', 'NA', 'N/A', '\\N', 'null', 'NULL', 'None', '-', ' '])(
    'with %j for a missing value',
    async (sign) => {
      const change: Change = (cell) => (cell === '' ? sign : cell);
      await expect(read(text({ change }))).resolves.toEqual({ notes: [], movies });
    },
  );

  test('with columns that the user has named, also one for two fields', async () => {
    const header = renamed({ 'Runtime (Minutes)': 'Dauer', Title: 'Was' });
    const named = await read(text({ header }), {
      columns: { runtimeMinutes: 'Dauer', title: 'was', description: 'was' },
    });
    expect(named.movies).toEqual(movies.map((one) => ({ ...one, description: one.title })));
    expect(named.notes).toEqual([
      '"Was" is read as Title, "Was" is read as Description, "Dauer" is read as Runtime (Minutes).',
    ]);
  });
});

describe('text that is not UTF-8', () => {
  const latin = Buffer.from(text({}), 'latin1');
  const mac = Buffer.from(latin.map((byte) => (byte === 0xe9 ? 0x8e : byte)));

  test.each([
    ['windows-1252', latin],
    ['macintosh', mac],
  ])('is read as %s if the user says so', async (encoding, content) => {
    const { movies: all } = await read(content, { encoding });
    expect(all).toEqual(movies);
  });

  test.each([
    ['windows-1252', latin, 'windows-1252 reads "Amélie", --encoding macintosh reads "AmÈlie".'],
    ['MacRoman', mac, 'windows-1252 reads "AmŽlie", --encoding macintosh reads "Amélie".'],
  ])('from %s is rejected by row, and how it would read is said', async (_, content, readings) => {
    await expect(read(content)).resolves.toEqual({
      notes: [`The file is not all UTF-8: --encoding ${readings}`],
      movies: [['"Am\uFFFDlie" is not UTF-8 text; name its encoding with --encoding'], movies[1]],
    });
  });
});

describe('a file may lack columns', () => {
  const notRead = 'Not read: "Gross". If one is missed, name it with --column.';

  test('of numbers that a film may lack: they are left out of the line', async () => {
    const content = text({ header: renamed({ 'Revenue (Millions)': 'Gross' }) });
    const { revenueMillions, ...kept } = movies[0] as ImportedMovie;
    const { notes, movies: all } = await read(content);
    expect(all[0]).toEqual(kept);
    expect(notes).toEqual([
      'The file has no column Revenue (Millions): what is stored is kept (--replace clears it).',
      notRead,
    ]);
    expect((await read(content, { replace: true })).notes).toEqual([
      'The file has no column Revenue (Millions): it is cleared.',
      notRead,
    ]);
  });

  test('Description: it is made from the other columns', async () => {
    const { notes, movies: all } = await read(without('Description'));
    expect(all).toMatchObject([
      { title: 'Amélie', description: expect.stringMatching(/Jeunet/) },
      { movieId: 'm2' },
    ]);
    expect(notes).toEqual([
      'The file has no column Description: known movies keep theirs, new ones get one made ' +
        'from the other columns.',
    ]);
  });

  test('Rank: rows are numbered, but not where this could replace other films', async () => {
    const { notes, movies: all } = await read(without('Rank'));
    expect(all).toEqual(movies);
    expect(notes).toEqual([
      'The file has no column Rank: rows are numbered, and row 1 is the movie m1.',
    ]);
    await expect(read(without('Rank'), { replace: true })).rejects.toThrow(/--column 'Rank=NAME'/);
  });
});

describe('one strange cell rejects its row only', () => {
  test.each<[string, Change, string]>([
    ['a genre with half a bracket', (cell) => `['${cell}`, 'Genre "[\'Crime" must be a list'],
    ['genres in objects', (cell) => `[{"name": "${cell}"}]`, 'must be a list'],
    ['genres in two ways', (cell) => `${cell}|A,B`, 'must not contain a comma'],
  ])('%s', async (_, strange, reason) => {
    const change: Change = (cell, column) =>
      column === 'Genre' && cell === 'Crime' ? strange(cell, column) : cell;
    const { movies: all } = await read(text({ change }));
    expect(all).toEqual([movies[0], [expect.stringContaining(reason)]]);
  });

  test('a number with the other decimal sign', async () => {
    const change: Change = (cell) => (cell === '8.3' ? '8,3' : cell);
    const { movies: all } = await read(text({ change }));
    expect(all).toEqual([['Rating "8,3" must be a number'], movies[1]]);
  });
});

test('any names survive as a list of Python, as JSON, and after bars', async () => {
  const name = fc
    .string({ minLength: 1, maxLength: 20, unit: fc.constantFrom(..."ab é'\\,-.") })
    .map((value) => value.trim())
    .filter((value) => /[ab]/.test(value));
  const python = (all: string[]) =>
    `[${all.map((one) => `'${one.replace(/['\\]/g, '\\$&')}'`).join(', ')}]`;
  const write = fc.constantFrom(python, JSON.stringify, (all: string[]) => `${all.join('|')}|`);
  await fc.assert(
    fc.asyncProperty(fc.array(name, { minLength: 1, maxLength: 4 }), write, async (all, as) => {
      const change: Change = (cell, column) => (column === 'Actors' ? as(all) : cell);
      expect((await read(text({ change }))).movies[0]).toMatchObject({ actors: all });
    }),
    { numRuns: 100 },
  );
});

describe('another file is refused by what it is', () => {
  const zip = (entry: string) => `PK\x03\x04\x14\0\0\0\0\0${'\0'.repeat(20)}${entry}`;

  test.each([
    ['an Excel workbook', zip('[Content_Types].xml…PK\x03\x04…xl/workbook.xml')],
    ['an OpenDocument file', zip('mimetypeapplication/vnd.oasis.opendocument.spreadsheet')],
    ['an Apple Numbers document', zip('Index/Document.iwa')],
    ['a zip archive', zip('movies.csv')],
    ['an Excel workbook in the format before 2007', '\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1'],
    ['a Parquet file', 'PAR1\x15\0'],
    ['JSON', '[{"Rank": 1, "Title": "Up"}]'],
    ['JSON', '{"Rank": 1, "Title": "Up"}\n{"Rank": 2'],
    ['a web page', '\n<!DOCTYPE html><html>'],
    ['an SQLite database', 'SQLite format 3\0'],
    ['a file in R’s own format', gzipSync('X\n\0\0\0\x03\0')],
  ])('%s', async (kind, content) => {
    const bytes = typeof content === 'string' ? Buffer.from(content, 'latin1') : content;
    await expect(read(bytes)).rejects.toThrow(`This is ${kind}; `);
  });

  test.each([
    ['the movies of TMDB', 'budget,genres,id,production_companies,title,vote_average'],
    ['the credits of TMDB', 'movie_id,title,cast,crew'],
    ['the movies of MovieLens', 'movieId,title,genres'],
    ['the ratings of MovieLens', 'userId,movieId,rating,timestamp'],
    ['IMDb’s title.basics', 'tconst\ttitleType\tprimaryTitle\tstartYear\tgenres'],
    ['Kaggle’s “Netflix titles”', 'show_id,type,title,director,cast,date_added,listed_in'],
  ])('%s', async (dataset, header) => {
    await expect(read(`${header}\n`)).rejects.toThrow(
      new RegExp(`^The file lacks the columns .* This looks like ${dataset}.* another dataset\\.$`),
    );
  });

  test.each<[string, string, Asked, string]>([
    ['a column of an unknown name', text({ header: renamed({ Year: 'When' }) }), {}, "'Year=NAME'"],
    [
      'two columns for a field',
      text({ header: [...renamed({ Rating: 'IMDb Rating' }), 'imdb_score'] }),
      {},
      '"IMDb Rating" and "imdb_score" may both be Rating; choose with --column \'Rating=IMDb',
    ],
    [
      'revenues in dollars',
      text({
        header: renamed({ 'Revenue (Millions)': 'Revenue' }),
        change: (cell, column) => (column.startsWith('Rev') ? '33230000' : cell),
      }),
      {},
      'The column "Revenue" seems to be in dollars',
    ],
    [
      'a named column that is not there',
      text({}),
      { columns: { year: 'When' } },
      'the file has no column "When"; its first line has "Rank"',
    ],
  ])('%s', async (_, content, asked, reason) => {
    await expect(read(content, asked)).rejects.toThrow(reason);
  });
});
