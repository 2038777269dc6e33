import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { ScrapeError } from './scrape-error.ts';

/** A CSV file or standard input, as a stream of bytes. */
export type Source = {
  /** Plain bytes, or gzip where `gzipped` says so. */
  bytes: Readable;
  gzipped: boolean;
  /** All bytes, as stored; null if unknown before the end. */
  size: number | null;
  /** Bytes read so far, as stored. */
  readBytes: () => number;
};

/**
 * Opens a file, or standard input for `-`; gzip is recognised by its first bytes, not by the name.
 * @throws ScrapeError if the file can't be opened or is a zip archive.
 */
export async function openSource(path: string): Promise<Source> {
  if (path === '-') return sourceOf(process.stdin, null);
  const info = await stat(path).catch((error: NodeJS.ErrnoException) => {
    throw new ScrapeError(
      error.code === 'ENOENT' ? `There is no file ${path}.` : `${path}: ${error.message}`,
    );
  });
  if (info.isDirectory()) throw new ScrapeError(`${path} is a folder; name a CSV file.`);
  // The size of a pipe or device means nothing.
  return sourceOf(
    createReadStream(path, { highWaterMark: 16_384 }),
    info.isFile() ? info.size : null,
  );
}

/** Makes a source of any stream of bytes. @throws ScrapeError like `openSource`. */
export async function sourceOf(input: Readable, size: number | null): Promise<Source> {
  let read = 0;
  async function* counted(): AsyncGenerator<Buffer, void> {
    for await (const chunk of input) {
      read += chunk.length;
      yield Buffer.isBuffer(chunk) ? chunk : Buffer.from(chunk);
    }
  }
  const chunks = counted();
  const start = await firstBytes(chunks);
  if (start.subarray(0, 4).equals(zipMagic)) {
    await chunks.return();
    throw new ScrapeError('This is a zip archive; unpack it and name the CSV file in it.');
  }
  async function* whole() {
    if (start.length > 0) yield start;
    yield* chunks;
  }
  return {
    bytes: Readable.from(whole(), { objectMode: false }),
    gzipped: start.subarray(0, 2).equals(gzipMagic),
    size,
    readBytes: () => read,
  };
}

const gzipMagic = Buffer.from([0x1f, 0x8b]);
const zipMagic = Buffer.from('PK\x03\x04', 'latin1');

/** Reads chunks until they hold a whole magic number. */
async function firstBytes(chunks: AsyncGenerator<Buffer, void>): Promise<Buffer> {
  let start = Buffer.alloc(0);
  while (start.length < 4) {
    const { value, done } = await chunks.next().catch((error: Error) => {
      throw new ScrapeError(`The input can't be read: ${error.message}.`);
    });
    if (done || !value) break;
    start = Buffer.concat([start, value]);
  }
  return start;
}
