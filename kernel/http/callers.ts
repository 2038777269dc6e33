import type { Request, Response } from 'express';
import type { Caller, Tokens } from '../auth/tokens.ts';
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
export function callers({ tokens = () => undefined, rateLimits }: CallersOptions) {
  const limits = rateLimits ?? { perUser: 0, perService: 0, perAddress: 0 };
  const counters = new RateCounters(limits);
  const ofNodes = new RateCounters(limits);
  return (req: Request, res: Response): void | Promise<void> => {
    const { authorization } = req.headers;
    const checked = tokens();
    if (operationsPaths.has(req.path)) return;
    if (authorization === undefined || !checked) return counters.anonymous(req, res);
    const known = checked.known(authorization);
    if (known) return countCaller(known, req, res);
    if (counters.isGuessing(req)) counters.wrongToken(req, res);
    return verified(checked, authorization, req, res);
  };

  function countCaller(caller: Caller, req: Request, res: Response): void {
    req.caller = caller;
    // The node that forwards a command has counted it. But who else sends it can't be told from a
    // node where clients reach this path, so that they may send as many again this way.
    const counted = req.path.startsWith('/internal/') ? ofNodes : counters;
    counted.ofCaller(caller, res);
    req.costs = (requests) => counted.ofCaller(caller, res, requests - 1);
  }

  async function verified(
    checked: Tokens,
    authorization: string,
    req: Request,
    res: Response,
  ): Promise<void> {
    const refuse = (error: unknown) => {
      req.refusal = error;
      return null;
    };
    const caller = await checked.verify(authorization).catch(refuse);
    if (caller) return countCaller(caller, req, res);
    const { refusal } = req;
    const isWrong = refusal instanceof Problem && refusal.status === 401;
    if (isWrong) counters.wrongToken(req, res);
    else counters.anonymous(req, res);
  }
}
