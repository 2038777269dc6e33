import { type Role, service } from '../auth/roles.ts';
import { serviceToken } from '../auth/service-token.ts';
import { signToken } from '../auth/tokens.ts';
import { type Config, ConfigError } from '../config.ts';

type Settings = Pick<
  Config,
  'serviceToken' | 'serviceTokenFile' | 'authSecret' | 'authIssuer' | 'authAudience'
>;

export type Authorization = {
  /** The header of the next request. */
  header(): Promise<string>;
  /** Call it when the last header was refused: the next one has a new token, where possible. */
  refused(): void;
};

const ttlSeconds = 10 * 60;
/** Tokens are renewed long before they expire, so that clocks may differ. */
const renewAfterMs = (ttlSeconds * 1_000) / 2;

/**
 * Authorizes a service with the token that was set, or with tokens that it signs itself.
 * @throws ConfigError if the service can't sign tokens and none was set.
 */
export function serviceAuthorization(
  settings: Settings,
  { user, roles: own }: { user: string; roles: readonly Role[] },
): Authorization {
  const roles = [...own, service];
  const { authSecret: secret, authIssuer: issuer, authAudience: audience } = settings;
  const token = serviceToken(settings);
  if (token) return { header: async () => `Bearer ${await token()}`, refused: () => {} };
  if (!secret) {
    const wanted = `a token with the roles ${roles.join(' and ')}`;
    throw new ConfigError(`Tokens come from AUTH_JWKS_URL here; set SERVICE_TOKEN to ${wanted}.`);
  }
  let made: { token: Promise<string>; at: number } | null = null;
  return {
    async header() {
      if (!made || performance.now() - made.at > renewAfterMs) {
        const token = signToken({ user, roles, secret, issuer, audience, ttlSeconds });
        made = { token, at: performance.now() };
      }
      return `Bearer ${await made.token}`;
    },
    refused() {
      made = null;
    },
  };
}
