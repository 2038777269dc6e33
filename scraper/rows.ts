import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { CsvError, type Options, parse } from 'csv-parse';
import { z } from 'zod';
import { type Cells, cellsOf, readHeader } from './columns.ts';
import { quoted, ScrapeError } from './scrape-error.ts';
import type { Source } from './source.ts';

/** A data row: its number from 1, the header not counted, its cells, and faults in its shape. */
export type Row = { row: number; cells: Cells; faults: string[] };

const csv: Options = {
  bom: true,
  // All three, so that a file with mixed line ends is read correctly.
  record_delimiter: ['\r\n', '\n', '\r'],
  relax_column_count: true,
  // A stray quote spoils its own row, not the file; `strayQuotes` finds it.
  relax_quotes: true,
  raw: true,
  skip_empty_lines: true,
  // A quote that is never closed must not read a whole file into memory.
  max_record_size: 1_048_576,
};

const CsvRecord = z.object({ raw: z.string(), record: z.array(z.string()) });

/**
 * Reads rows as they come, and holds only a few in memory.
 * @throws ScrapeError when the header lacks a column or the rest can't be read.
 */
export async function* readRows(source: Source): AsyncGenerator<Row, void> {
  const parser = parse(csv);
  const parts = source.gzipped ? [createGunzip(), parser] : [parser];
  // Errors reach the loop below: the pipeline destroys the parser with them.
  pipeline([source.bytes, ...parts], () => {});
  const records = parser[Symbol.asyncIterator]();
  let row = 0;
  async function next() {
    const { value, done } = await records.next().catch((error: unknown) => {
      throw unreadable(error, row);
    });
    return done ? null : CsvRecord.parse(value);
  }
  try {
    const first = await next();
    if (!first) throw new ScrapeError('The input is empty; its first line has to name columns.');
    const header = readHeader(first.record);
    for (let found = await next(); found; found = await next()) {
      row += 1;
      const { cells, faults } = cellsOf(found.record, header);
      yield { row, cells, faults: [...faults, ...badText(found.record), ...strayQuotes(found)] };
    }
  } finally {
    parser.destroy();
  }
}

/** Finds quoted fields with text after the closing quote, which the parser keeps with quotes. */
function strayQuotes({ raw, record }: z.output<typeof CsvRecord>): string[] {
  const escaped = (value: string) => `"${value.replaceAll('"', '""')}"`;
  return record
    .filter((value) => value.startsWith('"') && !raw.includes(escaped(value)))
    .map((value) => `${quoted(value)} goes on after a closing quote`);
}

const badText = (record: readonly string[]) =>
  record
    .filter((value) => value.includes('\uFFFD'))
    .map((value) => `${quoted(value)} is not UTF-8 text`);

/** An error of the parser, gunzip or the file system, as a sentence that names the place. */
function unreadable(error: unknown, row: number): ScrapeError {
  const { message, code } = error as NodeJS.ErrnoException;
  if (error instanceof CsvError) {
    const { records, lines } = Position.parse(error);
    const where = records === 0 ? 'in its first line' : `in row ${records}`;
    return new ScrapeError(
      `The input can't be read ${where}: a quote that opens there is not closed ` +
        `by line ${lines}.`,
    );
  }
  const what = code?.startsWith('Z_') ? 'The gzip data is damaged' : "The input can't be read on";
  return new ScrapeError(`${what} after row ${row}: ${message}.`);
}

/** The parser's position; the header is its first record. */
const Position = z.object({ records: z.number(), lines: z.number() });
