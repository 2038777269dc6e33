import { randomFillSync, randomUUID } from 'node:crypto';
import type { Request, Response } from 'express';
import type { Caller } from '../auth/tokens.ts';
import type { Span, Tracer } from '../tracing/tracing.ts';
import { setCommon } from './common-headers.ts';

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
    interface Response {
      /** Headers that answers have whatever their route is: names and values in turn. */
      common?: string[];
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
  setCommon(res, 'X-Request-Id', req.requestId);
  setCommon(res, 'traceparent', req.traceparent);
  return span;
}

const [traceBytes, spanBytes] = [16, 8];
/** Random bytes are slow to get, so they are made for many ids at once. */
const random = Buffer.alloc(256 * (traceBytes + spanBytes));
let used = random.length;

function newTraceparent(): string {
  if (used === random.length) {
    randomFillSync(random);
    used = 0;
  }
  const span = used + traceBytes;
  const trace = random.toString('hex', used, span);
  used = span + spanBytes;
  return `00-${trace}-${random.toString('hex', span, used)}-01`;
}
