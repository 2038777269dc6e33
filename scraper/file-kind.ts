import { ScrapeError } from './scrape-error.ts';

type Kind = { is: (start: Buffer) => boolean; refusal: string };

const magic =
  (bytes: string, at = 0) =>
  (start: Buffer) =>
    start.subarray(at, at + bytes.length).equals(Buffer.from(bytes, 'latin1'));
const isZip = magic('PK\x03\x04');
const zipWith = (name: string) => (start: Buffer) => isZip(start) && start.includes(name);
const textLike = (pattern: RegExp) => (start: Buffer) =>
  pattern.test(start.subarray(0, 1_000).toString('latin1'));

const unpack = 'unpack it and name the CSV file in it';

/** Files that people have in place of a CSV file, by content; the first that fits counts. */
const kinds: readonly Kind[] = [
  { is: zipWith('xl/'), refusal: 'an Excel workbook; save it as CSV' },
  {
    is: zipWith('application/vnd.oasis.opendocument'),
    refusal: 'an OpenDocument file; save its table as CSV',
  },
  { is: zipWith('.iwa'), refusal: 'an Apple Numbers document; export it as CSV' },
  { is: isZip, refusal: `a zip archive; ${unpack}` },
  {
    is: magic('\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1'),
    refusal: 'an Excel workbook in the format before 2007; save it as CSV',
  },
  { is: magic('PAR1'), refusal: 'a Parquet file; write its table as CSV' },
  { is: magic('ARROW1'), refusal: 'an Arrow file; write its table as CSV' },
  { is: magic('SQLite format 3\0'), refusal: 'an SQLite database; export its table as CSV' },
  { is: magic('X\n\0\0\0'), refusal: 'a file in R’s own format; use write.csv' },
  { is: magic('\x80\x04\x95'), refusal: 'a Python pickle; use to_csv' },
  { is: magic('ustar', 257), refusal: `a tar archive; ${unpack}` },
  { is: magic('BZh'), refusal: `compressed with bzip2; unpack it` },
  { is: magic('\xfd7zXZ\0'), refusal: `compressed with xz; unpack it` },
  { is: magic('\x28\xb5\x2f\xfd'), refusal: `compressed with zstd; unpack it` },
  { is: magic('7z\xbc\xaf\x27\x1c'), refusal: `a 7z archive; ${unpack}` },
  { is: magic('%PDF-'), refusal: 'a PDF document; a CSV file is needed' },
  {
    is: textLike(/^(\xef\xbb\xbf)?\s*<(!doctype|html)/i),
    refusal: 'a web page; download the CSV file itself',
  },
  { is: textLike(/^(\xef\xbb\xbf)?\s*<\?xml/), refusal: 'XML; write its table as CSV' },
  { is: textLike(/^(\xef\xbb\xbf)?\s*[[{]/), refusal: 'JSON; write its table as CSV' },
];

/** @throws ScrapeError naming what the file is, if it is known not to be CSV. */
export function refuseOtherKinds(start: Buffer): void {
  const kind = kinds.find(({ is }) => is(start));
  if (kind) throw new ScrapeError(`This is ${kind.refusal}.`);
}
