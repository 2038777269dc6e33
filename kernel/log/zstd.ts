import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';

/** Level 1: the fastest; an event batch gains little from more. Synchronous: batches are small. */
export const zstd = (plain: Buffer): Buffer =>
  zstdCompressSync(plain, { params: { [constants.ZSTD_c_compressionLevel]: 1 } });

export const unzstd = (compressed: Buffer): Buffer => zstdDecompressSync(compressed);
