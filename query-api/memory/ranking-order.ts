import { z } from 'zod';

export const orders = ['score', 'likes', 'trending'] as const;
export type RankingOrder = (typeof orders)[number];

/** A movie's place in an order: no two movies share one. */
export const Place = z.tuple([z.number().nullable(), z.number(), z.string()]);
export type Place = z.output<typeof Place>;

/** The numbers of a movie that give it a place. */
type Placed = { _id: string; weightedRating: number } & { [by in RankingOrder]?: number | null };

/** The movie, real or not, that has this place. */
export const placed = (by: RankingOrder, [value, weightedRating, _id]: Place): Placed => ({
  ...{ _id, weightedRating, [by]: value },
});

/** The fields that a cursor has of a movie. */
export const inOrder = (by: RankingOrder) => ({ [by]: -1, weightedRating: -1, _id: 1 }) as const;

/** High before low, then by weighted rating, then by id. Movies without a value come last. */
export function comparePlaces(by: RankingOrder, one: Placed, other: Placed): number {
  const [value = null, otherValue = null] = [one[by], other[by]];
  if (value !== otherValue) {
    if (value === null || otherValue === null) return value === null ? 1 : -1;
    return otherValue - value;
  }
  if (one.weightedRating !== other.weightedRating) return other.weightedRating - one.weightedRating;
  return one._id === other._id ? 0 : one._id < other._id ? -1 : 1;
}
