import { ConfigError } from '@event-sourced/kernel/config';
import type { Request } from 'express';
import { z } from 'zod';
import type { Config } from '#schemas/config.ts';

/** What the console's page asks for first (`/console.json`). */
export type ConsoleSettings = {
  /** The base URL of the command API, or a path on the page's own origin. */
  commandApi: string;
  /** The provider; `origins` are others than the issuer's that the page sends requests to. */
  oidc: { issuer: string; clientId: string; scope: string; origins: string[] } | null;
  /** Users to try the system as, with a token for each: only on the machine that runs it. */
  demoUsers: DemoUser[];
};

const DemoUsers = z.array(
  z.object({ user: z.string(), roles: z.array(z.string()), token: z.string() }),
);
type DemoUser = z.output<typeof DemoUsers>[number];

const loopback = new Set(['127.0.0.1', '::1', 'localhost', '[::1]', '::ffff:127.0.0.1']);

/**
 * @returns the settings for the page that sends this request.
 * @throws ConfigError when a setting is wrong.
 */
export function consoleSettings(config: Config): (req: Request) => ConsoleSettings {
  const { consoleOidcIssuer: issuer, consoleOidcClientId: clientId } = config;
  if ((issuer === undefined) !== (clientId === undefined)) {
    const missing = issuer ? 'CONSOLE_OIDC_CLIENT_ID' : 'CONSOLE_OIDC_ISSUER';
    throw new ConfigError(`${missing} has to be set too: the console's sign-in needs both`);
  }
  const { consoleOidcScope: scope, consoleOidcOrigins: origins = [] } = config;
  const oidc = issuer && clientId ? { issuer, clientId, scope, origins } : null;
  const demoUsers = demoUsersOf(config);
  return (req) => ({
    commandApi: commandApiOf(config, req),
    oidc,
    demoUsers: isFromThisMachine(req) ? demoUsers : [],
  });
}

/** Where no other address is set, the command API is at the host that the page came from. */
function commandApiOf({ consoleCommandApi, commandApiPort }: Config, req: Request): string {
  if (consoleCommandApi) return consoleCommandApi.replace(/\/$/, '');
  return `${req.protocol}://${hostOf(req)}:${commandApiPort}`;
}

/** The host of the request without its port; anything that is no host counts as this machine. */
function hostOf(req: Request): string {
  const [, host] = /^(\[[\da-fA-F:.]+\]|[\w.-]+)(:\d+)?$/.exec(req.host ?? '') ?? [];
  return host ?? '127.0.0.1';
}

function demoUsersOf({ consoleDemoUsers, host, authJwksUrl }: Config): DemoUser[] {
  if (!consoleDemoUsers) return [];
  if (!loopback.has(host) || authJwksUrl) {
    throw new ConfigError(
      'CONSOLE_DEMO_USERS gives tokens away, so it is for a local system only: unset it, or let ' +
        'HOST be 127.0.0.1 and AUTH_JWKS_URL unset',
    );
  }
  try {
    return DemoUsers.parse(JSON.parse(consoleDemoUsers));
  } catch {
    throw new ConfigError(
      'CONSOLE_DEMO_USERS has to be JSON like [{"user":"ada","roles":["viewer"],"token":"…"}]',
    );
  }
}

/**
 * Tokens go to the console's own page on this machine alone. A page of another site can send a
 * request to this machine too, and even with a name of its own that leads here: its name is not
 * one of this machine, and browsers say that it is another site.
 */
function isFromThisMachine(req: Request): boolean {
  const { remoteAddress = '' } = req.socket;
  const { 'sec-fetch-site': site = 'same-origin', 'x-forwarded-for': forwarded } = req.headers;
  if (forwarded !== undefined || !loopback.has(remoteAddress)) return false;
  return loopback.has(hostOf(req)) && (site === 'same-origin' || site === 'none');
}
