import { LRUCache } from 'lru-cache';
import { type Make, type Sendable, SharedAnswer } from './shared-answer.ts';

type Kept = { state: string; answer: Sendable };
type Made = { key: string; state: string; answer: SharedAnswer };

export type Wanted = {
  key: string;
  state: string;
  /** Aborted when the client has closed its request. */
  gone: AbortSignal;
  /** Makes an answer when it is the request's turn. */
  turn: Turn;
  make: Make;
};

export type Limits = { answerCacheBytes: number; answerWithinMs: number };

type Turn = (making: () => Promise<Sendable>) => Promise<Sendable>;

/** A change that moves no offset, such as a dead letter's repair, shows after this time. */
const keptMs = 1_000;
/** One answer takes at most this part of the memory. */
const largest = 1 / 32;

/**
 * Keeps the answers of all routes for a moment, as long as the views that they were read from
 * haven't moved. Requests for the same answer share it, even while it is still being made.
 */
export class AnswerCache {
  readonly #kept: LRUCache<string, Kept>;
  /** The latest of each key. They are few, and a map would keep each until V8 collects all. */
  #beingMade: Made[] = [];
  readonly #withinMs: number;

  constructor({ answerCacheBytes: maxBytes, answerWithinMs }: Limits) {
    this.#withinMs = answerWithinMs;
    this.#kept = new LRUCache({
      maxSize: maxBytes,
      maxEntrySize: Math.floor(maxBytes * largest),
      // A character takes two bytes if the text has any that Latin-1 lacks.
      sizeCalculation: ({ state, answer }, key) =>
        2 * answer.body.length + key.length + state.length,
      // The clock of `startedAt`, in tests too.
      perf: { now: () => performance.now() },
      ttl: keptMs,
      ttlAutopurge: true,
    });
  }

  get bytes(): number {
    return this.#kept.calculatedSize;
  }

  /** Forgets all answers, also those that are being made. */
  clear(): void {
    this.#kept.clear();
    this.#beingMade = [];
  }

  /** @param state how far the views have come; an answer from another state is not taken. */
  kept({ key, state }: Pick<Wanted, 'key' | 'state'>): Sendable | null {
    const kept = this.#kept.get(key);
    return kept?.state === state ? kept.answer : null;
  }

  /** Makes the answer anew if none is kept. */
  async get({ key, state, gone, turn, make }: Wanted): Promise<Sendable> {
    return this.#known(key, state, gone) ?? turn(() => this.#make(key, state, gone, make));
  }

  #known(key: string, state: string, gone: AbortSignal): Promise<Sendable> | Sendable | undefined {
    const kept = this.kept({ key, state });
    if (kept) return kept;
    const made = this.#beingMade.find((one) => one.key === key);
    if (made?.state === state && !made.answer.hasEnded) return made.answer.wait(gone);
    return undefined;
  }

  async #make(key: string, state: string, gone: AbortSignal, make: Make): Promise<Sendable> {
    // Another request may have begun it before this one's turn came.
    const known = this.#known(key, state, gone);
    if (known) return known;
    const made = { key, state, answer: new SharedAnswer(make, this.#withinMs) };
    this.#beingMade = [...this.#beingMade.filter((one) => one.key !== key), made];
    const isLatest = () => this.#beingMade.includes(made);
    try {
      const answer = await made.answer.wait(gone);
      // As old as what it was read from: its time began with the reading.
      if (isLatest()) this.#kept.set(key, { state, answer }, { start: made.answer.startedAt });
      return answer;
    } finally {
      this.#beingMade = this.#beingMade.filter((one) => one !== made);
    }
  }
}
