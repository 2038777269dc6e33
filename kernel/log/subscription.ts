import { Backoff } from '../backoff.ts';
import type { Chunk, Offset, Position, SubscribeOptions, Subscription } from './log.ts';

/**
 * A fetch asks for this many bytes of a lane. While as many wait for the lane's consumer, the lane
 * is left out of fetches. The limit is low since a decoded record takes ten times its compressed
 * bytes, a node reads all of its lanes at once, and longer-lived records cost the garbage collector
 * more.
 */
const laneBytes = 2 ** 18;
const lanePauses = { firstMs: 10, factor: 2, maxMs: 500, jitter: [0.8, 1.2] } as const;

/** How far one lane of a subscription has been read. */
export type Cursor = {
  readonly topic: string;
  readonly lane: number;
  readonly end: Offset;
  readonly owner: LaneSubscription;
  next: Offset;
  bufferedBytes: number;
  /** How much a fetch asks for: raised when one batch is larger. */
  maxBytes: number;
  /** The fetch that last brought something: the lane that waited longest comes first. */
  servedAt: number;
  /** The last fetch that asked for it: cursors at different offsets of a lane take turns. */
  askedAt: number;
  /** The `performance.now()` before which it is left out of fetches. */
  notBefore: number;
  /** Since when every try failed, and the pauses between tries. */
  failingSince: number | undefined;
  missingSince: number | undefined;
  pauses: Backoff;
};

export const hasRoom = ({ bufferedBytes }: Cursor): boolean => bufferedBytes < laneBytes;
export const isReading = ({ next, end, owner }: Cursor): boolean => next < end && owner.isOpen;

const cursorOf = (
  { topic, lane, next }: Position,
  end: Offset,
  owner: LaneSubscription,
): Cursor => ({
  topic,
  lane,
  end,
  owner,
  next,
  bufferedBytes: 0,
  maxBytes: laneBytes,
  servedAt: 0,
  askedAt: 0,
  notBefore: 0,
  failingSince: undefined,
  missingSince: undefined,
  pauses: new Backoff(lanePauses),
});

const endsOf = (positions: Position[], until: Position[] | undefined): Offset[] =>
  positions.map(({ topic, lane }) => {
    if (!until) return Number.POSITIVE_INFINITY;
    const end = until.find((one) => one.topic === topic && one.lane === lane);
    if (!end) throw new Error(`no end is given for ${topic}/${lane}`);
    return end.next;
  });

/** One consumer's lanes: fills from the reader's loops, is emptied by `take`. */
export class LaneSubscription implements Subscription {
  readonly cursors: Cursor[];
  readonly bounded: boolean;
  readonly compacted: boolean;
  readonly #onRoom: () => void;
  #chunks: Chunk[] = [];
  #failure: Error | undefined;
  #closed = false;
  #waiting: PromiseWithResolvers<void> | undefined;

  constructor(
    positions: Position[],
    { until, compacted = false }: SubscribeOptions,
    onRoom: () => void,
  ) {
    const ends = endsOf(positions, until);
    this.cursors = positions.map((position, at) => cursorOf(position, ends[at] as Offset, this));
    this.bounded = until !== undefined;
    this.compacted = compacted;
    this.#onRoom = onRoom;
  }

  get isOpen(): boolean {
    return !this.#closed && !this.#failure;
  }

  get isFailing(): boolean {
    return this.cursors.some((cursor) => cursor.failingSince !== undefined && isReading(cursor));
  }

  async take(): Promise<Chunk[]> {
    if (this.#closed) throw new Error('the subscription is closed');
    if (this.#waiting) throw new Error('two takes at once on one subscription');
    while (this.#chunks.length === 0 && this.isOpen && !this.#hasEnded()) {
      this.#waiting = Promise.withResolvers();
      await this.#waiting.promise;
      this.#waiting = undefined;
    }
    if (this.#chunks.length === 0 && this.#failure) throw this.#failure;
    const chunks = this.#closed ? [] : this.#chunks;
    this.#chunks = [];
    for (const cursor of this.cursors) cursor.bufferedBytes = 0;
    this.#onRoom();
    return chunks;
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#chunks = [];
    this.#wake();
    this.#onRoom();
  }

  push(cursor: Cursor, chunk: Chunk, bytes: number): void {
    cursor.next = chunk.next;
    cursor.bufferedBytes += bytes;
    this.#chunks.push(chunk);
    this.#wake();
  }

  /** `take` first returns the chunks that were read before, and then throws this error. */
  fail(error: Error): void {
    this.#failure ??= error;
    this.#wake();
  }

  #hasEnded(): boolean {
    return this.bounded && !this.cursors.some(({ next, end }) => next < end);
  }

  #wake(): void {
    this.#waiting?.resolve();
  }
}
