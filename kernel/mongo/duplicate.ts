import { MongoServerError } from 'mongodb';

const duplicateKey = 11_000;

/** The document to insert exists. */
export const isDuplicate = (error: unknown): boolean =>
  error instanceof MongoServerError && error.code === duplicateKey;
