import { columns, type Field, kaggleFields } from './columns.ts';
import type { ImportedMovie } from './movie-row.ts';

/** A movie as the text of a row's cells. */
export const cellsOfMovie = (movie: ImportedMovie): Record<Field, string> => ({
  rank: movie.movieId.slice(1),
  title: movie.title,
  genres: movie.genres.join(','),
  description: movie.description,
  director: movie.director,
  actors: movie.actors.join(', '),
  year: String(movie.year),
  runtimeMinutes: String(movie.runtimeMinutes),
  rating: String(movie.rating),
  ratingVotes: String(movie.ratingVotes),
  revenueMillions: String(movie.revenueMillions ?? ''),
  metascore: String(movie.metascore ?? ''),
  imdbId: movie.imdbId ?? '',
  tmdbId: String(movie.tmdbId ?? ''),
});

/** Cells as one line of CSV, quoted where the format (RFC 4180) requires; without a line end. */
export const csvLine = (cells: readonly string[]): string => cells.map(csvCell).join(',');

const csvCell = (text: string) =>
  /[",\r\n]|^\s|\s$/u.test(text) ? `"${text.replaceAll('"', '""')}"` : text;

/** Movies as a whole file in the Kaggle layout, with columns in this order. */
export const csvText = (
  movies: readonly ImportedMovie[],
  order: readonly Field[] = kaggleFields,
  lineEnd = '\n',
): string =>
  [
    order.map((field) => columns[field]),
    ...movies.map(cellsOfMovie).map((cells) => order.map((field) => cells[field])),
  ]
    .map((cells) => csvLine(cells) + lineEnd)
    .join('');
