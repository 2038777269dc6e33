import { existsSync } from 'node:fs';
import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { cached } from '#local-stack/base/cache.ts';
import { run, runOrFail } from '#local-stack/base/run.ts';
import { root } from '../dockerfile.ts';
import type { Buildah } from './buildah.ts';

const release = 'bookworm';

/**
 * Provides the image that the Dockerfile begins with: from its registry, or, where none answers,
 * made of the same parts and under the same name: Debian's smallest system, the Node and npm that
 * run these tests, and the user `node`. Either knows whom this machine trusts for HTTPS.
 */
export async function provideBase(buildah: Buildah, name: string): Promise<void> {
  const image = `docker.io/library/${name}`;
  const { code } = await run('timeout', ['60', 'buildah', ...buildah.args, 'pull', image]);
  const from = code === 0 ? image : 'scratch';
  const container = await buildah.do('from', '--pull-never', from);
  if (from === 'scratch') await fill(buildah, container);
  const authorities = process.env.NODE_EXTRA_CA_CERTS;
  if (authorities) {
    const inside = '/usr/local/share/authorities.pem';
    await buildah.do('copy', container, authorities, inside);
    await buildah.do('config', '--env', `NODE_EXTRA_CA_CERTS=${inside}`, container);
  }
  await buildah.do('commit', '--rm', '--format', 'docker', container, image);
}

async function fill(buildah: Buildah, container: string): Promise<void> {
  const folder = await buildah.do('mount', container);
  await runOrFail('tar', ['-C', folder, '-xf', await debian()]);
  const node = join(root, 'node_modules', `node-linux-${process.arch}`, 'bin', 'node');
  if (!existsSync(node)) throw new Error(`There is no ${node}: npm ci brings it.`);
  await buildah.do('copy', container, node, '/usr/local/bin/node');
  const npm = (await runOrFail('npm', ['root', '--global'])).trim();
  await buildah.do('copy', container, join(npm, 'npm'), '/usr/local/lib/node_modules/npm');
  const programs = '../lib/node_modules/npm/bin';
  await symlink(`${programs}/npm-cli.js`, join(folder, 'usr', 'local', 'bin', 'npm'));
  await runOrFail('chroot', [folder, 'groupadd', '--gid', '1000', 'node']);
  const user = ['--uid', '1000', '--gid', 'node', '--create-home', 'node'];
  await runOrFail('chroot', [folder, 'useradd', ...user]);
  const path = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
  await buildah.do('config', '--env', `PATH=${path}`, '--cmd', 'node', container);
}

/** Debian's smallest system, from the mirror that this machine's own packages come from. */
async function debian(): Promise<string> {
  const dir = await cached(`debian-${release}`, async (into) => {
    const sites = ['indextargets', '--format', '$(SITE)', `Codename: ${release}`];
    const [mirror] = (await runOrFail('apt-get', sites)).split('\n');
    const from = mirror || 'http://deb.debian.org/debian';
    await runOrFail('mmdebstrap', [
      ...['--variant=minbase', '--quiet', release, join(into, 'system.tar'), from],
    ]);
  });
  return join(dir, 'system.tar');
}
