import * as oauth from 'oauth4webapi';
import { signIn } from './session.ts';
import { pageUrl, type Settings } from './settings.ts';

/** Signing in at an OpenID provider by the code flow with PKCE: the console has no secret. */

type Provider = NonNullable<Settings['oidc']>;
type Begun = { verifier: string; state: string; page: string };

const begunKey = 'console.sign-in';
const redirectUri = pageUrl.href;

async function serverOf({ issuer }: Provider): Promise<oauth.AuthorizationServer> {
  const url = new URL(issuer);
  const options = insecure(url);
  return oauth.processDiscoveryResponse(url, await oauth.discoveryRequest(url, options));
}

/** A provider on this machine, such as that of a test, may speak HTTP. */
const insecure = ({ protocol, hostname }: URL) => ({
  [oauth.allowInsecureRequests]:
    protocol === 'http:' && /^(localhost|127\.|\[::1\])/.test(hostname),
});

/** Leaves the console for the provider's page, which leads back. */
export async function beginSignIn(provider: Provider): Promise<void> {
  const server = await serverOf(provider);
  if (!server.authorization_endpoint) throw new Error('The provider has no page to sign in at.');
  const begun: Begun = {
    verifier: oauth.generateRandomCodeVerifier(),
    state: oauth.generateRandomState(),
    page: window.location.hash,
  };
  sessionStorage.setItem(begunKey, JSON.stringify(begun));
  const url = new URL(server.authorization_endpoint);
  const parameters = {
    client_id: provider.clientId,
    redirect_uri: redirectUri,
    response_type: 'code',
    scope: provider.scope,
    code_challenge: await oauth.calculatePKCECodeChallenge(begun.verifier),
    code_challenge_method: 'S256',
    state: begun.state,
  };
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  window.location.assign(url);
}

/** Exchanges the code that the provider's page has led back with for an access token. */
export async function endSignIn(provider: Provider): Promise<void> {
  const { verifier, state, page } = JSON.parse(sessionStorage.getItem(begunKey) ?? '{}') as Begun;
  sessionStorage.removeItem(begunKey);
  const led = new URL(window.location.href);
  // The code counts once: it must not stay in the address.
  window.history.replaceState(null, '', `${pageUrl.pathname}${page ?? ''}`);
  const server = await serverOf(provider);
  const client = { client_id: provider.clientId };
  const answered = oauth.validateAuthResponse(server, client, led, state);
  const options = insecure(new URL(provider.issuer));
  const response = await oauth.authorizationCodeGrantRequest(
    ...([server, client, oauth.None(), answered, redirectUri, verifier, options] as const),
  );
  const tokens = await oauth.processAuthorizationCodeResponse(server, client, response);
  if (!signIn(tokens.access_token)) {
    throw new Error('The provider gives access tokens that are no JWT, which the APIs need.');
  }
}
