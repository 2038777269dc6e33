import type {
  AggregateOptions,
  ClientSession,
  Collection,
  CountDocumentsOptions,
  FindOptions,
} from 'mongodb';

/** When a read ends, whether it is done or not. */
export type Ending = {
  signal: AbortSignal;
  /** Milliseconds, on the clock of `performance.now()`. */
  at: number;
  /** Reads documents as they were at the moment of this session. */
  snapshot?: ClientSession;
};

/** The documents of a view, as queries read them. */
export type Documents<Document extends { _id: string }> = Pick<
  Collection<Document>,
  'collectionName' | 'find' | 'findOne' | 'aggregate' | 'countDocuments'
>;

type Options = FindOptions & CountDocumentsOptions & AggregateOptions;

/**
 * Reads that end in the database when the request does. When the signal is aborted, the driver
 * closes the connection, and MongoDB ends an operation whose client has gone; `maxTimeMS` also
 * ends it when the network lets nobody know. (The driver's `timeoutMS` does nothing since 7.9.)
 */
export function endingReads<Document extends { _id: string }>(
  collection: Collection<Document>,
  { signal, at, snapshot: session }: Ending,
): Documents<Document> {
  const ending = (options?: Options): Options & { signal: AbortSignal } => ({
    maxTimeMS: Math.max(1, Math.ceil(at - performance.now())),
    ...options,
    ...(session && { session }),
    signal,
  });
  const reads: Pick<Documents<Document>, 'collectionName' | 'aggregate' | 'countDocuments'> = {
    collectionName: collection.collectionName,
    aggregate: (pipeline, options) => collection.aggregate(pipeline, ending(options)),
    countDocuments: (filter, options) => collection.countDocuments(filter, ending(options)),
  };
  const find: Collection<Document>['find'] = (filter = {}, options?: FindOptions) =>
    collection.find(filter, ending(options));
  const findOne: Collection<Document>['findOne'] = (filter = {}, options?: FindOptions) =>
    collection.findOne(filter, ending(options));
  return { ...reads, find, findOne };
}
