import type { Options } from 'csv-parse';
import { parse } from 'csv-parse/sync';
import { fieldsFound, type NamedColumns } from './columns.ts';
import { type Source, startBytes } from './source.ts';

/** How a file's bytes become records. */
export type Layout = {
  /** A name of the Encoding Standard, such as `utf-8`. */
  encoding: string;
  delimiter: string;
  /** Whether a line such as `sep=;`, which Excel reads, comes before the columns. */
  hasSepLine: boolean;
  /** The first records, the columns among them. */
  sample: string[][];
  /** A word of the start that is not UTF-8, where the file is read as UTF-8. */
  foreignText: Buffer | null;
};

/** As people write it: UTF-8, but windows-1252. */
export const encodingName = (encoding: string): string =>
  encoding.replace(/^utf.*/, (text) => text.toUpperCase());

/** What the user said of the file. */
export type LayoutOptions = { encoding?: string; columns?: NamedColumns };

export const csv: Options = {
  // All three, so that a file with mixed line ends is read correctly.
  record_delimiter: ['\r\n', '\n', '\r'],
  relax_column_count: true,
  // A stray quote spoils its own row, not the file.
  relax_quotes: true,
  skip_empty_lines: true,
  // A quote that is never closed must not read a whole file into memory.
  max_record_size: 1_048_576,
};

const delimiters = [',', ';', '\t', '|'];
const sampleRecords = 100;

/** Recognises the layout from the content's start; it never fails. */
export function layoutOf({ start }: Source, { encoding, columns = {} }: LayoutOptions): Layout {
  const used = encoding ?? encodingOf(start);
  const text = new TextDecoder(used).decode(start, { stream: true });
  const sepLine = /^"?sep=(.)"?(?:\r\n|\n|\r)/iu.exec(text)?.[1];
  const tried = (sepLine ? [sepLine] : delimiters).map((delimiter) => {
    const records = recordsOf(text, delimiter, start.length < startBytes);
    const sample = records.slice(sepLine ? 1 : 0);
    return { delimiter, sample, found: fieldsFound(sample[0] ?? [], columns) };
  });
  // Where no column is known, the delimiter of most columns is shown in the error.
  const columnsOf = ({ sample }: { sample: string[][] }) => sample[0]?.length ?? 0;
  const [best] = tried.toSorted((a, b) => b.found - a.found || columnsOf(b) - columnsOf(a));
  const { delimiter, sample } = best as (typeof tried)[number];
  const foreignText = used === 'utf-8' ? foreignWord(start, text) : null;
  return { encoding: used, delimiter, hasSepLine: sepLine !== undefined, sample, foreignText };
}

function recordsOf(text: string, delimiter: string, isWhole: boolean): string[][] {
  const options = { ...csv, delimiter, to: sampleRecords, skip_records_with_error: true };
  const records: string[][] = parse(text, options);
  // The last record is cut where the sample ends.
  const isCut = !isWhole && records.length > 1 && records.length < sampleRecords;
  return isCut ? records.slice(0, -1) : records;
}

/** By the byte order mark, or by the zero bytes that UTF-16 has beside each ASCII character. */
function encodingOf(start: Buffer): string {
  if (start[0] === 0xff && start[1] === 0xfe) return 'utf-16le';
  if (start[0] === 0xfe && start[1] === 0xff) return 'utf-16be';
  const pairs = Math.floor(Math.min(start.length, 400) / 2);
  const zerosAt = (half: number) =>
    Array.from({ length: pairs }, (_, pair) => start[pair * 2 + half]).filter((byte) => byte === 0);
  if (pairs > 0 && zerosAt(1).length > pairs / 2) return 'utf-16le';
  if (pairs > 0 && zerosAt(0).length > pairs / 2) return 'utf-16be';
  return 'utf-8';
}

/** The word around the first bytes that are not UTF-8; none where the file has U+FFFD itself. */
function foreignWord(start: Buffer, text: string): Buffer | null {
  const before = text.split('\uFFFD', 1)[0] as string;
  if (before.length === text.length) return null;
  const mark = start.indexOf('\uFEFF') === 0 ? 3 : 0;
  const at = mark + Buffer.byteLength(before);
  if (start.indexOf('\uFFFD') === at) return null;
  const isEdge = (byte: number | undefined) =>
    byte === undefined || ' \t\r\n,;|"'.includes(String.fromCharCode(byte));
  let [from, to] = [at, at];
  while (!isEdge(start[from - 1])) from -= 1;
  while (!isEdge(start[to])) to += 1;
  return start.subarray(from, to);
}
