import { orders, type RankingOrder } from './ranking-order.ts';

type Ranked = { _id: string; weightedRating: number } & Record<RankingOrder, number | null>;

/** Movies without a value come last. */
const lowest = Number.NEGATIVE_INFINITY;

/**
 * What each member is ranked by, in flat arrays. A vote compares its movie with hundreds of
 * others: looking up objects for each comparison takes many times as long.
 */
export class Places {
  #weightedRatings = new Float64Array(1_024);
  readonly #values = orders.map(() => new Float64Array(1_024));
  readonly #ids: string[] = [];

  set(member: number, movie: Ranked): void {
    if (member >= this.#weightedRatings.length) this.#grow();
    this.#weightedRatings[member] = movie.weightedRating;
    for (const [at, by] of orders.entries()) this.#values[at]![member] = movie[by] ?? lowest;
    this.#ids[member] = movie._id;
  }

  /** Orders members as `comparePlaces` orders their movies. */
  isBefore(by: RankingOrder): (one: number, other: number) => boolean {
    const at = orders.indexOf(by);
    return (one, other) => {
      const values = this.#values[at]!;
      const [value, otherValue] = [values[one]!, values[other]!];
      if (value !== otherValue) return value > otherValue;
      const [rating, otherRating] = [this.#weightedRatings[one]!, this.#weightedRatings[other]!];
      if (rating !== otherRating) return rating > otherRating;
      return this.#ids[one]! < this.#ids[other]!;
    };
  }

  #grow(): void {
    this.#weightedRatings = twiceAsLong(this.#weightedRatings);
    for (const [at, values] of this.#values.entries()) this.#values[at] = twiceAsLong(values);
  }
}

function twiceAsLong(values: Float64Array<ArrayBuffer>): Float64Array<ArrayBuffer> {
  const longer = new Float64Array(2 * values.length);
  longer.set(values);
  return longer;
}
