import type { IndexDescription } from 'mongodb';

/** A read model as both sides know it: projectors write its documents, queries read them. */
export type View<Document extends { _id: string } = { _id: string }> = {
  name: string;
  /** Raise it when the fold or the document changes: the new version is built beside the old. */
  version: number;
  /** The topics that feed it. */
  topics: readonly string[];
  /** Each generation has those it was built with: raise the version for others, too. */
  indexes: readonly IndexDescription[];
  /**
   * Queries keep copies of it in memory: projectors store which documents each step has changed.
   * With `by`, queries keep groups of documents as they are asked for, such as those of one user:
   * projectors store the values of this field, which names the group. Set it together with a new
   * version.
   */
  copied?: boolean | { readonly by: string };
  /** Never set: carries the documents' type. */
  readonly document?: Document;
};

/**
 * Defines a view. The type of its documents flows into the projections and queries that use it.
 *
 * @example
 * ```ts
 * import { view } from '@event-sourced/kernel/view';
 *
 * export type OrderDocument = { _id: string; userId: string; placedAt: number };
 *
 * export const ordersView = view<OrderDocument>({
 *   name: 'orders',
 *   version: 1,
 *   topics: ['orders'],
 *   indexes: [{ key: { userId: 1, placedAt: -1, _id: 1 } }],
 * });
 * ```
 */
export const view = <Document extends { _id: string }>(
  definition: Omit<View<Document>, 'document'>,
): View<Document> => definition;

/** The documents of a view. */
export type DocumentOf<V> = V extends View<infer Document> ? Document : never;
