import type { Request as HttpRequest } from 'express';
import { Problem } from '../problems.ts';
import type { Sender } from './forwarding.ts';

/**
 * Who sent a request, after `authenticated`. A service that sends a command because of an event
 * names the event in `X-Causation-Id`.
 */
export function senderOf(req: HttpRequest): Sender {
  if (!req.caller) throw new Problem('unauthorized', 'A token is needed.');
  return {
    caller: req.caller,
    trace: {
      correlationid: req.requestId,
      causationid: req.get('x-causation-id')?.slice(0, 128) ?? null,
      traceparent: req.traceparent,
    },
    authorization: req.headers.authorization ?? '',
  };
}
