import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runOrFail } from '#local-stack/base/run.ts';

/**
 * The peers have a package.json of their own, so that who only runs this system doesn't install
 * them.
 */
const folder = join(import.meta.dirname, 'peers');
export const peerPackages = join(folder, 'node_modules');

/** Installs the peers' packages, unless those of the lock file are there. */
export async function installPeers(): Promise<void> {
  const installed = join(peerPackages, '.installed');
  const locked = await readFile(join(folder, 'package-lock.json'), 'utf8');
  if ((await readFile(installed, 'utf8').catch(() => '')) === locked) return;
  await runOrFail('npm', ['ci', '--ignore-scripts'], { cwd: folder });
  await writeFile(installed, locked);
}
