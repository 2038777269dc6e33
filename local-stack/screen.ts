import colors from 'picocolors';
import { z } from 'zod';
import { signToken } from '#kernel/auth/tokens.ts';
import type { Config } from '#schemas/config.ts';
import type { RoleName } from '#schemas/roles.ts';
import type { RunningEndpoints } from './endpoints.ts';
import { localUrl } from './services.ts';
import { tour, tourGenre } from './tour.ts';

const TOKEN_TTL_SECONDS = 30 * 24 * 60 * 60;

const demoUsers: { user: string; roles: RoleName[] }[] = [
  { user: 'alice', roles: ['viewer'] },
  { user: 'sam', roles: ['support', 'viewer'] },
  { user: 'carol', roles: ['catalogue'] },
  { user: 'olga', roles: ['operator'] },
];

const who = demoUsers.map(({ user, roles }) => `${user}: ${roles.join(', ')}`).join('; ');

type Running = RunningEndpoints['services'];

/** What `npm start` ends with: what runs where, a token per demo user, a tour. */
export async function screen(
  config: Config,
  running: Running,
  secret: string | undefined,
): Promise<string> {
  const title = (text: string) => colors.bold(text);
  return [
    '',
    title('Running'),
    ...table(running.map(({ name, url, pid }) => [name, url, `pid ${pid}`])),
    '',
    ...(secret
      ? [title(`Tokens (${who})`), ...(await tokenLines(config, secret))]
      : [tokensElsewhere]),
    '',
    title('Try'),
    ...tour(config, await runnerUp(config)).flatMap(({ shows, lines }) => [
      colors.dim(`# ${shows}`),
      ...lines,
    ]),
    '',
    `${colors.bold('Ready.')} Ctrl-C stops it and keeps the data.`,
  ].join('\n');
}

const tokensElsewhere = 'Tokens come from the issuer behind AUTH_JWKS_URL.';

const tokenLines = (config: Config, secret: string): Promise<string[]> =>
  Promise.all(
    demoUsers.map(async ({ user, roles }) => {
      const { authIssuer: issuer, authAudience: audience } = config;
      const claims = { user, roles, issuer, audience, ttlSeconds: TOKEN_TTL_SECONDS };
      const token = await signToken({ ...claims, secret });
      return `export ${user.toUpperCase()}=${token}`;
    }),
  );

const Ranking = z.object({ items: z.array(z.object({ movieId: z.string() })) });

/** The second in its genre: one vote makes it the first. */
async function runnerUp(config: Config): Promise<string> {
  const url = `${localUrl(config.queryApiPort)}/v1/rankings?genre=${tourGenre}&limit=2`;
  const answer = await fetch(url, { signal: AbortSignal.timeout(5_000) })
    .then((response) => response.json())
    .catch(() => undefined);
  return Ranking.safeParse(answer).data?.items.at(-1)?.movieId ?? 'm1';
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
