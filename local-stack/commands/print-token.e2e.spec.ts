import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openTokens } from '#kernel/auth/tokens.ts';
import { localAuthSecret } from '../system/secret.ts';

const run = promisify(execFile);
let dataDir: string;
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'print-token-'));
});
afterAll(() => rm(dataDir, { recursive: true }));

/** Runs the program as `npm run token -- …` does. @returns its last line. */
const printed = async (args: string[], env: NodeJS.ProcessEnv = {}) => {
  const script = join(import.meta.dirname, 'print-token.ts');
  const { stdout } = await run(process.execPath, [script, ...args], {
    cwd: dataDir,
    env: { PATH: process.env.PATH, DATA_DIR: dataDir, ...env },
  });
  return stdout.trim().split('\n').at(-1) ?? '';
};
const alice = ['--user', 'alice'];

it('a token of the local secret is printed as the last line', async () => {
  const token = await printed([...alice, '--roles', 'viewer, support', '--ttl', '30d']);
  const tokens = openTokens({ secret: await localAuthSecret(dataDir) });
  const caller = await tokens.verify(`Bearer ${token}`);
  expect(caller).toMatchObject({ userId: 'alice', roles: new Set(['viewer', 'support']) });
});

it('a secret, issuer and audience that are set are used', async () => {
  const secret = randomUUID() + randomUUID();
  const set = { issuer: 'us', audience: 'movies' };
  const env = { AUTH_SECRET: secret, AUTH_ISSUER: 'us', AUTH_AUDIENCE: 'movies' };
  const token = await printed(alice, env);
  const caller = await openTokens({ secret, ...set }).verify(`Bearer ${token}`);
  expect(caller).toMatchObject({ userId: 'alice', roles: new Set(['viewer']) });
});

it.each([
  ['nobody named', [], /--user/],
  ['an unknown role', [...alice, '--roles', 'emperor'], /viewer, support, catalogue, operator/],
  ['a time without a meaning', [...alice, '--ttl', 'soon'], /90s, 15m, 12h or 30d/],
  ['a name that cannot be printed', ['--user', 'a\nb'], /space|character/],
])('%s is refused, and the message says what is allowed', async (_, args, reason) => {
  await expect(printed(args)).rejects.toMatchObject({ stderr: expect.stringMatching(reason) });
});

it('nothing is signed where tokens are issued elsewhere', async () => {
  const env = { AUTH_JWKS_URL: 'http://localhost/keys' };
  await expect(printed(alice, env)).rejects.toMatchObject({
    stderr: expect.stringMatching(/AUTH_JWKS_URL/),
  });
});
