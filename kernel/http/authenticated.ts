import type { Request, RequestHandler } from 'express';
import type { Role } from '../auth/roles.ts';
import type { Caller } from '../auth/tokens.ts';
import { Problem } from '../problems.ts';

/** Throws Problem `unauthorized` or `forbidden` unless the caller may send the request. */
export type Access = (req: Request) => void;

/** Requires a valid token, with one of the roles unless null. */
export function accessFor(role: Role | readonly Role[] | null): Access {
  const anyOf = role === null ? null : [role].flat();
  return (req) => {
    const caller = callerOf(req);
    if (!caller) {
      throw new Problem('unauthorized', 'Send a token as `Authorization: Bearer <token>`.');
    }
    if (anyOf && !anyOf.some((one) => caller.roles.has(one))) {
      throw new Problem('forbidden', `This needs the role ${anyOf.join(' or ')}.`);
    }
  };
}

/** Requires no token, but refuses a bad one all the same. */
export const accessForAnybody: Access = (req) => {
  callerOf(req);
};

/** `accessFor` as a handler of its own. */
export const authenticated = (role: Role | readonly Role[] | null): RequestHandler =>
  handlerOf(accessFor(role));

/** `accessForAnybody` as a handler of its own. */
export const identified: RequestHandler = handlerOf(accessForAnybody);

function handlerOf(access: Access): RequestHandler {
  return (req, _res, next) => {
    access(req);
    next();
  };
}

function callerOf(req: Request): Caller | null {
  if (req.refusal !== undefined) throw req.refusal;
  return req.caller;
}
