const largestChunk = 512;

/**
 * A sorted list, kept in chunks so that a change costs little however long the list is. No two of
 * its items may compare as equal.
 */
export class SortedList<T> {
  readonly #isBefore: (one: T, other: T) => boolean;
  readonly #chunks: T[][] = [];
  #size = 0;

  constructor(isBefore: (one: T, other: T) => boolean) {
    this.#isBefore = isBefore;
  }

  get size(): number {
    return this.#size;
  }

  add(item: T): void {
    this.#size += 1;
    const [chunk, at] = this.#placeOf((one) => this.#isBefore(one, item));
    const items = this.#chunks[chunk];
    if (!items) {
      this.#chunks.push([item]);
      return;
    }
    items.splice(at, 0, item);
    if (items.length > largestChunk) {
      this.#chunks.splice(chunk + 1, 0, items.splice(largestChunk / 2));
    }
  }

  delete(item: T): void {
    const [chunk, at] = this.#placeOf((one) => this.#isBefore(one, item));
    const items = this.#chunks[chunk];
    const found = items?.[at];
    if (!items || found === undefined || this.#isBefore(item, found)) return;
    items.splice(at, 1);
    this.#size -= 1;
    if (items.length === 0) this.#chunks.splice(chunk, 1);
  }

  /** The items in order, from the first one that is not before the place on. */
  *from(isBeforePlace: (item: T) => boolean = () => false): Generator<T> {
    let [chunk, at] = this.#placeOf(isBeforePlace);
    for (let items = this.#chunks[chunk]; items; items = this.#chunks[chunk]) {
      for (; at < items.length; at += 1) yield items[at] as T;
      chunk += 1;
      at = 0;
    }
  }

  /** The items before the place, the last one first; all by default. */
  *before(isBeforePlace: (item: T) => boolean = () => true): Generator<T> {
    let [chunk, at] = this.#placeOf(isBeforePlace);
    for (let items = this.#chunks[chunk]; items; items = this.#chunks[chunk]) {
      for (at -= 1; at >= 0; at -= 1) yield items[at] as T;
      chunk -= 1;
      at = this.#chunks[chunk]?.length ?? 0;
    }
  }

  /** How many items come before a place. */
  countBefore(isBeforePlace: (item: T) => boolean): number {
    const [chunk, at] = this.#placeOf(isBeforePlace);
    let before = at;
    for (let index = 0; index < chunk; index += 1) before += this.#chunks[index]!.length;
    return before;
  }

  /** The chunk of a place, the last one for a place behind all items, and the index in it. */
  #placeOf(isBeforePlace: (item: T) => boolean): [chunk: number, at: number] {
    const after = countBefore(this.#chunks, (items) => isBeforePlace(items.at(-1) as T));
    const chunk = Math.max(0, Math.min(after, this.#chunks.length - 1));
    return [chunk, countBefore(this.#chunks[chunk] ?? [], isBeforePlace)];
  }
}

/** How many items of a sorted array stand before a place. */
export function countBefore<T>(sorted: readonly T[], isBeforePlace: (item: T) => boolean): number {
  return firstBehind(sorted.length, (at) => isBeforePlace(sorted[at] as T));
}

/** The first index that is not before a place, of so many that are in order. */
export function firstBehind(length: number, isBeforePlace: (at: number) => boolean): number {
  let from = 0;
  let to = length;
  while (from < to) {
    const middle = (from + to) >>> 1;
    if (isBeforePlace(middle)) from = middle + 1;
    else to = middle;
  }
  return from;
}
