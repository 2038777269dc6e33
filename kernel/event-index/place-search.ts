import type { Collection } from 'mongodb';
import type { Millis } from '../event.ts';
import type { Offset } from '../log/log.ts';
import {
  type Block,
  blockNumber,
  blockOffsets,
  type Indexed,
  offsetOf,
  segmentBounds,
  segmentId,
  segmentNumber,
} from './blocks.ts';
import { hashIn, placeHash, undecoded } from './event-ids.ts';

/** Offsets of a place that may have events that are looked for, and have to be read. */
export type Piece = {
  place: PlaceSearch;
  from: Offset;
  until: Offset;
  /** No record of it, nor of a later piece of the place, comes before this time in the order. */
  bound: Millis;
  isIndexed: boolean;
};

export type PlaceSearchOptions = {
  blocks: Collection<Block>;
  /** `topic/lane`, without prefix. */
  place: string;
  context: string;
  lane: number;
  /** The first offset that Kafka still has, and the end. */
  first: Offset;
  end: Offset;
  indexed: Indexed | undefined;
  /** The text of the id that is looked for; null for all events. */
  id: string | null;
  newest: boolean;
  /** The number of the block at which it begins; where all does, if unset. */
  start: number | undefined;
};

const blocksAtOnce = 16;
/** MongoDB merges this many ranges of an index in order; with more it would sort. */
const segmentsAtOnce = 64;

type Header = Pick<Block, 'number' | 'first' | 'last'>;

/** One topic's lane in a search: its blocks that have the id, and what isn't indexed yet. */
export class PlaceSearch {
  readonly options: PlaceSearchOptions;
  /** What is to be read next, in order. */
  pieces: Piece[] = [];
  /**
   * That of the id, and that of events which could not be decoded as they were indexed; null if
   * every block is meant.
   */
  readonly #hashes: number[] | null;
  readonly #indexedUntil: Offset;
  /** The next block to ask for; null once there is none. */
  #next: number | null;

  constructor(options: PlaceSearchOptions) {
    const { place, id, newest, start, indexed } = options;
    this.options = options;
    const hash = (text: string) => hashIn(placeHash(place), text);
    this.#hashes = id === null ? null : [hash(id), hash(undecoded)];
    this.#indexedUntil = indexed?.next ?? 0;
    const lastIndexed = blockNumber(this.#indexedUntil - 1);
    const least = blockNumber(options.first);
    this.#next = newest ? Math.min(start ?? lastIndexed, lastIndexed) : Math.max(start ?? 0, least);
    if (this.#indexedUntil === 0 || this.#next < 0) this.#next = null;
    if (newest || this.#next === null) this.#addTail();
  }

  /** Asks for more blocks, if no piece is left. */
  async fill(): Promise<void> {
    const { blocks, place, newest } = this.options;
    while (this.pieces.length === 0 && this.#next !== null) {
      const { segments, beyond } = this.#segmentsFrom(this.#next);
      const number = newest ? { $lte: this.#next } : { $gte: this.#next };
      const hashes = this.#hashes;
      const having = hashes ? { segment: { $in: segments }, ids: { $in: hashes } } : { place };
      const found = await blocks
        .find({ ...having, number })
        .sort({ number: newest ? -1 : 1 })
        .limit(blocksAtOnce)
        .project<Header>({ _id: 0, number: 1, first: 1, last: 1 })
        .toArray();
      for (const block of found) {
        // What was just indexed is in the tail.
        if (offsetOf(block.number) < this.#indexedUntil) this.#addBlock(block);
      }
      const last = found.length < blocksAtOnce ? undefined : found.at(-1);
      const others = hashes ? beyond : null;
      this.#next = last ? last.number + (newest ? -1 : 1) : others;
      if (this.#next === null && !newest) this.#addTail();
    }
  }

  /** The next segments in the search's order, and the block after them; null if there is none. */
  #segmentsFrom(block: number): { segments: string[]; beyond: number | null } {
    const { place, newest, first } = this.options;
    const [least, most] = [blockNumber(first), blockNumber(this.#indexedUntil - 1)];
    const begin = segmentNumber(block);
    const end = newest
      ? Math.max(begin - segmentsAtOnce + 1, segmentNumber(least))
      : Math.min(begin + segmentsAtOnce - 1, segmentNumber(most));
    const segments: string[] = [];
    for (let one = Math.min(begin, end); one <= Math.max(begin, end); one += 1) {
      segments.push(segmentId(place, one));
    }
    const [lowest, highest] = segmentBounds(end);
    const beyond = newest ? lowest - 1 : highest + 1;
    return { segments, beyond: beyond < least || beyond > most ? null : beyond };
  }

  /** The block at which what is left of the place begins; null if nothing is left. */
  restAt(): number | null {
    const [piece] = this.pieces;
    if (!piece) return this.#next;
    return blockNumber(this.options.newest ? piece.until - 1 : piece.from);
  }

  #addBlock({ number, first, last }: Header): void {
    const bound = this.options.newest ? last : first;
    this.#add(offsetOf(number), offsetOf(number + 1), bound, true);
  }

  /** Time never runs back within a lane, so what isn't indexed yet is later than what is. */
  #addTail(): void {
    const { end, indexed, newest, start } = this.options;
    const from = newest || start === undefined ? 0 : offsetOf(start);
    const until = newest && start !== undefined ? Math.min(end, offsetOf(start + 1)) : end;
    const after = this.#indexedUntil === 0 ? 0 : (indexed?.last ?? 0);
    const bound = newest ? Number.POSITIVE_INFINITY : after;
    this.#add(Math.max(from, this.#indexedUntil), until, bound, false);
  }

  #add(from: Offset, until: Offset, bound: Millis, isIndexed: boolean): void {
    const existing = Math.max(from, this.options.first);
    if (existing >= until) return;
    this.pieces.push({ place: this, from: existing, until, bound, isIndexed });
  }
}

/** How many offsets are read at once: more would be read in vain where a page is full soon. */
export const offsetsAtOnce = 8 * blockOffsets;
