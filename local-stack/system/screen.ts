import colors from 'picocolors';
import { signToken } from '#kernel/auth/tokens.ts';
import type { Config } from '#kernel/config.ts';
import type { RunningEndpoints } from '../parts/endpoints.ts';

const TOKEN_TTL_SECONDS = 30 * 24 * 60 * 60;

/** Somebody to try the system as; the token is printed as `export NAME=…`. */
export type DemoUser = { user: string; roles: readonly string[] };

/** One stop of the tour: what it shows, and lines for a shell that has the demo tokens. */
export type TourStop = { shows: string; lines: string[] };

type Tokens = { config: Config; secret: string | undefined; demoUsers: readonly DemoUser[] };

/** What a start ends with: what runs where, a token for each demo user, a tour. */
export async function readyScreen(
  tokens: Tokens,
  running: RunningEndpoints['services'],
  tour: TourStop[],
): Promise<string> {
  return [
    '',
    colors.bold('Running'),
    ...table(running.map(({ name, url, pid }) => [name, url, `pid ${pid}`])),
    '',
    ...(await tokenLines(tokens)),
    '',
    colors.bold('Try'),
    ...tour.flatMap(({ shows, lines }) => [colors.dim(`# ${shows}`), ...lines]),
    '',
    `${colors.bold('Ready.')} Ctrl-C stops it and keeps the data.`,
  ].join('\n');
}

async function tokenLines({ config, secret, demoUsers }: Tokens): Promise<string[]> {
  if (!secret) return ['Tokens come from the issuer behind AUTH_JWKS_URL.'];
  const { authIssuer: issuer, authAudience: audience } = config;
  const who = demoUsers.map(({ user, roles }) => `${user}: ${roles.join(', ')}`).join('; ');
  const lines = demoUsers.map(async ({ user, roles }) => {
    const claims = { user, roles, issuer, audience, ttlSeconds: TOKEN_TTL_SECONDS };
    return `export ${user.toUpperCase()}=${await signToken({ ...claims, secret })}`;
  });
  return [colors.bold(`Tokens (${who})`), ...(await Promise.all(lines))];
}

function table(rows: string[][]): string[] {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}
