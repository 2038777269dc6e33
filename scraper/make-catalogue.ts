import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Command, CommanderError } from 'commander';
import { csvText } from './csv-text.ts';
import { checkRow, type ImportedMovie } from './movie-row.ts';
import { ScrapeError } from './scrape-error.ts';
import { openSource } from './source.ts';
import { openTable } from './table.ts';

/**
 * `npm run catalogue -- FACTS.csv`: writes the default catalogue, `catalogue.csv`, with
 * descriptions of our own. The facts are from the public "IMDB data from 2006 to 2016" set; any
 * CSV file in that layout will do. Its descriptions may not be passed on, so they are never read.
 */

export const catalogueFile = join(import.meta.dirname, 'catalogue.csv');

/** The catalogue's text, from a file of facts. */
export async function catalogueFrom(factsFile: string): Promise<string> {
  const movies: ImportedMovie[] = [];
  const { rows, decimal } = await openTable(await openSource(factsFile));
  for await (const { row, cells, faults } of rows) {
    // A null makes the description from the facts.
    const checked = checkRow({ ...cells, description: null }, decimal);
    const wrong = [...faults, ...('faults' in checked ? checked.faults : [])];
    if (!('movie' in checked) || wrong.length > 0) {
      throw new ScrapeError(`Row ${row}: ${wrong.join('; ')}`);
    }
    movies.push(checked.movie);
  }
  return csvText(movies);
}

if (import.meta.main) {
  const command = new Command('catalogue')
    .description('Writes scraper/catalogue.csv from a CSV file of facts in the Kaggle layout.')
    .argument('<facts>', '.csv or .csv.gz file, or - for standard input')
    .exitOverride()
    .action(async (facts: string) => writeFile(catalogueFile, await catalogueFrom(facts)));
  await command.parseAsync().catch((error: unknown) => {
    const known = error instanceof ScrapeError;
    if (!(error instanceof CommanderError)) console.error(known ? error.message : error);
    process.exitCode = error instanceof CommanderError ? error.exitCode && 2 : 2;
  });
}
