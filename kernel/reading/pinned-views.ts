import type { Collection } from 'mongodb';
import type { ConsistencyToken } from '../consistency-token.ts';
import type { View } from '../view.ts';
import type { KeptModel, ViewCopy } from './view-copy.ts';
import type { Place } from './waiting-reads.ts';

/** A view, or a copy of a view in memory. */
export type Source = View | ViewCopy;

/**
 * One generation of each view. An answer reads everything from the same ones, so that it never
 * mixes generations, even if a view is switched meanwhile.
 */
export type PinnedViews = {
  /** @throws Problem `read-model-building` while the view has no generation yet. */
  collection<Document extends { _id: string }>(view: View<Document>): Collection<Document>;
  /** @throws Problem `read-model-building` until the copy was loaded for the first time. */
  copy<Model extends KeptModel>(copy: ViewCopy<Model>): Model;
  /** A lower bound of what they have seen of the log. */
  seen: ConsistencyToken;
  /** The same text for as long as the views neither move nor are served by other generations. */
  state: string;
  /**
   * The same text for as long as documents change by new events only: not when another generation
   * is served, nor when dead letters were retried. Offsets tell what is new only within an epoch.
   */
  epoch: string;
};

export const viewOf = (source: Source): View => ('make' in source ? source.view : source);

/** The places of a token that feed a source. */
export const placesOf = (source: Source, { seen }: ConsistencyToken): Place<Source>[] => {
  const { topics } = viewOf(source);
  return Object.entries(seen)
    .filter(([at]) => topics.includes(at.slice(0, at.lastIndexOf(':'))))
    .map(([at, offset]) => ({ source, at, offset }));
};
