import type { JWTHeaderParameters, JWTPayload } from 'jose';

/**
 * Issuers sign ID tokens, refresh tokens and logout tokens with the same keys as access tokens, so
 * a good signature doesn't make a token an access token. Few issuers send the type `at+jwt` of
 * RFC 9068; most send `JWT` or nothing, and tell the kinds apart by claims.
 */

/** The `typ` of tokens that are accepted unless set otherwise. */
export const accessTypes = ['at+jwt', 'JWT'] as const;

/** Claims by which issuers name the kind: Keycloak, Cognito, Django, Flask. */
const kindClaims = ['typ', 'token_use', 'token_type', 'type'];
const accessKinds = /^(bearer|access)([_-]?token)?$/i;
const otherKinds = /^(id|refresh|offline|logout)([_-]?token)?$/i;
/** Claims that OpenID Connect has for ID tokens and logout tokens. */
const foreignClaims = ['nonce', 'at_hash', 'c_hash', 'events'];

/** A `typ` as RFC 7515 compares it; a token without one is a plain JWT. */
const typeName = (typ = 'JWT'): string => typ.toLowerCase().replace(/^application\//, '');

/** Why a token isn't an access token of an accepted type; null if it is one. */
export function notForAccess(
  { typ }: Pick<JWTHeaderParameters, 'typ'>,
  claims: JWTPayload,
  types: readonly string[],
): string | null {
  const type = typeName(typeof typ === 'string' ? typ : undefined);
  if (!types.some((accepted) => typeName(accepted) === type)) {
    return `Its \`typ\` is ${type}; accepted: ${types.join(', ')}.`;
  }
  const kinds = kindClaims.filter((claim) => typeof claims[claim] === 'string');
  const other = kinds.find((claim) => otherKinds.test(String(claims[claim])));
  if (other) return `Its claim \`${other}\` says that it is no access token.`;
  if (type === 'at+jwt' || kinds.some((claim) => accessKinds.test(String(claims[claim])))) {
    return null;
  }
  const foreign = foreignClaims.find((claim) => claims[claim] !== undefined);
  return foreign ? `It has the claim \`${foreign}\`, as ID tokens and logout tokens have.` : null;
}
