import colors from 'picocolors';
import { signToken } from '#kernel/auth/tokens.ts';
import type { Config } from '#kernel/config.ts';
import type { RunningEndpoints } from '../parts/endpoints.ts';

const TOKEN_TTL_SECONDS = 30 * 24 * 60 * 60;

/** Somebody to try the system as; the token is printed as `export NAME=…`. */
export type DemoUser = { user: string; roles: readonly string[] };

/** Makes a token for a user; undefined where tokens are issued elsewhere. */
export type Sign = ((user: DemoUser) => Promise<string>) | undefined;

export function signWith({ authIssuer, authAudience }: Config, secret: string | undefined): Sign {
  if (!secret) return undefined;
  const claims = { issuer: authIssuer, audience: authAudience, ttlSeconds: TOKEN_TTL_SECONDS };
  return ({ user, roles }) => signToken({ ...claims, user, roles, secret });
}

/** One stop of the tour: what it shows, and lines for a shell that has the demo tokens. */
export type TourStop = { shows: string; lines: string[] };

type Tokens = { sign: Sign; demoUsers: readonly DemoUser[] };

/** What a start ends with: what runs where, a token for each demo user, a tour. */
export async function readyScreen(
  tokens: Tokens,
  running: RunningEndpoints['services'],
  { page, tour }: { page: string | undefined; tour: TourStop[] },
): Promise<string> {
  return [
    '',
    ...(page ? [`${colors.bold('Open')} ${colors.cyan(page)}`, ''] : []),
    ...runningLines(running),
    '',
    ...(await tokenLines(tokens)),
    '',
    colors.bold('Try'),
    ...tour.flatMap(({ shows, lines }) => [colors.dim(`# ${shows}`), ...lines]),
    '',
    `${colors.bold('Ready.')} Ctrl-C stops it and keeps the data.`,
  ].join('\n');
}

/** Which processes run where. */
export const runningLines = (running: RunningEndpoints['services']): string[] => [
  colors.bold('Running'),
  ...table(running.map(({ name, url, pid }) => [name, url, `pid ${pid}`])),
];

async function tokenLines({ sign, demoUsers }: Tokens): Promise<string[]> {
  if (!sign) return ['Tokens come from the issuer behind AUTH_JWKS_URL.'];
  const who = demoUsers.map(({ user, roles }) => `${user}: ${roles.join(', ')}`).join('; ');
  const lines = demoUsers.map(async (one) => `export ${one.user.toUpperCase()}=${await sign(one)}`);
  return [colors.bold(`Tokens (${who})`), ...(await Promise.all(lines))];
}

/** Rows of text, with columns of one width. */
export function table(rows: string[][]): string[] {
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
