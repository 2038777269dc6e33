import type { Request as HttpRequest } from 'express';
import { service } from '../auth/roles.ts';
import { Problem } from '../problems.ts';
import type { Sender } from './forwarding.ts';
import { eventIds } from './request-ids.ts';

/** Who sent a request, after `authenticated`. */
export function senderOf(req: HttpRequest): Sender {
  if (!req.caller) throw new Problem('unauthorized', 'A token is needed.');
  return {
    caller: req.caller,
    trace: {
      correlationid: req.requestId,
      causationid: causationOf(req),
      traceparent: req.traceparent,
    },
    authorization: req.headers.authorization ?? '',
  };
}

/**
 * A service that sends a command because of an event names the event in `X-Causation-Id`. Anybody
 * else's header is ignored: events must not tell of causes that somebody made up.
 */
function causationOf({ caller, headers }: HttpRequest): string | null {
  const header = headers['x-causation-id'];
  if (header === undefined || !caller?.roles.has(service)) return null;
  if (typeof header === 'string' && eventIds.test(header)) return header.toLowerCase();
  const error = { path: 'X-Causation-Id', message: 'has to be the id of an event, a UUID' };
  throw new Problem('invalid-input', `${error.path} ${error.message}.`, { errors: [error] });
}
