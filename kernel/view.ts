import type { IndexDescription } from 'mongodb';

/** A read model as both sides know it: projectors write its documents, query-api reads them. */
export type View<Document extends { _id: string } = { _id: string }> = {
  name: string;
  /** Raised when the fold or the document changes; a new version is built beside the old one. */
  version: number;
  /** The topics that feed it. */
  topics: readonly string[];
  indexes: readonly IndexDescription[];
  /** Only a type: what the documents look like. */
  readonly document?: Document;
};

export const view = <Document extends { _id: string }>(
  definition: Omit<View<Document>, 'document'>,
): View<Document> => definition;

/** The documents of a view. */
export type DocumentOf<V> = V extends View<infer Document> ? Document : never;
