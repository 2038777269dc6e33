/** The scores that movies are ranked by; all rounded to 9 decimals, so that equal ones tie. */

/** Ratings with fewer votes than this count less than the mean of all. */
const meanVotes = 25_000;
/** The mean rating of the catalogue. */
const meanRating = 6.7232;
/** The dataset's rating counts as much as this many votes of our own. */
const priorVotes = 50;

const rounded = (value: number): number => Math.round(value * 1e9) / 1e9;

/**
 * The Bayesian mean of a rating, 0 to 10: `v/(v+m)·R + m/(v+m)·C` with m = 25,000, C = 6.7232.
 * Source: the formula IMDb gave for its Top 250 (true Bayesian estimate).
 * @param rating mean of the dataset's votes, 0 to 10.
 * @param ratingVotes the number of those votes.
 */
export function weightedRating(rating: number, ratingVotes: number): number {
  const weight = ratingVotes / (ratingVotes + meanVotes);
  return rounded(weight * rating + (1 - weight) * meanRating);
}

/**
 * The share of likes to expect, 0 to 1: `(K·p0 + L) / (K + L + D)` with K = 50, where the rating
 * stands for K votes with a share of likes p0 = −1.142 + 0.225·WR, within 0.02 and 0.98.
 * Source: the posterior mean of a beta-binomial model.
 */
export function likeScore(weighted: number, likes: number, dislikes: number): number {
  const expected = Math.min(0.98, Math.max(0.02, -1.142 + 0.225 * weighted));
  return rounded((priorVotes * expected + likes) / (priorVotes + likes + dislikes));
}

/** Days after which a like counts half. */
const halfLifeDays = 7;

/**
 * The logarithm of likes that decay with a half-life of 7 days, `log Σ n·e^{λ·day}` over days since
 * 1970. The score grows with each like and is constant in between: order changes on events only.
 * Source: forward decay (Cormode, Shkapenyuk, Srivastava, Xu: Forward Decay, ICDE 2009).
 * @param newest days since 1970.
 * @param counts likes from `i` days before the newest.
 * @returns null when there is no like.
 */
export function trendingScore(newest: number, counts: readonly number[]): number | null {
  let sum = 0;
  for (let age = counts.length - 1; age >= 0; age -= 1) {
    const likes = counts[age]!;
    if (likes > 0) sum += likes * 2 ** (-age / halfLifeDays);
  }
  return sum === 0 ? null : rounded((Math.LN2 / halfLifeDays) * newest + Math.log(sum));
}
