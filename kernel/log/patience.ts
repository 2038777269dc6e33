import { Backoff } from '../backoff.ts';
import { ClosedError, LostAnswerError, NotSentError } from './connections.ts';
import { nameOf } from './error-codes.ts';
import { LogUnavailableError } from './log.ts';

/** How long start-up work and takeovers wait for a Kafka that is away or electing leaders. */
export const retryLimitMs = 30_000;

/** A broker answered that it can't now; asking again is worth it. */
export class NotNowError extends Error {
  override name = 'NotNowError';
  constructor(what: string, code: number) {
    super(`${what}: ${nameOf(code)}`);
  }
}

const isPassing = (error: unknown): boolean =>
  !(error instanceof ClosedError) &&
  (error instanceof NotNowError ||
    error instanceof NotSentError ||
    error instanceof LostAnswerError);

/** Repeats what may be repeated. @throws LogUnavailableError when patience ends. */
export const patiently = async <T>(what: string, attempt: () => Promise<T>): Promise<T> => {
  const deadline = performance.now() + retryLimitMs;
  const pauses = new Backoff({ firstMs: 10, factor: 1.5, maxMs: 500 });
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (!isPassing(error)) throw error;
      if (await pauses.pause(deadline)) continue;
      throw new LogUnavailableError(`${what}: ${(error as Error).message}`, { cause: error });
    }
  }
};
