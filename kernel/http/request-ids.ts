import { randomUUID } from 'node:crypto';
import type { Request, Response } from 'express';
import type { Caller } from '../auth/tokens.ts';
import type { Span, Tracer } from '../tracing/tracing.ts';

declare global {
  namespace Express {
    interface Request {
      /** From `X-Request-Id`, or generated; it stands in every log line and problem. */
      requestId: string;
      /** W3C trace context, taken over or generated. */
      traceparent: string;
      /** Who sent the request, by its token; null without a good one. */
      caller: Caller | null;
      /** Counts the request as so many. @throws Problem `rate-limited`, as the count itself. */
      costs?: (requests: number) => void;
      /** Why the token was refused, for routes that look at callers. */
      refusal?: unknown;
    }
  }
}

/** Ids of events, which `X-Causation-Id` has: UUIDs of any version. */
export const eventIds = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const requestIds = /^[\x21-\x7e]{1,128}$/;
// Version 00; ids of all zeros are invalid.
const traceparents = /^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/;

/**
 * Takes over the caller's request id and trace, or generates them, and sends them back.
 * @returns the request's span, if it is traced.
 */
export function identify(req: Request, res: Response, tracer?: Tracer): Span | undefined {
  const { 'x-request-id': requestId, traceparent } = req.headers;
  req.requestId =
    typeof requestId === 'string' && requestIds.test(requestId) ? requestId : randomUUID();
  const given =
    typeof traceparent === 'string' && traceparents.test(traceparent) ? traceparent : undefined;
  const span = tracer?.start({ name: req.method, kind: 'server', of: given ? [given] : [] });
  req.traceparent = span?.traceparent ?? given ?? newTraceparent();
  req.caller = null;
  res.setHeader('X-Request-Id', req.requestId);
  res.setHeader('traceparent', req.traceparent);
  return span;
}

function newTraceparent(): string {
  // UUIDs are faster than random bytes, since Node prepares those for many UUIDs at once.
  const span = randomUUID();
  return `00-${randomUUID().replaceAll('-', '')}-${span.slice(0, 8)}${span.slice(28)}-01`;
}
