import { createSecretKey } from 'node:crypto';
import {
  createRemoteJWKSet,
  errors,
  type JWTPayload,
  type JWTVerifyGetKey,
  jwtVerify,
  SignJWT,
} from 'jose';
import { LRUCache } from 'lru-cache';
import { z } from 'zod';
import { ConfigError } from '../config.ts';
import type { SubjectIds } from '../personal/subject-ids.ts';
import { Problem } from '../problems.ts';
import { service } from './roles.ts';
import { accessTypes, notForAccess } from './token-types.ts';
import { userIdFault } from './user-id.ts';

/** The user who sent a request, and the user's roles, from the bearer token. */
export type Caller = {
  userId: string;
  roles: ReadonlySet<string>;
  /** When the token is no longer taken, in milliseconds since 1970; streams end then. */
  expiresAt?: number;
};

export type Tokens = {
  /**
   * @returns the caller, or null when there is no header.
   * @throws Problem `unauthorized` saying why the token is refused, or `part-away` when the
   *   keys can't be fetched.
   */
  verify(authorization: string | undefined): Promise<Caller | null>;
  /** The caller of a token that was verified here not long ago, and hasn't expired. */
  known(authorization: string): Caller | null;
};

type Options = {
  secret?: string | undefined;
  jwksUrl?: string | undefined;
  issuer?: string | undefined;
  audience?: string | undefined;
  /** The accepted `typ` of tokens; JWT stands for none, too. */
  types?: readonly string[];
  /** What stands for the `sub` of people's tokens; the `sub` itself if unset. */
  subjects?: SubjectIds | null;
};

const skewSeconds = 30;
/** Verified tokens are remembered no longer than this, since the issuer may withdraw a key. */
const rememberMs = 5 * 60_000;
const asymmetric = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'].concat([
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
]);

const Claims = z.object({
  sub: z.string(),
  roles: z.array(z.string()).default([]),
  exp: z.number(),
});

const secretKey = (secret: string) => createSecretKey(Buffer.from(secret, 'utf8'));

/** @throws ConfigError if both or neither are given, or a URL without issuer and audience. */
export function checkTokens({ secret, jwksUrl, issuer, audience }: Options): void {
  if (!secret === !jwksUrl)
    throw new ConfigError('Set AUTH_SECRET or AUTH_JWKS_URL, and not both.');
  // The issuer signs tokens for other applications with the same keys.
  if (jwksUrl && !(issuer && audience))
    throw new ConfigError('AUTH_JWKS_URL needs AUTH_ISSUER and AUTH_AUDIENCE.');
}

/**
 * Verifies bearer tokens, with one shared secret (HS256) or the public keys at a URL.
 * @throws ConfigError as `checkTokens` does.
 */
export function openTokens(options: Options): Tokens {
  const { secret, jwksUrl, issuer, audience, types = accessTypes, subjects } = options;
  checkTokens(options);
  const key = jwksUrl ? createRemoteJWKSet(new URL(jwksUrl)) : constant(secretKey(secret!));
  const rules = {
    algorithms: jwksUrl ? asymmetric : ['HS256'],
    requiredClaims: ['exp', 'sub'],
    clockTolerance: skewSeconds,
    ...(issuer && { issuer }),
    ...(audience && { audience }),
  };
  // Verifying costs more than the rest of a request; its outcome holds until the token expires.
  const verified = new LRUCache<string, { caller: Caller; untilMs: number }>({
    maxSize: 8_000_000,
    sizeCalculation: (_, header) => header.length + 500,
  });

  const verifyNow = async (authorization: string): Promise<Caller> => {
    const token = bearerToken(authorization);
    const { payload, protectedHeader } = await jwtVerify(token, key, rules).catch((cause) => {
      throw refusal(cause);
    });
    const reason = notForAccess(protectedHeader, payload, types);
    if (reason) throw new Problem('unauthorized', `This is not an access token. ${reason}`);
    const claims = claimsOf(payload);
    const expiresAt = (claims.exp + skewSeconds) * 1_000;
    const caller = { userId: claims.sub, roles: new Set(claims.roles), expiresAt };
    const untilMs = Math.min(claims.exp * 1000, Date.now() + rememberMs);
    if (untilMs > Date.now()) verified.set(authorization, { caller, untilMs });
    return caller;
  };

  const known = (authorization: string): Caller | null => {
    const remembered = verified.get(authorization);
    return remembered && Date.now() < remembered.untilMs ? remembered.caller : null;
  };

  const verify: Tokens['verify'] = async (authorization) => {
    if (authorization === undefined) return null;
    return known(authorization) ?? verifyNow(authorization);
  };
  return subjects ? withIds({ known, verify }, subjects) : { known, verify };
}

/** Callers by the ids that stand for them. Programs are no people, and keep their names. */
function withIds({ known, verify }: Tokens, subjects: SubjectIds): Tokens {
  const named = new WeakMap<Caller, Caller>();
  const as = (caller: Caller, userId: string): Caller => {
    const before = named.get(caller);
    if (before?.userId === userId) return before;
    const now = { ...caller, userId };
    named.set(caller, now);
    return now;
  };
  return {
    known(authorization) {
      const caller = known(authorization);
      if (!caller || caller.roles.has(service)) return caller;
      const userId = subjects.known(caller.userId);
      return userId === undefined ? null : as(caller, userId);
    },
    async verify(authorization) {
      const caller = await verify(authorization);
      if (!caller || caller.roles.has(service)) return caller;
      return as(caller, await subjects.idOf(caller.userId));
    },
  };
}

const constant = (key: ReturnType<typeof secretKey>): JWTVerifyGetKey => {
  return () => Promise.resolve(key);
};

const tokenIn = (authorization: string): string | undefined =>
  /^Bearer +([\w~+/.=-]+)$/i.exec(authorization)?.[1];

function bearerToken(authorization: string): string {
  const token = tokenIn(authorization);
  if (!token) throw new Problem('unauthorized', 'Send it as `Authorization: Bearer <token>`.');
  return token;
}

function claimsOf(payload: JWTPayload): z.output<typeof Claims> {
  const parsed = Claims.safeParse(payload);
  if (!parsed.success) {
    const claim = parsed.error.issues[0]?.path[0];
    const wanted = claim === 'sub' ? 'text' : 'a list of role names';
    throw new Problem('unauthorized', `The token's \`${String(claim)}\` has to be ${wanted}.`);
  }
  const fault = userIdFault(parsed.data.sub);
  if (fault) throw new Problem('unauthorized', `The token's \`sub\` ${fault}.`);
  return parsed.data;
}

function refusal(cause: unknown): Problem {
  if (cause instanceof errors.JWTExpired) {
    return new Problem('unauthorized', 'The token has expired; get a new one.', { cause });
  }
  if (cause instanceof errors.JWTClaimValidationFailed) {
    const detail = `The token's \`${cause.claim}\` is missing or not the expected one.`;
    return new Problem('unauthorized', detail, { cause });
  }
  if (cause instanceof errors.JWSSignatureVerificationFailed || isUnknownKey(cause)) {
    return new Problem('unauthorized', 'The token is signed with a key not trusted here.', {
      cause,
    });
  }
  if (cause instanceof errors.JOSEAlgNotAllowed) {
    return new Problem('unauthorized', 'The token is not signed in an accepted way.', { cause });
  }
  if (isMalformed(cause)) {
    return new Problem('unauthorized', 'This is not a signed JSON Web Token.', { cause });
  }
  return new Problem('part-away', 'The keys that tokens are checked with are out of reach.', {
    cause,
  });
}

const isUnknownKey = (cause: unknown) =>
  cause instanceof errors.JWKSNoMatchingKey || cause instanceof errors.JWKSMultipleMatchingKeys;

const isMalformed = (cause: unknown) =>
  cause instanceof errors.JWSInvalid ||
  cause instanceof errors.JWTInvalid ||
  cause instanceof errors.JOSENotSupported;

export type TokenToSign = {
  user: string;
  roles: readonly string[];
  secret: string;
  ttlSeconds: number;
  issuer?: string | undefined;
  audience?: string | undefined;
};

/** Makes a token that `openTokens` with the same secret accepts. */
export function signToken(token: TokenToSign): Promise<string> {
  const nowSeconds = Math.floor(Date.now() / 1000);
  const jwt = new SignJWT({ roles: token.roles })
    .setProtectedHeader({ alg: 'HS256', typ: 'at+jwt' })
    .setSubject(token.user)
    .setIssuedAt(nowSeconds)
    .setExpirationTime(nowSeconds + token.ttlSeconds);
  if (token.issuer) jwt.setIssuer(token.issuer);
  if (token.audience) jwt.setAudience(token.audience);
  return jwt.sign(secretKey(token.secret));
}
