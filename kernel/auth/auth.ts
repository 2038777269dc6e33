/**
 * Who may do what: roles, and the bearer tokens that carry them.
 *
 * @example
 * ```ts
 * import { type Caller, defineRoles, signToken } from '@event-sourced/kernel/auth';
 *
 * export const roles = defineRoles('customer', 'clerk');
 *
 * export const isClerk = (caller: Caller) => caller.roles.has(roles.clerk);
 *
 * export const tokenOf = (user: string, secret: string) =>
 *   signToken({ user, roles: [roles.customer], secret, ttlSeconds: 3_600 });
 * ```
 */
export { defineRoles, operator, type Role, service } from './roles.ts';
export { serviceToken } from './service-token.ts';
export { type Caller, openTokens, signToken, type Tokens, type TokenToSign } from './tokens.ts';
