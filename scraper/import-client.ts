import { randomUUID } from 'node:crypto';
import { Backoff, sleep } from '@event-sourced/kernel/backoff';
import { type KernelProblemCode, kernelProblems } from '@event-sourced/kernel/problems';
import { z } from 'zod';
import { type MoviesClient, moviesClient, ProblemError, UnreachableError } from '#client/client.ts';
import { printable, ScrapeError } from './scrape-error.ts';

/** The result of one line of an import. */
const Decided = z.object({
  line: z.int().min(1),
  movieId: z.string(),
  result: z.enum(['added', 'changed', 'unchanged']),
});
const Rejected = z.object({
  line: z.int().min(1),
  movieId: z.string().nullish(),
  result: z.literal('rejected'),
  code: z.string(),
  detail: z.string().default(''),
  errors: z.array(z.object({ path: z.string(), message: z.string() })).default([]),
});
const Done = z.object({ done: z.literal(true), token: z.string().nullish() });
const AnswerLine = z.union([Done, Decided, Rejected]);
export type ImportResult = z.output<typeof Decided> | z.output<typeof Rejected>;

export type ImportOptions = {
  /** The command API's base URL. */
  url: string;
  /** Whether a line may replace another movie under the same id. */
  replace: boolean;
  /** Whether the lines' descriptions are for new movies only. */
  keepDescriptions?: boolean;
  /** The bearer token of the next request. */
  bearer: () => Promise<string>;
  /** Called with the reason and the wait before a request is tried again. */
  onWait?: (reason: string, waitMs: number) => void;
  /** The run gives up after this many requests in a row without a new result. */
  attempts?: number;
  firstWaitMs?: number;
  /** A request counts as lost once the API has been silent this long. */
  silenceMs?: number;
};

/** A temporary failure: the same lines are sent again. */
class Passing extends Error {
  readonly retryAfterMs: number;
  constructor(message: string, retryAfterMs = 0) {
    super(message);
    this.retryAfterMs = retryAfterMs;
  }
}

const longestPauseMs = 5_000;
const longestRetryAfterMs = 120_000;

/** Sends movies to `POST /v1/movies:import` and reads the result of each. */
export class ImportClient {
  readonly #options: Required<ImportOptions>;
  readonly #api: MoviesClient;

  constructor(options: ImportOptions) {
    this.#options = {
      onWait: () => {},
      keepDescriptions: false,
      attempts: 8,
      firstWaitMs: 250,
      silenceMs: 30_000,
      ...options,
    };
    const { url, bearer: token } = this.#options;
    // Repeats are made here, since they send only what was not decided.
    this.#api = moviesClient({ commandApi: url, queryApi: url, token, attempts: 1 });
  }

  /**
   * Sends the lines as one request and yields each line's result as it arrives. A failed request is
   * sent again whole, with the same key: lines decided before keep their first answer. A line that
   * the API itself can't handle twice is rejected; the rows behind it go on.
   * @throws ScrapeError when the API refuses the request, or stays away.
   */
  async *send(lines: readonly string[]): AsyncGenerator<ImportResult, void> {
    const key = randomUUID();
    const answered = new Set<number>();
    const failed = new Set<number>();
    const { firstWaitMs: firstMs } = this.#options;
    const backoff = new Backoff({
      firstMs,
      factor: 2,
      maxMs: longestPauseMs,
      jitter: [0.75, 1.25],
    });
    for (let failures = 0; answered.size < lines.length; ) {
      const before = answered.size;
      try {
        for await (const result of this.#attempt(lines, key)) {
          if (answered.has(result.line)) continue;
          if (isFailed(result) && !failed.has(result.line)) {
            failed.add(result.line);
            continue;
          }
          answered.add(result.line);
          yield result;
        }
        const missing = lines.length - answered.size;
        if (missing > 0) throw new Passing(`${missing} movies were not decided`);
      } catch (error) {
        if (!(error instanceof Passing)) throw error;
        const isNew = answered.size > before;
        failures = isNew ? 1 : failures + 1;
        if (isNew) backoff.reset();
        if (failures >= this.#options.attempts) throw this.#away(error.message);
        await this.#wait(error, backoff);
      }
    }
  }

  /** Sends one request and yields the results that more of the same may not change. */
  async *#attempt(lines: readonly string[], key: string): AsyncGenerator<ImportResult, void> {
    const silence = new AbortController();
    const timer = setTimeout(() => silence.abort(), this.#options.silenceMs);
    try {
      const response = await this.#post(lines, key, silence.signal);
      for await (const text of linesOf(response, () => timer.refresh())) {
        const answer = parseAnswer(text, lines.length);
        if ('done' in answer) {
          if (answer.token) this.#api.saw(answer.token);
          return;
        }
        if (!isPassing(answer)) yield answer;
      }
      throw new Passing('the answer ended early');
    } catch (error) {
      if (silence.signal.aborted) throw new Passing('the API has stopped answering');
      throw error;
    } finally {
      clearTimeout(timer);
      silence.abort();
    }
  }

  async #post(lines: readonly string[], key: string, signal: AbortSignal): Promise<Response> {
    const { replace, keepDescriptions } = this.#options;
    const query = {
      replace: replace ? 'true' : 'false',
      ...(keepDescriptions && { keepDescriptions: 'true' as const }),
    } as const;
    try {
      const { response } = await this.#api.commands.POST('/v1/movies:import', {
        params: { query, header: { 'Idempotency-Key': key } },
        headers: { 'content-type': 'application/x-ndjson', accept: 'application/x-ndjson' },
        body: `${lines.join('\n')}\n`,
        bodySerializer: (text) => text,
        ...{ parseAs: 'stream', signal, redirect: 'manual' },
      });
      return response;
    } catch (error) {
      if (error instanceof ProblemError) throw this.#refused(error);
      if (error instanceof UnreachableError) throw new Passing(causeOf(error.cause));
      throw error;
    }
  }

  #refused({ status, problem, retryAfterSeconds }: ProblemError): Error {
    const detail = printable(problem.detail);
    if (status === 429 || status >= 500) {
      return new Passing(detail, Math.min((retryAfterSeconds ?? 0) * 1_000, longestRetryAfterMs));
    }
    if (status === 401 || status === 403) {
      return new ScrapeError(
        `The command API refuses the token (${status}): ${detail} Set SERVICE_TOKEN to the ` +
          'token of `npm run token -- --user scraper --roles catalogue`.',
      );
    }
    if (status === 404 || status === 405 || (status >= 300 && status < 400)) {
      return new ScrapeError(
        `${this.#origin} does not answer like a command API (${status}); ` +
          'name the URL of the command API with --url.',
      );
    }
    return new ScrapeError(`The command API refuses the import (${status}): ${detail}`);
  }

  get #origin(): string {
    return new URL(this.#options.url).origin;
  }

  async #wait({ message, retryAfterMs }: Passing, backoff: Backoff): Promise<void> {
    const waitMs = Math.max(retryAfterMs, backoff.nextMs());
    this.#options.onWait(message, waitMs);
    await sleep(waitMs);
  }

  #away(reason: string): ScrapeError {
    return new ScrapeError(
      `The command API at ${this.#origin} can't be used: ${reason.replace(/\.$/, '')}. ` +
        'Start the system with `npm start`, or name another URL with --url.',
    );
  }
}

/** Whether a rejection is temporary, since a part was away or busy, and not about the movie. */
const isPassing = (result: ImportResult) => [429, 503].includes(statusOf(result));

/** Whether the API could not handle the line, which may be about this very movie. */
const isFailed = (result: ImportResult) => statusOf(result) === 500;

const statusOf = (result: ImportResult): number =>
  result.result === 'rejected' ? kernelProblems[result.code as KernelProblemCode]?.status : 200;

async function* linesOf(response: Response, onBytes: () => void): AsyncGenerator<string, void> {
  if (!response.body) return;
  const decoder = new TextDecoder();
  const chunks = response.body[Symbol.asyncIterator]();
  let rest = '';
  for (;;) {
    const { value, done } = await chunks.next().catch((error: unknown) => {
      throw new Passing(`the answer broke off (${causeOf(error)})`);
    });
    if (done) break;
    onBytes();
    const parts = (rest + decoder.decode(value, { stream: true })).split('\n');
    rest = parts.pop() ?? '';
    yield* parts.filter((part) => part.trim() !== '');
  }
  // A last line without a line end was cut off, so it is dropped.
}

function parseAnswer(text: string, lines: number): z.output<typeof AnswerLine> {
  try {
    const answer = AnswerLine.parse(JSON.parse(text));
    if ('done' in answer || answer.line <= lines) return answer;
  } catch {
    // The error below says so.
  }
  throw new ScrapeError(`This is no answer to an import: ${printable(text.slice(0, 200))}`);
}

function causeOf(error: unknown): string {
  const cause = (error as Error).cause ?? error;
  const { code, message } = cause as NodeJS.ErrnoException;
  return code === 'ECONNREFUSED'
    ? 'nothing listens at that address'
    : message || code || 'no connection';
}
