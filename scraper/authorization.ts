import { signToken } from '#kernel/auth/tokens.ts';
import { localAuthSecret } from '#local-stack/secret.ts';
import type { Config } from '#schemas/config.ts';
import { ScrapeError } from './scrape-error.ts';

type Settings = Pick<
  Config,
  'serviceToken' | 'authSecret' | 'authJwksUrl' | 'authIssuer' | 'authAudience' | 'dataDir'
>;

/** Long enough for one request; each one gets a token of its own. */
const ttlSeconds = 15 * 60;

/**
 * Gives the Authorization header of the next request: the token that was set, or one made here.
 * @throws ScrapeError where tokens come from elsewhere and none was set.
 */
export function authorization(settings: Settings): () => Promise<string> {
  const { serviceToken, authSecret, authJwksUrl, dataDir } = settings;
  const { authIssuer: issuer, authAudience: audience } = settings;
  if (serviceToken) return async () => `Bearer ${serviceToken}`;
  if (!authSecret && authJwksUrl) {
    throw new ScrapeError(
      'Tokens come from AUTH_JWKS_URL here; set SERVICE_TOKEN to one with the role catalogue.',
    );
  }
  return async () => {
    const secret = authSecret ?? (await localAuthSecret(dataDir));
    const claims = { user: 'scraper', roles: ['catalogue'], ttlSeconds } as const;
    return `Bearer ${await signToken({ ...claims, secret, issuer, audience })}`;
  };
}
