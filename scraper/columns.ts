import { quoted, ScrapeError } from './scrape-error.ts';

/** The columns of the Kaggle layout, in their order, by the field that each fills. */
export const columns = {
  rank: 'Rank',
  title: 'Title',
  genres: 'Genre',
  description: 'Description',
  director: 'Director',
  actors: 'Actors',
  year: 'Year',
  runtimeMinutes: 'Runtime (Minutes)',
  rating: 'Rating',
  ratingVotes: 'Votes',
  revenueMillions: 'Revenue (Millions)',
  metascore: 'Metascore',
} as const;

export type Field = keyof typeof columns;

/** One row's text by field; a missing optional column is the empty text. */
export type Cells = Record<Field, string>;

export const fields = Object.keys(columns) as Field[];

/** Many films lack these fields, so a file may lack the whole column. */
const optional: readonly Field[] = ['revenueMillions', 'metascore'];

/** The field at each place of a row; null is a column without a name. */
export type Header = { places: (Field | 'ignored' | null)[] };

const comparable = (name: string) => name.toLowerCase().replace(/\s+/gu, '');
const fieldsByName = new Map(fields.map((field) => [comparable(columns[field]), field]));

/**
 * Reads a file's first record. Columns are recognised by name, in any order, regardless of case and
 * spaces; other named columns are ignored.
 * @throws ScrapeError naming each missing column, or a column that occurs twice.
 */
export function readHeader(names: readonly string[]): Header {
  const places = names.map((name) =>
    comparable(name) === '' ? null : (fieldsByName.get(comparable(name)) ?? 'ignored'),
  );
  const twice = fields.find((field) => places.filter((place) => place === field).length > 1);
  if (twice) throw new ScrapeError(`The file has the column ${columns[twice]} twice.`);
  const missing = fields.filter((field) => !places.includes(field) && !optional.includes(field));
  if (missing.length > 0) {
    const wanted = missing.map((field) => columns[field]).join(', ');
    const has = names.map((name) => quoted(name.trim())).slice(0, 20);
    throw new ScrapeError(
      `The file lacks the ${missing.length === 1 ? 'column' : 'columns'} ${wanted}; ` +
        `its first line has ${has.join(', ')}.`,
    );
  }
  return { places };
}

/** A record's cells, and the faults in its shape. */
export function cellsOf(record: readonly string[], { places }: Header) {
  const cells = Object.fromEntries(fields.map((field) => [field, ''])) as Cells;
  const faults: string[] = [];
  const named = places.findLastIndex((place) => place !== null) + 1;
  if (record.length < named) {
    faults.push(`has ${record.length} fields where the first line names ${named} columns`);
  }
  for (const [index, value] of record.entries()) {
    const place = places[index] ?? null;
    if (place === null) {
      if (value.trim() !== '') faults.push(`field ${index + 1} ${quoted(value)} has no column`);
    } else if (place !== 'ignored') cells[place] = value;
  }
  if (record.length > places.length) {
    faults.unshift(`has ${record.length} fields where the first line has ${places.length}`);
  }
  return { cells, faults };
}
