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
  const answer = oauth.discoveryRequest(url, insecure(url));
  return oauth.processDiscoveryResponse(url, await answer.catch(noAnswerOf(url)));
}

/** A provider on this machine, such as that of a test, may speak HTTP. */
const insecure = ({ protocol, hostname }: URL) => ({
  [oauth.allowInsecureRequests]:
    protocol === 'http:' && /^(localhost|127\.|\[::1\])/.test(hostname),
});

/** What browsers say of a request without an answer names neither whom nor why. */
const noAnswerOf = (url: URL) => (cause: Error) => {
  throw cause instanceof TypeError ? new Error(`${url.origin} gives no answer.`, { cause }) : cause;
};

/** The console's policy lets it send requests to known origins alone. */
function reachableEndpoint(server: oauth.AuthorizationServer, provider: Provider): URL {
  if (!server.token_endpoint) throw new Error('The provider has no token endpoint.');
  const endpoint = new URL(server.token_endpoint);
  const { origin } = endpoint;
  const allowed = [pageUrl.origin, new URL(provider.issuer).origin, ...provider.origins];
  if (allowed.includes(origin)) return endpoint;
  throw new Error(
    `The provider gives tokens at ${origin}, where this console may send no requests: whoever ` +
      'runs it has to name that in CONSOLE_OIDC_ORIGINS.',
  );
}

/** Leaves the console for the provider's page, which leads back. */
export async function beginSignIn(provider: Provider): Promise<void> {
  const server = await serverOf(provider);
  if (!server.authorization_endpoint) throw new Error('The provider has no page to sign in at.');
  reachableEndpoint(server, provider);
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

/**
 * Exchanges the code that the provider's page has led back with for an access token.
 * @throws Error that says why there is none, such as that the provider has refused it.
 */
export async function endSignIn(provider: Provider): Promise<void> {
  const begun = JSON.parse(sessionStorage.getItem(begunKey) ?? 'null') as Begun | null;
  sessionStorage.removeItem(begunKey);
  const led = new URL(window.location.href);
  // The code counts once: it must not stay in the address.
  window.history.replaceState(null, '', `${pageUrl.pathname}${begun?.page ?? led.hash}`);
  // Anybody can make a link with such an answer; only what this tab has begun counts.
  if (!begun) throw new Error('This tab has begun no sign-in, or has ended it before.');
  const token = await tokenFor(provider, begun, led).catch((error: Error) => {
    throw new Error(reasonOf(error), { cause: error });
  });
  if (!signIn(token)) {
    throw new Error('The provider gives access tokens that are no JWT, which the APIs need.');
  }
}

async function tokenFor(provider: Provider, { verifier, state }: Begun, led: URL): Promise<string> {
  const server = await serverOf(provider);
  const client = { client_id: provider.clientId };
  const answered = oauth.validateAuthResponse(server, client, led, state);
  const endpoint = reachableEndpoint(server, provider);
  const options = insecure(new URL(provider.issuer));
  const response = await oauth
    .authorizationCodeGrantRequest(
      ...([server, client, oauth.None(), answered, redirectUri, verifier, options] as const),
    )
    .catch(noAnswerOf(endpoint));
  const tokens = await oauth.processAuthorizationCodeResponse(server, client, response);
  return tokens.access_token;
}

/** What the provider says where it refuses something; else what was wrong with its answer. */
function reasonOf(error: Error): string {
  const isRefused = error instanceof oauth.AuthorizationResponseError;
  if (!isRefused && !(error instanceof oauth.ResponseBodyError)) return error.message;
  const { error: code, error_description: description } = error;
  const said = [code, description].filter(Boolean).join(': ');
  return `The provider refuses it: ${said.replace(/\.$/, '')}.`;
}
