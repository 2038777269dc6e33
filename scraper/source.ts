import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { refuseOtherKinds } from './file-kind.ts';
import { ScrapeError } from './scrape-error.ts';

/** A CSV file or standard input, as a stream of bytes. */
export type Source = {
  /** The content, unpacked where it was compressed with gzip. */
  bytes: Readable;
  /** The first part of `bytes`, from which the layout is recognised. */
  start: Buffer;
  /** All bytes, as stored; null if unknown before the end. */
  size: number | null;
  /** Bytes read so far, as stored. */
  readBytes: () => number;
  close: () => void;
};

/** Holds some hundred rows. */
export const startBytes = 65_536;

/**
 * Opens a file, or standard input for `-`; gzip is recognised by its first bytes, not by the name.
 * @throws ScrapeError if the file can't be opened, or is of another kind.
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
  const close = () => void input.destroy();
  try {
    const stored = await peek(counted(), gzipMagic.length);
    const isGzip = stored.start.subarray(0, gzipMagic.length).equals(gzipMagic);
    const { start, whole } = await peek(isGzip ? unpacked(stored.whole) : stored.whole, startBytes);
    refuseOtherKinds(start);
    const bytes = Readable.from(whole, { objectMode: false });
    return { bytes, start, size, readBytes: () => read, close };
  } catch (error) {
    close();
    throw error;
  }
}

const gzipMagic = Buffer.from([0x1f, 0x8b]);

/** Errors of the input and of gunzip reach who iterates. */
function unpacked(chunks: AsyncIterable<Buffer>): AsyncIterable<Buffer> {
  const gunzip = createGunzip();
  pipeline(Readable.from(chunks, { objectMode: false }), gunzip, () => {});
  return gunzip;
}

/** Reads chunks until they hold so many bytes. An error comes after them, in its place. */
async function peek(chunks: AsyncIterable<Buffer>, bytes: number) {
  const iterator = chunks[Symbol.asyncIterator]();
  const first: Buffer[] = [];
  let failure: { error: unknown } | null = null;
  try {
    for (let length = 0; length < bytes; ) {
      const { value, done } = await iterator.next();
      if (done) break;
      first.push(value);
      length += value.length;
    }
  } catch (error) {
    failure = { error };
  }
  const start = Buffer.concat(first);
  async function* whole(): AsyncGenerator<Buffer, void> {
    if (start.length > 0) yield start;
    if (failure) throw failure.error;
    yield* { [Symbol.asyncIterator]: () => iterator };
  }
  return { start, whole: whole() };
}
