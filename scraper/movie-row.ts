import { MovieDetails } from '#schemas/movies/movie-details.ts';
import { type Cells, columns, type Field } from './columns.ts';
import { quoted } from './scrape-error.ts';

/** One line of an import: a movie's id and details. */
export type ImportedMovie = MovieDetails & { movieId: string };

/** The result of checking a row's cells: a movie, or every fault. */
export type CheckedRow = { movie: ImportedMovie } | { faults: string[] };

/** Checks a row's cells with the command API's own schema. */
export function checkRow(cells: Cells): CheckedRow {
  const rank = cells.rank.trim();
  const details = MovieDetails.safeParse({
    title: text(cells.title),
    genres: listed(cells.genres),
    description: text(cells.description),
    director: text(cells.director),
    actors: listed(cells.actors),
    year: numeric(cells.year),
    runtimeMinutes: numeric(cells.runtimeMinutes),
    rating: numeric(cells.rating),
    ratingVotes: numeric(cells.ratingVotes),
    revenueMillions: optional(cells.revenueMillions),
    metascore: optional(cells.metascore),
  });
  const isRank = /^\d{1,15}$/.test(rank);
  if (details.success && isRank) {
    return { movie: { movieId: `m${Number(rank)}`, ...details.data } };
  }
  const issues = (details.error?.issues ?? []).map((issue) =>
    fault(issue.path[0] as Field, cells, issue.message),
  );
  const faults = isRank ? issues : [fault('rank', cells, 'must be a whole number'), ...issues];
  return { faults: [...new Set(faults)] };
}

function fault(field: Field, cells: Cells, message: string): string {
  const value = cells[field].trim();
  return value === ''
    ? `${columns[field]} is missing`
    : `${columns[field]} ${quoted(value)} ${message}`;
}

/** A cell's text without line breaks, at which some files wrap it. */
const text = (cell: string) => cell.replace(/\s*[\r\n\t]+\s*/gu, ' ').trim();

const listed = (cell: string) =>
  text(cell)
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');

/** A number, or the unchanged text, which the schema then refuses. */
function numeric(cell: string): number | string {
  const value = cell.trim();
  return /^-?\d+(\.\d+)?$/.test(value) ? Number(value) : value;
}

const optional = (cell: string) => (cell.trim() === '' ? null : numeric(cell));
