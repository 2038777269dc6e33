import { serviceToken, signToken } from '@event-sourced/kernel/auth';
import { localAuthSecret } from '#local-stack/system/secret.ts';
import type { Config } from '#schemas/config.ts';
import { ScrapeError } from './scrape-error.ts';

type Settings = Pick<
  Config,
  | 'serviceToken'
  | 'serviceTokenFile'
  | 'authSecret'
  | 'authJwksUrl'
  | 'authIssuer'
  | 'authAudience'
  | 'dataDir'
>;

/** Long enough for one request; each request gets a token of its own. */
const ttlSeconds = 15 * 60;

/**
 * Makes the bearer token of the next request: with SERVICE_TOKEN, else with a new token.
 * @throws ScrapeError if tokens are issued elsewhere and SERVICE_TOKEN is not set.
 */
export function authorization(settings: Settings): () => Promise<string> {
  const { authSecret, authJwksUrl, dataDir } = settings;
  const { authIssuer: issuer, authAudience: audience } = settings;
  const token = serviceToken(settings);
  if (token) return token;
  if (!authSecret && authJwksUrl) {
    throw new ScrapeError(
      'AUTH_JWKS_URL says that tokens are issued elsewhere; ' +
        'set SERVICE_TOKEN to a token with the role catalogue.',
    );
  }
  return async () => {
    const secret = authSecret ?? (await localAuthSecret(dataDir));
    const claims = { user: 'scraper', roles: ['catalogue'], ttlSeconds } as const;
    return signToken({ ...claims, secret, issuer, audience });
  };
}
