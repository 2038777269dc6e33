import { pipeline } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import { z } from 'zod';
import { type Decimal, decimalOf, isMissing } from './cell-values.ts';
import { type Cells, cellsOf, columns, type Field, type Header, readHeader } from './columns.ts';
import { csv, encodingName, type Layout, type LayoutOptions, layoutOf } from './layout.ts';
import { quoted, ScrapeError } from './scrape-error.ts';
import type { Source } from './source.ts';

/** A data row: its number from 1, the header not counted, its cells, and faults in its shape. */
export type Row = { row: number; cells: Cells; faults: string[] };

/** A CSV file whose columns are known. */
export type Table = {
  layout: Layout;
  header: Header;
  decimal: Decimal;
  /** The rows as they come; only a few are held in memory. */
  rows: AsyncGenerator<Row, void>;
};

type CsvRecord = z.output<typeof CsvRecord>;
const CsvRecord = z.object({ raw: z.string(), record: z.array(z.string()) });

/**
 * Recognises a file's layout and reads its columns.
 * @throws ScrapeError when the header lacks a column; `rows` throws when the rest can't be read.
 */
export async function openTable(source: Source, options: LayoutOptions = {}): Promise<Table> {
  const layout = layoutOf(source, options);
  const records = recordsOf(source, layout);
  if (layout.hasSepLine) await records.next();
  const { value: first } = await records.next();
  if (!first) throw new ScrapeError('The input is empty; its first line has to name columns.');
  const sample = layout.sample.slice(1);
  const header = readHeader(namesWithIndex(first.record, sample), options.columns);
  const cellsIn = (field: Field) =>
    sample.map((record) => record[header.places[field] ?? -1] ?? '');
  refuseDollars(header, cellsIn('revenueMillions'));
  const decimal = decimalOf([...cellsIn('rating'), ...cellsIn('revenueMillions')]);
  return { layout, header, decimal, rows: rowsOf(records, header, layout) };
}

/** R's write.table numbers the rows in a first column that its first line leaves out. */
function namesWithIndex(names: string[], sample: readonly string[][]): string[] {
  const hasIndex =
    sample.length > 0 &&
    sample.every(({ length }) => length === names.length + 1) &&
    sample.every(([index], at) => Number(index) === at + 1);
  return hasIndex ? ['', ...names] : names;
}

/** No film earns 100,000 millions: a column without a unit that often has more is in dollars. */
function refuseDollars({ names, places }: Header, revenues: readonly string[]): void {
  const name = names[places.revenueMillions ?? -1]?.trim() ?? '';
  const known = revenues.filter((revenue) => !isMissing(revenue));
  const isDollars = known.filter((revenue) => Number(revenue) > 100_000).length > known.length / 2;
  if (/million/i.test(name) || !isDollars) return;
  throw new ScrapeError(
    `The column ${quoted(name)} seems to be in dollars, and ${columns.revenueMillions} is in ` +
      'millions: divide it by 1,000,000, or leave it out.',
  );
}

async function* rowsOf(records: AsyncIterable<CsvRecord>, header: Header, { encoding }: Layout) {
  let row = 0;
  for await (const found of records) {
    row += 1;
    const { cells, faults } = cellsOf(found.record, header);
    const all = [...faults, ...badText(found.record, encoding), ...strayQuotes(found)];
    // Without ranks, rows are numbered.
    yield { row, cells: { ...cells, rank: cells.rank ?? String(row) }, faults: all };
  }
}

/** @throws ScrapeError when the input can't be read. */
async function* recordsOf(source: Source, layout: Layout): AsyncGenerator<CsvRecord, void> {
  const parser = parse({ ...csv, delimiter: layout.delimiter, raw: true });
  async function* decoded(bytes: AsyncIterable<Buffer>) {
    const decoder = new TextDecoder(layout.encoding);
    for await (const chunk of bytes) yield decoder.decode(chunk, { stream: true });
    yield decoder.decode();
  }
  // Errors reach the loop below: the pipeline destroys the parser with them.
  pipeline(source.bytes, decoded, parser, () => {});
  let row = layout.hasSepLine ? -2 : -1;
  try {
    for await (const found of parser) {
      row += 1;
      yield CsvRecord.parse(found);
    }
  } catch (error) {
    throw unreadable(error, Math.max(row, 0), layout);
  } finally {
    parser.destroy();
  }
}

/** Finds quoted fields with text after the closing quote, which the parser keeps with quotes. */
function strayQuotes({ raw, record }: CsvRecord): string[] {
  const escaped = (value: string) => `"${value.replaceAll('"', '""')}"`;
  return record
    .filter((value) => value.startsWith('"') && !raw.includes(escaped(value)))
    .map((value) => `${quoted(value)} goes on after a closing quote`);
}

/** Finds the first text that the encoding doesn't have, and shows it with its surroundings. */
function badText(record: readonly string[], encoding: string): string[] {
  const around = /.{0,12}?\uFFFD.{0,12}/su;
  const found = record.map((value) => around.exec(value)?.[0]).find((text) => text !== undefined);
  if (found === undefined) return [];
  const name = encodingName(encoding);
  return [`${quoted(found.trim())} is not ${name} text; name its encoding with --encoding`];
}

/** An error of the parser, gunzip or the file system, as a sentence that names the place. */
function unreadable(error: unknown, row: number, { hasSepLine }: Layout): ScrapeError {
  const { message, code } = error as NodeJS.ErrnoException;
  if (error instanceof CsvError) {
    const { records, lines } = Position.parse(error);
    const at = records - (hasSepLine ? 1 : 0);
    const where = at <= 0 ? 'in its first line' : `in row ${at}`;
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
