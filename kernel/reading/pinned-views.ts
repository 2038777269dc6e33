import type { Collection, Db } from 'mongodb';
import { type ConsistencyToken, formatToken } from '../consistency-token.ts';
import type { Offset } from '../log/log.ts';
import { readForMs, viewId } from '../projector/generations/generations.ts';
import type { View } from '../view.ts';
import { type Progress, seenByAll } from './progress.ts';
import type { KeptModel, ViewCopy } from './view-copy.ts';

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
  /**
   * Until when the view's generation is surely there, by `performance.now()`. It may be dropped
   * later, by a switch that this process hasn't heard of.
   */
  thereUntil(view: View): number;
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

type Places = { at: string; offset: Offset }[];

/** The places of each token, by topic: the same token comes with many reads. */
const placesByTopic = new WeakMap<ConsistencyToken, ReadonlyMap<string, Places>>();

/** The places of a token that feed a source. */
export function placesOf(source: Source, token: ConsistencyToken): Places {
  let byTopic = placesByTopic.get(token);
  if (!byTopic) {
    const all = Object.entries(token.seen).map(([at, offset]) => ({ at, offset }));
    byTopic = Map.groupBy(all, ({ at }) => at.slice(0, at.lastIndexOf(':')));
    placesByTopic.set(token, byTopic);
  }
  const { topics } = viewOf(source);
  return topics.flatMap((topic) => byTopic.get(topic) ?? []);
}

/** The read models at one moment. */
type Now = {
  db: Db;
  /** The id of the log. */
  log: string;
  /** Of copies that are loaded. */
  models: ReadonlyMap<ViewCopy, KeptModel | null>;
  /** The generation that a copy has, once it is loaded. */
  held(copy: ViewCopy): string | undefined;
  /** The generation that serves a view. @throws Problem `read-model-building` */
  active(view: View): string;
  progressOf(source: Source): Progress;
  /** When the generation was served last, by `performance.now()`. */
  servedAt(generation: string): number;
  /** @throws Problem `read-model-building` */
  copy: PinnedViews['copy'];
};

/** What serves these sources now. */
export function pinnedViews(sources: readonly Source[], now: Now): PinnedViews {
  const generations = generationsOf(sources, now);
  const fed = sources.map((one) => ({ ...viewOf(one), progress: now.progressOf(one) }));
  const seen = { log: now.log, seen: seenByAll(fed) };
  const turns = turnsOf(sources, now);
  const generationOf = (view: View) => generations.get(viewId(view)) ?? now.active(view);
  return {
    collection: (view) => now.db.collection(generationOf(view)),
    thereUntil: (view) => now.servedAt(generationOf(view)) + readForMs,
    copy: <Model extends KeptModel>(copy: ViewCopy<Model>) =>
      (now.models.get(copy) as Model | null) ?? now.copy(copy),
    seen,
    state: JSON.stringify([[...generations.values()], formatToken(seen)]),
    epoch: JSON.stringify([[...generations.values()], [...turns.values()]]),
  };
}

/**
 * The turns that each view and its copies have seen for certain, by view id: the same, however many
 * copies a query has, so that its cursors are good for another query of the same views.
 */
function turnsOf(sources: readonly Source[], now: Pick<Now, 'progressOf'>) {
  const turns = new Map<string, number>();
  for (const source of sources) {
    const id = viewId(viewOf(source));
    turns.set(
      id,
      Math.min(turns.get(id) ?? Number.POSITIVE_INFINITY, now.progressOf(source).turns),
    );
  }
  return turns;
}

/** The generation that each view is read from, by view id. */
function generationsOf(
  sources: readonly Source[],
  { held, active }: Pick<Now, 'held' | 'active'>,
): ReadonlyMap<string, string> {
  const generations = new Map<string, string>();
  for (const source of sources) {
    const view = viewOf(source);
    const loaded = 'make' in source ? held(source) : undefined;
    // A copy may lag one generation behind after a switch; its view is read from that one too.
    if (loaded) generations.set(viewId(view), loaded);
    else if (!generations.has(viewId(view))) generations.set(viewId(view), active(view));
  }
  return generations;
}
