import { LRUCache } from 'lru-cache';
import { bytesOf } from './batch-size.ts';
import type { Document } from './fold.ts';

/** Documents as stored, null for those that don't exist, of one pass over a lane. */
export type PassCache = {
  get(id: string): { document: Document | null } | undefined;
  set(id: string, document: Document | null): void;
};

const cacheBytes = 64 * 2 ** 20;
/** Larger documents would leave no room for others, and cost little more to read than to write. */
const largestBytes = 2 ** 20;
/** For the entry itself. */
const entryBytes = 200;

/**
 * The documents that the lanes of a process have folded last, so that they aren't read again.
 * Bounded in bytes, for all lanes and views together.
 */
export class DocumentCache {
  readonly #documents = new LRUCache<string, { document: Document | null }>({
    maxSize: cacheBytes,
    maxEntrySize: largestBytes,
    sizeCalculation: ({ document }, key) =>
      entryBytes + key.length + (document ? bytesOf(document) : 0),
  });
  #passes = 0;

  get bytes(): number {
    return this.#documents.calculatedSize;
  }

  /** An empty cache: what earlier passes have stored may be of another owner's past. */
  forPass(): PassCache {
    this.#passes += 1;
    const prefix = `${this.#passes}/`;
    return {
      get: (id) => this.#documents.get(prefix + id),
      // A document that is too large leaves, so that its older version isn't found.
      set: (id, document) => void this.#documents.set(prefix + id, { document }),
    };
  }
}
