import { Command, InvalidArgumentError, Option } from 'commander';
import { signToken } from '#kernel/auth/tokens.ts';
import { userIdFault } from '#kernel/auth/user-id.ts';
import { settings } from '#schemas/config.ts';
import { roles as known, type RoleName } from '#schemas/roles.ts';
import { endIfOutputFails } from '../base/output.ts';
import { messageOf } from '../base/problem.ts';
import { localAuthSecret } from '../system/secret.ts';
import { localSettings } from '../system/settings.ts';

/** `npm run token -- --user alice --roles viewer,support --ttl 30d`: a token as the last line. */

const secondsPer: Record<string, number> = { s: 1, m: 60, h: 3600, d: 86_400 };

function seconds(text: string): number {
  const [, amount, unit] = /^([1-9]\d{0,5})([smhd])$/.exec(text) ?? [];
  if (!amount || !unit) throw new InvalidArgumentError('Like 90s, 15m, 12h or 30d.');
  return Number(amount) * (secondsPer[unit] ?? 1);
}

const names = Object.keys(known) as RoleName[];

function roles(text: string): RoleName[] {
  return text.split(',').map((name) => {
    const role = names.find((one) => one === name.trim());
    if (!role) throw new InvalidArgumentError(`Known roles: ${names.join(', ')}.`);
    return role;
  });
}

function user(text: string): string {
  const fault = userIdFault(text);
  if (fault) throw new InvalidArgumentError(`It ${fault}.`);
  return text;
}

type Options = { user: string; roles: RoleName[]; ttl: number };

const program = new Command('npm run token --')
  .description('Prints a bearer token for the services on this machine.')
  .requiredOption('--user <name>', 'who the token is for', user)
  .addOption(
    new Option('--roles <list>', `comma-separated: ${names.join(', ')}`)
      .argParser(roles)
      .default(['viewer'] satisfies RoleName[], 'viewer'),
  )
  .addOption(
    new Option('--ttl <time>', 'how long it holds').argParser(seconds).default(86_400, '1d'),
  );

async function main(): Promise<void> {
  const options = program.parse().opts<Options>();
  const config = await localSettings(settings);
  if (config.authJwksUrl) program.error('Tokens are issued elsewhere: AUTH_JWKS_URL is set.');
  const token = await signToken({
    user: options.user,
    roles: options.roles,
    ttlSeconds: options.ttl,
    secret: config.authSecret ?? (await localAuthSecret(config.dataDir)),
    issuer: config.authIssuer,
    audience: config.authAudience,
  });
  console.log(token);
}

endIfOutputFails(1);
await main().catch((error: unknown) => program.error(messageOf(error)));
