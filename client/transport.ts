import { problemOf, retryAfterSeconds, UnreachableError } from './problem-error.ts';
import { Seen } from './seen.ts';

export type TransportOptions = {
  /** The bearer token of the one who asks; none for an anonymous caller. */
  token?: () => string | null | Promise<string | null>;
  /** How often a request is sent before it counts as failed. */
  attempts?: number;
  /** Called before a wait, so that a page can say what it waits for. */
  onRetry?: (retry: Retry) => void;
  /** Called once an attempt after a retry was answered. */
  onAnswer?: (request: Request, response: Response) => void;
  fetch?: (request: Request) => Promise<Response>;
};

export type Retry = {
  url: string;
  attempt: number;
  waitMs: number;
  reason: string;
  /** The code of the problem that was answered; null without an answer. */
  code: string | null;
};

const firstPauseMs = 250;
const longestPauseMs = 5_000;

/**
 * What every request needs: who asks, what they have seen, a key that makes a repeat safe, and the
 * repeats themselves. Refusals become errors.
 * @throws ProblemError, UnreachableError
 */
export class Transport {
  readonly seen = new Seen();
  readonly #options: TransportOptions;

  constructor(options: TransportOptions) {
    this.#options = options;
  }

  readonly fetch = async (request: Request): Promise<Response> => {
    const token = await this.#options.token?.();
    if (token) request.headers.set('Authorization', `Bearer ${token}`);
    if (isCommand(request) && !request.headers.has('Idempotency-Key')) {
      request.headers.set('Idempotency-Key', crypto.randomUUID());
    }
    const response = await this.#answered(request);
    // A 304 is an answer too: what the caller has is still right.
    if (response.ok || response.status === 304) return response;
    throw await problemOf(response, request.url);
  };

  async #answered(request: Request): Promise<Response> {
    const { attempts = 5, onAnswer } = this.#options;
    const ownToken = request.headers.has('Consistency-Token');
    for (let attempt = 1; ; attempt += 1) {
      const sent = ownToken ? null : this.seen.header;
      if (!ownToken) setOrDelete(request.headers, 'Consistency-Token', sent);
      const answer = await this.#once(request);
      const response = answer instanceof Response ? answer : null;
      if (response) {
        const token = response.headers.get('Consistency-Token');
        if (token) this.seen.add(token, sent);
        onAnswer?.(request, response);
        if (sent !== null && (await isOfAnotherLog(request, response))) {
          this.seen.forget();
          if (attempt < attempts) continue;
        }
      }
      const retry = await retryOf(request, answer, attempt);
      if (!retry || attempt >= attempts) {
        if (response) return response;
        throw new UnreachableError(request.url, answer);
      }
      this.#options.onRetry?.(retry);
      await pause(retry.waitMs, request.signal);
    }
  }

  /** @returns the answer, or the reason why there is none. */
  async #once(request: Request): Promise<unknown> {
    const { fetch: send = (one: Request) => globalThis.fetch(one) } = this.#options;
    try {
      // The body of a request can be read once, and a repeat needs it again.
      return await send(request.clone());
    } catch (error) {
      if (request.signal.aborted) throw error;
      return error;
    }
  }
}

const isCommand = ({ method }: Request) => method !== 'GET' && method !== 'HEAD';

/** A command is repeated with the same key, so that it counts once however often it arrives. */
async function retryOf(request: Request, answer: unknown, attempt: number): Promise<Retry | null> {
  const pauseMs = Math.min(firstPauseMs * 2 ** (attempt - 1), longestPauseMs);
  const { url } = request;
  if (!(answer instanceof Response)) {
    const reason = `${new URL(url).host} gives no answer`;
    return { url, attempt, waitMs: pauseMs, reason, code: null };
  }
  const seconds = retryAfterSeconds(answer);
  // A proxy answers 502 and 504 when it got no answer itself.
  const isLost = answer.status === 502 || answer.status === 504;
  if (!isLost && !([429, 503].includes(answer.status) && seconds !== null)) return null;
  const waitMs = Math.max(pauseMs, (seconds ?? 0) * 1_000);
  const { code } = (await problemOf(answer.clone(), url)).problem;
  return { url, attempt, waitMs, reason: `${new URL(url).host} answered ${answer.status}`, code };
}

async function isOfAnotherLog(request: Request, response: Response): Promise<boolean> {
  if (response.status !== 400) return false;
  const { code } = (await problemOf(response.clone(), request.url)).problem;
  return code === 'invalid-token';
}

const setOrDelete = (headers: Headers, name: string, value: string | null) =>
  value === null ? headers.delete(name) : headers.set(name, value);

/** @throws the signal's reason. */
export function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', end);
      resolve();
    }, ms);
    if (signal?.aborted) end();
    signal?.addEventListener('abort', end, { once: true });
  });
}
