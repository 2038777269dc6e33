import type { Event, LoggedEvent } from './event.ts';
import type { View } from './view.ts';

/**
 * A pure fold from events to documents, one document per id. The runner does the rest, the same
 * for live, rebuild and as-of. Returning null removes the document (or makes none).
 */
export type Projection<
  E extends Event = Event,
  Document extends { _id: string } = { _id: string },
> = {
  view: View<Document>;
  /** The `_id` of the document that an event is folded into. */
  id: (event: E) => string;
  /** The view skips events that are not named here. */
  when: {
    [Type in E['type']]?: (
      document: Document | null,
      event: LoggedEvent<Extract<E, { type: Type }>>,
    ) => Document | null;
  };
  /**
   * Fields that follow from the folded ones, such as a score from its counts. Computed once for
   * each document that a chunk changed, so that no event pays for it.
   */
  derive?: (document: Document) => Document;
  /**
   * Each document takes the events of one stream only. So it can't exist before its stream's first
   * event, and for that event the runner doesn't look for it. If the document exists all the same,
   * storing it fails, and the events are folded again on the stored document.
   */
  oneStreamPerDocument?: true;
};

/**
 * Defines a projection: `projection<ParcelsEvent>()({ view, id, when })`. Foreign or misspelt
 * events don't compile.
 *
 * @example
 * ```ts
 * import type { Event } from '@event-sourced/kernel/event';
 * import { projection } from '@event-sourced/kernel/projection';
 * import { view } from '@event-sourced/kernel/view';
 *
 * type Placed = Event<'OrderPlaced', { orderId: string; isbn: string }>;
 * type Sold = { _id: string; copies: number };
 * const soldView = view<Sold>({ name: 'sold', version: 1, topics: ['orders'], indexes: [] });
 *
 * // How many copies of each book were ordered.
 * export const sold = projection<Placed>()({
 *   view: soldView,
 *   id: ({ data }) => data.isbn,
 *   when: {
 *     OrderPlaced: (sold, { data }) => ({ _id: data.isbn, copies: (sold?.copies ?? 0) + 1 }),
 *   },
 * });
 * ```
 */
export const projection =
  <E extends Event>() =>
  <Document extends { _id: string }>(
    definition: Projection<E, Document>,
  ): Projection<E, Document> =>
    definition;

/** Any projection, as the runner handles it: it brings each handler only its own events. */
export type AnyProjection = {
  view: View;
  id: (event: never) => string;
  when: { [type: string]: ((document: never, event: never) => { _id: string } | null) | undefined };
  derive?: (document: never) => { _id: string };
  oneStreamPerDocument?: true;
};
