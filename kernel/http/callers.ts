import type { RequestHandler } from 'express';
import type { Tokens } from '../auth/tokens.ts';
import { Problem } from '../problems.ts';
import { operationsPaths } from './operations.ts';
import { RateCounters, type RateLimits } from './rate-limits.ts';

export type CallersOptions = {
  /** What tokens are checked with; undefined while the service is not open yet. */
  tokens?: (() => Tokens | undefined) | undefined;
  /** None if unset. */
  rateLimits?: RateLimits | undefined;
};

/**
 * Sets `req.caller`, and counts each request for whoever sends it. A bad token is refused later, by
 * the routes that look at callers, so that an unknown route is 404 to everybody.
 */
export function callers({ tokens = () => undefined, rateLimits }: CallersOptions): RequestHandler {
  const counters = new RateCounters(rateLimits ?? { perUser: 0, perService: 0, perAddress: 0 });
  return async (req, res, next) => {
    const { authorization } = req.headers;
    const checked = tokens();
    if (operationsPaths.has(req.path)) return next();
    if (authorization === undefined || !checked) return counters.anonymous(req, res, next);
    if (counters.isGuessing(req) && !checked.remembers(authorization)) {
      return counters.wrongToken(req, res, next);
    }
    try {
      req.caller = await checked.verify(authorization);
    } catch (error) {
      req.refusal = error;
      const isWrong = error instanceof Problem && error.status === 401;
      return (isWrong ? counters.wrongToken : counters.anonymous)(req, res, next);
    }
    // The node that forwards a command has counted it.
    const isForwarded = req.path.startsWith('/internal/');
    if (!req.caller || isForwarded) return next();
    return counters.ofCaller(req.caller)(req, res, next);
  };
}
