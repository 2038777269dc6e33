import { ImportedDetails } from '#schemas/movies/movie-details.ts';
import { type Decimal, isMissing, namesOf, numberOf, textOf } from './cell-values.ts';
import { type Cells, columns, type Field } from './columns.ts';
import { describeMovie } from './describe-movie.ts';
import { quoted } from './scrape-error.ts';

/** One line of an import: a movie's id and details, without those whose column the file lacks. */
export type ImportedMovie = ImportedDetails & { movieId: string };

/** The result of checking a row's cells: a movie, or every fault. */
export type CheckedRow = { movie: ImportedMovie } | { faults: string[] };

const unknown = { revenueMillions: null, metascore: null };

/** Checks a row's cells with the command API's own schema. */
export function checkRow(cells: Cells, decimal: Decimal = '.'): CheckedRow {
  const numeric = (field: Field) => numberOf(cells[field] ?? '', decimal);
  /** Null if the cell is empty; left out if the file lacks the column. */
  const optional = (field: Field) => {
    const cell = cells[field];
    return cell !== null && { [field]: isMissing(cell) ? null : numeric(field) };
  };
  const imdbId = cells.imdbId === null ? {} : { imdbId: textOf(cells.imdbId) || null };
  const details = ImportedDetails.safeParse({
    title: textOf(cells.title ?? ''),
    genres: genresOf(cells.genres ?? ''),
    description: cells.description === null ? 'to be made' : textOf(cells.description),
    director: textOf(cells.director ?? ''),
    actors: namesOf(cells.actors ?? ''),
    year: numeric('year'),
    runtimeMinutes: numeric('runtimeMinutes'),
    rating: numeric('rating'),
    ratingVotes: numeric('ratingVotes'),
    ...optional('revenueMillions'),
    ...optional('metascore'),
    ...imdbId,
    ...optional('tmdbId'),
  });
  const rank = numeric('rank');
  const isRank = typeof rank === 'number' && Number.isSafeInteger(rank) && rank >= 0;
  if (details.success && isRank) {
    const movie = { movieId: `m${rank}`, ...details.data };
    if (cells.description === null)
      movie.description = describeMovie({ ...unknown, ...movie, rank });
    return { movie };
  }
  const issues = (details.error?.issues ?? []).map((issue) =>
    fault(issue.path[0] as Field, cells, issue.message),
  );
  const faults = isRank ? issues : [fault('rank', cells, 'must be a whole number'), ...issues];
  return { faults: [...new Set(faults)] };
}

function fault(field: Field, cells: Cells, message: string): string {
  const value = cells[field]?.trim() ?? '';
  if (value === '') return `${columns[field]} is missing`;
  const reason = isMissing(value) ? 'stands for a missing value' : message;
  return `${columns[field]} ${quoted(value)} ${reason}`;
}

/** A genre with the signs of a list in it was not read as it was meant. */
function genresOf(cell: string): string[] | null {
  const genres = namesOf(cell);
  return genres?.some((genre) => /[[\]{}"|;]/.test(genre)) ? null : genres;
}
