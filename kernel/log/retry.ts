import { Backoff } from '../backoff.ts';
import { ClosedError, LostAnswerError, NotSentError } from './connections.ts';
import { nameOf } from './error-codes.ts';
import { LogUnavailableError } from './log.ts';

/** How long starts and takeovers wait for a Kafka that is away or electing leaders. */
export const retryLimitMs = 30_000;

/** A broker answered that it can't do this now: the request is worth repeating. */
export class RetriableError extends Error {
  override name = 'RetriableError';
  constructor(what: string, code: number) {
    super(`${what}: ${nameOf(code)}`);
  }
}

const isRetriable = (error: unknown): boolean =>
  !(error instanceof ClosedError) &&
  (error instanceof RetriableError ||
    error instanceof NotSentError ||
    error instanceof LostAnswerError);

/** Repeats an attempt while its error may pass. @throws LogUnavailableError after `limitMs`. */
export const retried = async <T>(
  what: string,
  attempt: () => Promise<T>,
  limitMs = retryLimitMs,
): Promise<T> => {
  const deadline = performance.now() + limitMs;
  const pauses = new Backoff({ firstMs: 10, factor: 1.5, maxMs: 500 });
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (!isRetriable(error)) throw error;
      if (await pauses.pause(deadline)) continue;
      throw new LogUnavailableError(`${what}: ${(error as Error).message}`, { cause: error });
    }
  }
};
