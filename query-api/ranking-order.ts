import type { Filter } from 'mongodb';
import { z } from 'zod';
import type { RankingDocument } from '#schemas/ranking/rankings-view.ts';

export const orders = ['score', 'likes', 'trending'] as const;
export type RankingOrder = (typeof orders)[number];

/** A movie's place in an order: no two movies share one. */
export const Place = z.tuple([z.number().nullable(), z.number(), z.string()]);
export type Place = z.output<typeof Place>;

export const placeOf = (ranking: RankingDocument, by: RankingOrder): Place => [
  ranking[by],
  ranking.weightedRating,
  ranking._id,
];

/** High before low, then by weighted rating, then by id. Movies without a value come last. */
export const inOrder = (by: RankingOrder) => ({ [by]: -1, weightedRating: -1, _id: 1 }) as const;

/** The movies that come before a place. */
export const before = (by: RankingOrder, [value, rating, id]: Place): Filter<RankingDocument> => ({
  $or: [
    value === null ? { [by]: { $ne: null } } : { [by]: { $gt: value } },
    { [by]: value, weightedRating: { $gt: rating } },
    { [by]: value, weightedRating: rating, _id: { $lt: id } },
  ],
});

/** Whether a document comes before a place, as an expression of the aggregation language. */
export const isBefore = (by: RankingOrder, [value, rating, id]: Place) => {
  const mine = [`$${by}`, '$weightedRating'];
  const tied = { $and: [{ $eq: [mine, [value, rating]] }, { $lt: ['$_id', id] }] };
  return { $or: [{ $gt: [mine, [value, rating]] }, tied] };
};
