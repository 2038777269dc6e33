import { z } from 'zod';
import type { Command } from '../aggregate.ts';
import type { Caller } from '../auth/tokens.ts';
import { Problem } from '../problems.ts';
import type { ExpectedVersion } from '../writer/expected-version.ts';
import { LaneMovedError } from '../writer/lane-writer.ts';
import type { Forward } from '../writer/lanes.ts';
import type { Outcome, Trace } from '../writer/request.ts';

/** The caller of a request, and the trace that the request belongs to. */
export type Sender = {
  caller: Caller;
  trace: Trace;
  /** The `Authorization` header, to send on with a forwarded command. */
  authorization: string;
};

/**
 * The body with which one node asks another to decide a command. A command is forwarded once, and
 * with the caller's own token, so that forwarding allows nothing that the caller could not do.
 * `forwarded-commands.ts` has the other node's side.
 */
export const Forwarded = z.strictObject({
  input: z.unknown(),
  idempotencyKey: z.string(),
  expectedVersion: z.union([z.int(), z.array(z.int()), z.enum(['present', 'absent'])]).nullable(),
  /** The lease's term in which the asked node owns the lane: in a later one it must not decide. */
  term: z.int(),
});

/** The header of a forwarded bulk command, by RFC 9218: its urgency is that of background work. */
export const bulkPriority = 'u=7';

type ForwardedEnvelope = {
  idempotencyKey: string;
  expectedVersion: ExpectedVersion;
  bulk?: boolean;
};

const forwardMs = 8_000;

/** Asks the lane's owner. */
export function forwarding(
  command: Command,
  input: unknown,
  { idempotencyKey, expectedVersion, bulk = false }: ForwardedEnvelope,
  sender: Sender,
): Forward {
  return async ({ url, term }, gone) => {
    const body = { input, idempotencyKey, expectedVersion, term };
    const asked = { path: `/internal/commands/${command.name}`, body, bulk };
    return (await askNode(url, asked, sender, gone)) as Outcome;
  };
}

/**
 * Sends a request to another node. An answer that is lost with the connection ends in a
 * `LaneMovedError`, and the command is sent again with the same key.
 */
export async function askNode(
  url: string,
  { path, body, bulk }: { path: string; body: object; bulk: boolean },
  { trace, authorization }: Sender,
  gone?: AbortSignal,
): Promise<unknown> {
  const { correlationid, causationid, traceparent } = trace;
  const late = AbortSignal.timeout(forwardMs);
  const answer = await fetch(new URL(path, url), {
    method: 'POST',
    headers: {
      authorization,
      'content-type': 'application/json',
      'x-request-id': correlationid,
      traceparent,
      ...(causationid && { 'x-causation-id': causationid }),
      ...(bulk && { priority: bulkPriority }),
    },
    body: JSON.stringify(body),
    signal: gone ? AbortSignal.any([late, gone]) : late,
  }).catch((cause: Error) => {
    throw new LaneMovedError(`The lane's owner doesn't answer: ${cause.message}`, { cause });
  });
  const answered: unknown = await answer.json().catch(() => null);
  // The status of an answer that was cut off can't be trusted either.
  if (answer.ok && answered !== null) return answered;
  throw forwardedError(answered);
}

const ProblemBody = z.object({
  code: z.string(),
  status: z.int(),
  title: z.string(),
  detail: z.string(),
  errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
});

export function forwardedError(body: unknown): Error {
  const problem = ProblemBody.safeParse(body);
  if (!problem.success)
    return new LaneMovedError('The lane’s owner answered with no problem document of ours.');
  const { code, status, title, detail, errors } = problem.data;
  if (code === 'lane-unavailable') return new LaneMovedError(detail);
  return new Problem({ code, status, title }, detail, errors ? { errors } : {});
}
