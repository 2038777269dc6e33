import { BSON, MongoInvalidArgumentError, MongoServerError } from 'mongodb';
import type { Document } from './fold.ts';

/**
 * How large the documents of a batch may be together, as read and as written; one alone may be as
 * large as MongoDB takes it. In memory they are several times as large.
 */
export const batchDocumentBytes = 16 * 2 ** 20;

/** The documents of a batch, read or to be written, are too large together. */
export class BatchTooLargeError extends Error {
  override name = 'BatchTooLargeError';
}

const sizes = new WeakMap<Document, number>();

/** A document's BSON, measured once: documents are never changed in place. */
export function bytesOf(document: Document): number {
  const known = sizes.get(document);
  if (known !== undefined) return known;
  const bytes = BSON.calculateObjectSize(document);
  sizes.set(document, bytes);
  return bytes;
}

/** Adds up documents, and ends a batch that can't hold one more. */
export class BatchSize {
  bytes = 0;
  #documents = 0;

  /** @throws BatchTooLargeError */
  add(document: Document): void {
    this.#documents += 1;
    this.bytes += bytesOf(document);
    if (this.bytes <= batchDocumentBytes || this.#documents === 1) return;
    throw new BatchTooLargeError(`the documents of a batch have over ${batchDocumentBytes} bytes`);
  }
}

/** MongoDB's error codes for a document, a message or a transaction that is too large. */
const tooLarge = new Set<unknown>([
  257, // TransactionTooLarge
  388, // TransactionTooLargeForCache
  10_334, // BSONObjectTooLarge
  13_548, // a buffer that can't grow
  17_419, // a document after an update
  17_420, // a document to upsert
]);

/** Whether a batch was refused for its size, by MongoDB or by its driver. */
export const isTooLarge = (error: unknown): boolean =>
  error instanceof BatchTooLargeError ||
  error instanceof MongoInvalidArgumentError ||
  (error instanceof MongoServerError && tooLarge.has(error.code));
