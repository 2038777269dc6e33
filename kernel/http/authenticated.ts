import type { Request, RequestHandler } from 'express';
import type { Role } from '../auth/roles.ts';
import type { Caller } from '../auth/tokens.ts';
import { Problem } from '../problems.ts';

/** Requires a valid token, with one of the roles unless null. */
export function authenticated(role: Role | readonly Role[] | null): RequestHandler {
  const anyOf = role === null ? null : [role].flat();
  return (req, _res, next) => {
    const caller = callerOf(req);
    if (!caller) {
      throw new Problem('unauthorized', 'Send a token as `Authorization: Bearer <token>`.');
    }
    if (anyOf && !anyOf.some((one) => caller.roles.has(one))) {
      throw new Problem('forbidden', `This needs the role ${anyOf.join(' or ')}.`);
    }
    next();
  };
}

/** Requires no token, but refuses a bad one all the same. */
export const identified: RequestHandler = (req, _res, next) => {
  callerOf(req);
  next();
};

function callerOf(req: Request): Caller | null {
  if (req.refusal !== undefined) throw req.refusal;
  return req.caller;
}
