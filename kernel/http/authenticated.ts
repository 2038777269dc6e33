import type { RequestHandler } from 'express';
import type { Role } from '../auth/roles.ts';
import type { Tokens } from '../auth/tokens.ts';
import { Problem } from '../problems.ts';

/** Requires a valid token, with one of the roles unless null, and sets `req.caller`. */
export function authenticated(tokens: Tokens, role: Role | readonly Role[] | null): RequestHandler {
  const anyOf = role === null ? null : [role].flat();
  return async (req, _res, next) => {
    const caller = await tokens.verify(req.headers.authorization);
    if (!caller) {
      throw new Problem('unauthorized', 'Send a token as `Authorization: Bearer <token>`.');
    }
    if (anyOf && !anyOf.some((one) => caller.roles.has(one))) {
      throw new Problem('forbidden', `This needs the role ${anyOf.join(' or ')}.`);
    }
    req.caller = caller;
    next();
  };
}

/** Sets `req.caller` when there is a token; a bad token is refused all the same. */
export const identified =
  (tokens: Tokens): RequestHandler =>
  async (req, _res, next) => {
    req.caller = await tokens.verify(req.headers.authorization);
    next();
  };
