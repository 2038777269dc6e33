import type { Request as HttpRequest } from 'express';
import { z } from 'zod';
import type { Command } from '../aggregate.ts';
import { Problem } from '../problems.ts';
import { LaneMovedError } from '../writer/lane-writer.ts';
import type { Forward } from '../writer/lanes.ts';
import type { Outcome } from '../writer/request.ts';

/**
 * How one node asks another to decide a command: once, with the caller's own token, so that
 * nothing is possible here that the caller could not do. See `forwarded-commands.ts`.
 */
export const Forwarded = z.strictObject({
  input: z.unknown(),
  idempotencyKey: z.string(),
  expectedVersion: z.int().nullable(),
  /** For which the asked node owns the lane: afterwards it must not decide this any more. */
  term: z.int(),
});

const forwardMs = 8_000;

/** Asks the owner. An answer that is lost with the connection is asked for again, same key. */
export function forwarding(
  command: Command,
  input: unknown,
  { idempotencyKey, expectedVersion }: { idempotencyKey: string; expectedVersion: number | null },
  req: HttpRequest,
): Forward {
  const causation = req.get('x-causation-id');
  return async (owner, gone) => {
    const url = new URL(`/internal/commands/${command.name}`, owner.url);
    const answer = await fetch(url, {
      method: 'POST',
      headers: {
        authorization: req.headers.authorization ?? '',
        'content-type': 'application/json',
        'x-request-id': req.requestId,
        traceparent: req.traceparent,
        ...(causation && { 'x-causation-id': causation }),
      },
      body: JSON.stringify({ input, idempotencyKey, expectedVersion, term: owner.term }),
      signal: AbortSignal.any([AbortSignal.timeout(forwardMs), gone]),
    }).catch((cause: Error) => {
      throw new LaneMovedError(`The lane's owner doesn't answer: ${cause.message}`, { cause });
    });
    const body: unknown = await answer.json().catch(() => null);
    // An answer that was cut off says nothing, not even what its status says.
    if (answer.ok && body !== null) return body as Outcome;
    throw forwardedError(body);
  };
}

const ProblemBody = z.object({
  code: z.string(),
  status: z.int(),
  title: z.string(),
  detail: z.string(),
  errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
});

function forwardedError(body: unknown): Error {
  const problem = ProblemBody.safeParse(body);
  if (!problem.success) return new LaneMovedError('The lane’s owner gave no answer of ours.');
  const { code, status, title, detail, errors } = problem.data;
  if (code === 'lane-unavailable') return new LaneMovedError(detail);
  return new Problem({ code, status, title }, detail, errors ? { errors } : {});
}
