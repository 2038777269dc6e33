import type { Position } from '@event-sourced/kernel/page';

/** The orders of a user's documents. */

export type Key = Position[number];

/** A document of a user, as far as its place in an order depends on it; null keys come last. */
export type MyItem = { _id: string; movieId: string; key: Key };

export type MyOrder = { by: string; direction: 1 | -1 };

export const isByMovie = ({ by }: MyOrder): boolean => by === 'title' || by === 'year';

/** The fields that a cursor has of an item. */
export const fieldsIn = (order: MyOrder) => {
  const { direction } = order;
  const opposite = direction === 1 ? -1 : 1;
  return isByMovie(order)
    ? ({ key: direction, movieId: direction, _id: opposite } as const)
    : ({ key: direction, _id: opposite } as const);
};

export const positionOf = (order: MyOrder, { key, movieId, _id }: MyItem): Position =>
  isByMovie(order) ? [key, movieId, _id] : [key, _id];

export function itemAt(order: MyOrder, position: Position): MyItem {
  const [key = null, movieId, _id] = isByMovie(order) ? position : [position[0], '', position[1]];
  return { key, movieId: String(movieId), _id: String(_id) };
}

/** Movies with the same key are in the order of the catalogue; other ties go the other way. */
export const inOrder = (order: MyOrder) => (one: MyItem, other: MyItem) => {
  const { direction } = order;
  if (one.key !== other.key) {
    if (one.key === null || other.key === null) return one.key === null ? 1 : -1;
    return one.key < other.key ? -direction : direction;
  }
  if (isByMovie(order) && one.movieId !== other.movieId) {
    return one.movieId < other.movieId ? -direction : direction;
  }
  return one._id === other._id ? 0 : one._id < other._id ? direction : -direction;
};
