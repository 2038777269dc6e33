import { z } from 'zod';
import { eventIds } from '../http/request-ids.ts';
import type { Authorization } from './authorization.ts';

/** The command API's answer to a command: `unchanged`, and the ids of new things. */
export type CommandAnswer = { unchanged: boolean; [id: string]: unknown };

/** A command, and the event that caused it, if one did. */
export type CausedCommand = {
  path: string;
  body: object;
  /** The Idempotency-Key. */
  key: string;
  causationid?: string;
  correlationid?: string;
  traceparent?: string | undefined;
};

export type Outcome =
  | { kind: 'done'; answer: CommandAnswer }
  /** The command is not possible, however often it is sent. */
  | { kind: 'refused'; status: number; code: string; detail: string };

/** No answer came, or one that says nothing about this command: it has to be sent again. */
export class TryAgainError extends Error {
  override name = 'TryAgainError';
  /** The answer's Retry-After; 0 if there is none. */
  readonly afterMs: number;
  constructor(message: string, { cause, afterMs = 0 }: { cause?: unknown; afterMs?: number } = {}) {
    super(message, { cause });
    this.afterMs = afterMs;
  }
}

export type CommandClient = {
  /** @throws TryAgainError when the same command has to be sent again. */
  send(command: CausedCommand, signal: AbortSignal): Promise<Outcome>;
};

const answerWithinMs = 10_000;

/** Codes that tell of the sender or the receiver, not of the command. */
const notAboutTheCommand = new Set([
  ...['unauthorized', 'forbidden', 'route-unknown', 'method-not-allowed'],
  ...['malformed-request', 'request-timeout', 'rate-limited', 'headers-too-large'],
]);

const Answer = z.looseObject({ unchanged: z.boolean() });
const Refusal = z.object({ code: z.string(), detail: z.string() });

/** Sends commands to the command API at this URL. */
export function commandClient(baseUrl: string, authorization: Authorization): CommandClient {
  return {
    async send({ path, body, key, causationid, correlationid, traceparent }, signal) {
      const response = await answered(new URL(path, baseUrl), {
        method: 'POST',
        headers: {
          authorization: await headerOf(authorization),
          'content-type': 'application/json',
          'idempotency-key': key,
          ...(isEventId(causationid) && { 'x-causation-id': causationid }),
          ...(isSendable(correlationid) && { 'x-request-id': correlationid }),
          ...(isSendable(traceparent) && { traceparent }),
        },
        body: JSON.stringify(body),
        signal: AbortSignal.any([signal, AbortSignal.timeout(answerWithinMs)]),
      });
      if (response.status === 401) authorization.refused();
      return outcomeOf(response);
    },
  };
}

/** The file that has the token may be away for a moment, such as while somebody renews it. */
const headerOf = (authorization: Authorization): Promise<string> =>
  authorization.header().catch((cause: Error) => {
    throw new TryAgainError(`There is no token: ${cause.message}`, { cause });
  });

const isEventId = (text: string | undefined): text is string =>
  text !== undefined && eventIds.test(text);

/** An event may hold text that no header can; the command is then sent without the header. */
const isSendable = (text: string | undefined): text is string =>
  text !== undefined && /^[\x21-\x7e]{1,128}$/.test(text);

type Answered = { url: URL; status: number; retryAfter: string | null; body: unknown };

async function answered(url: URL, request: RequestInit): Promise<Answered> {
  try {
    const response = await fetch(url, request);
    const text = await response.text();
    const { status, headers } = response;
    return { url, status, retryAfter: headers.get('retry-after'), body: json(text) };
  } catch (cause) {
    throw new TryAgainError(`${url.origin} gave no answer: ${reasonOf(cause)}`, { cause });
  }
}

function outcomeOf({ url, status, retryAfter, body }: Answered): Outcome {
  const answer = Answer.safeParse(body).data;
  if (status >= 200 && status < 300 && answer) return { kind: 'done', answer };
  const refusal = Refusal.safeParse(body).data;
  const isFinal = status >= 400 && status < 500 && refusal !== undefined;
  if (isFinal && !notAboutTheCommand.has(refusal.code)) {
    return { kind: 'refused', status, ...refusal };
  }
  const why = refusal ? `${refusal.code}: ${refusal.detail}` : 'no answer of a command API';
  const afterMs = (Number(retryAfter) || 0) * 1_000;
  throw new TryAgainError(`${url.origin} answered ${status}, ${why}`, { afterMs });
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The reason of a failed `fetch` is in its cause. */
const reasonOf = (error: unknown): string => {
  const { cause, message } = error as Error;
  return cause instanceof Error ? cause.message || String(cause) : message;
};
