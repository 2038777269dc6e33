import { join } from 'node:path';
import type { MovieDocument } from '#schemas/movies/movies-view.ts';
import { checkRow } from '../scraper/movie-row.ts';
import { openSource } from '../scraper/source.ts';
import { openTable } from '../scraper/table.ts';
import { movieDocument } from './movie-documents.ts';

export const catalogueCsv = join(import.meta.dirname, '../scraper/catalogue.csv');

/** The movies of a file in the Kaggle layout, as the projector writes them. */
export async function moviesOf(path: string): Promise<MovieDocument[]> {
  const movies: MovieDocument[] = [];
  const { rows, decimal } = await openTable(await openSource(path));
  for await (const { cells } of rows) {
    const checked = checkRow(cells, decimal);
    if (!('movie' in checked)) throw new Error(checked.faults.join('; '));
    const { movieId, ...details } = checked.movie;
    movies.push(movieDocument({ _id: movieId, ...details }));
  }
  return movies;
}
