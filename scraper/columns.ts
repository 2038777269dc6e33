import { knownDataset } from './known-datasets.ts';
import { quoted, ScrapeError } from './scrape-error.ts';

/** The columns of the Kaggle layout, in their order, and others, by the field that each fills. */
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
  imdbId: 'IMDb ID',
  tmdbId: 'TMDB ID',
} as const;

export type Field = keyof typeof columns;

/** One row's text by field; null where the file lacks the column. */
export type Cells = Record<Field, string | null>;

export const fields = Object.keys(columns) as Field[];

/** The fields of the Kaggle layout. */
export const kaggleFields = fields.filter((field) => field !== 'imdbId' && field !== 'tmdbId');

/** A file may lack these: rows are numbered, a description is made, others are kept or unknown. */
const optional: readonly Field[] = [
  'rank',
  'description',
  'revenueMillions',
  'metascore',
  'imdbId',
  'tmdbId',
];

/** Other names that people give to the columns, used where a file lacks the name above. */
const aliases: Record<Field, readonly string[]> = {
  rank: ['Ranking'],
  title: ['Name', 'Movie', 'Movie Title', 'Film', 'Film Title'],
  genres: ['Genres'],
  description: ['Overview', 'Plot', 'Summary', 'Synopsis'],
  director: ['Directors', 'Directed By'],
  actors: ['Actor', 'Cast', 'Stars', 'Starring'],
  year: ['Release Year', 'Released Year', 'Year of Release'],
  runtimeMinutes: ['Runtime', 'Runtime (Min)', 'Runtime (Mins)', 'Duration', 'Duration (Minutes)'],
  rating: ['IMDb Rating', 'IMDb Score', 'Average Rating'],
  ratingVotes: ['Rating Votes', 'IMDb Votes', 'Vote Count', 'Num Votes', 'Number of Votes'],
  revenueMillions: ['Revenue', 'Revenue in Millions', 'Gross (Millions)', 'Box Office (Millions)'],
  metascore: ['Metacritic', 'Metacritic Score'],
  imdbId: ['IMDb', 'tconst', 'IMDb Title ID'],
  tmdbId: ['TMDb', 'TheMovieDB ID'],
};

/** Where a file has which column. */
export type Header = {
  names: readonly string[];
  places: Partial<Record<Field, number>>;
  /** The number of columns at the start that have no name, such as the index of a data frame. */
  unnamed: number;
};

/** The columns that the user named, by field. */
export type NamedColumns = Partial<Record<Field, string>>;

const comparable = (name: string) =>
  name
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '');

/** The field of a name such as `Runtime (Minutes)`, or of another one for it; null for others. */
export const fieldOf = (name: string): Field | null =>
  fields.find((field) => isNamed(field, name)) ??
  fields.find((field) => aliases[field].some((one) => comparable(one) === comparable(name))) ??
  null;

/** Whether a name is the field's own, however it is spelt. */
export const isNamed = (field: Field, name: string): boolean =>
  [columns[field], field].some((known) => comparable(known) === comparable(name));

const matching = (names: readonly string[], fits: (name: string) => boolean) =>
  [...names.keys()].filter((place) => fits(names[place] as string));

function placesFor(field: Field, names: readonly string[], asked: NamedColumns): number[] {
  const wanted = asked[field];
  if (wanted !== undefined) {
    const exact = matching(names, (name) => name.trim() === wanted.trim());
    if (exact.length > 0) return exact.slice(0, 1);
    return matching(names, (name) => comparable(name) === comparable(wanted)).slice(0, 1);
  }
  const own = matching(names, (name) => isNamed(field, name));
  if (own.length > 0) return own;
  const others = new Set(aliases[field].map(comparable));
  return matching(names, (name) => others.has(comparable(name)));
}

/** How many fields find a column: the highest number tells the right delimiter. */
export const fieldsFound = (names: readonly string[], asked: NamedColumns): number =>
  fields.filter((field) => placesFor(field, names, asked).length > 0).length;

/**
 * Reads a file's first record. Columns are recognised by name, in any order, regardless of case,
 * spaces and signs; other named columns are ignored.
 * @throws ScrapeError naming each missing column, or two columns for the same field.
 */
export function readHeader(names: readonly string[], asked: NamedColumns = {}): Header {
  const places: Header['places'] = {};
  for (const field of fields) {
    const [place, another] = placesFor(field, names, asked);
    if (place !== undefined && another !== undefined) throw twice(field, names, place, another);
    if (place !== undefined) places[field] = place;
    else if (asked[field] !== undefined) throw notThere(asked[field], names);
  }
  const missing = fields.filter((field) => !(field in places) && !optional.includes(field));
  if (missing.length > 0) throw lacking(missing, names);
  const unnamed = names.findIndex((name) => name.trim() !== '');
  return { names, places, unnamed };
}

/** The optional columns that a file lacks. */
export const lacked = ({ places }: Header): Field[] => fields.filter((field) => !(field in places));

const choice = (field: Field, name = 'NAME') => `--column '${columns[field]}=${name}'`;

const firstLine = (names: readonly string[]) => {
  const shown = names.map((name) => quoted(name.trim())).slice(0, 20);
  return `its first line has ${shown.join(', ')}`;
};

function twice(field: Field, names: readonly string[], place: number, another: number) {
  const [one, two] = [names[place]?.trim() ?? '', names[another]?.trim() ?? ''];
  return new ScrapeError(
    comparable(one) === comparable(two)
      ? `The file has the column ${columns[field]} twice.`
      : `The columns ${quoted(one)} and ${quoted(two)} may both be ${columns[field]}; ` +
          `choose with ${choice(field, one)}.`,
  );
}

const notThere = (name: string, names: readonly string[]) =>
  new ScrapeError(`--column: the file has no column ${quoted(name)}; ${firstLine(names)}.`);

function lacking(missing: readonly Field[], names: readonly string[]): ScrapeError {
  const wanted = missing.map((field) => columns[field]).join(', ');
  const dataset = knownDataset(names);
  const cure = dataset
    ? `This looks like ${dataset}, which is another dataset.`
    : `A column of another name is named with ${choice(missing[0] as Field)}.`;
  return new ScrapeError(
    `The file lacks the ${missing.length === 1 ? 'column' : 'columns'} ${wanted}; ` +
      `${firstLine(names)}. ${cure}`,
  );
}

/** A record's cells, and the faults in its shape. */
export function cellsOf(record: readonly string[], { names, places, unnamed }: Header) {
  const cellOf = (field: Field) => {
    const place = places[field];
    return [field, place === undefined ? null : (record[place] ?? '')];
  };
  const cells = Object.fromEntries(fields.map(cellOf)) as Cells;
  const faults: string[] = [];
  if (record.length > names.length) {
    faults.push(`has ${record.length} fields where the first line has ${names.length}`);
  }
  const named = names.findLastIndex((name) => name.trim() !== '') + 1;
  if (record.length < named) {
    faults.push(`has ${record.length} fields where the first line names ${named} columns`);
  }
  for (const [place, value] of record.entries()) {
    const isKnown = place < unnamed || (names[place] ?? '').trim() !== '';
    if (!isKnown && value.trim() !== '') {
      faults.push(`field ${place + 1} ${quoted(value)} has no column`);
    }
  }
  return { cells, faults };
}
