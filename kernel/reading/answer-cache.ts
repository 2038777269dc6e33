import { LRUCache } from 'lru-cache';

/** The body of an answer, ready to be sent. */
export type Sendable = { body: Buffer; etag: string };

type Kept = { state: string; untilMs: number; answer: Promise<Sendable> };

const maxAnswers = 1_000;
/** A change that moves no offset, such as a dead letter's repair, shows after this time. */
const keptMs = 1_000;

/**
 * Keeps answers for a moment, as long as the views that they were read from haven't moved.
 * Requests for the same answer share it, even while it is still being made.
 */
export class AnswerCache {
  readonly #kept = new LRUCache<string, Kept>({ max: maxAnswers });

  /** @param state how far the views have come; an answer from another state is made anew. */
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
