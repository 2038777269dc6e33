import { LRUCache } from 'lru-cache';

/** The body of an answer, ready to be sent. */
export type Sendable = { body: Buffer; etag: string };

type Kept = { state: string; untilMs: number; answer: Promise<Sendable> };

const maxAnswers = 1_000;
/** Also what changes without moving an offset, such as a dead letter's repair, shows after this. */
const keptMs = 1_000;

/**
 * Answers of the last moment, for as long as the views they were read from stand where they
 * stood. Whoever asks for the same meanwhile shares the answer, even before it is there.
 */
export class RecentAnswers {
  readonly #kept = new LRUCache<string, Kept>({ max: maxAnswers });

  /** @param state where the views stand; an answer made in another state is made anew. */
  get(key: string, state: string, make: () => Promise<Sendable>): Promise<Sendable> {
    const kept = this.#kept.get(key);
    if (kept?.state === state && performance.now() < kept.untilMs) return kept.answer;
    const answer = make();
    this.#kept.set(key, { state, untilMs: performance.now() + keptMs, answer });
    answer.catch(() => this.#forget(key, answer));
    return answer;
  }

  #forget(key: string, answer: Promise<Sendable>): void {
    if (this.#kept.peek(key)?.answer === answer) this.#kept.delete(key);
  }
}
