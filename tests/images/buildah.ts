import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run, runOrFail } from '#local-stack/base/run.ts';

/**
 * Buildah, which builds and runs images without a Docker engine. Its images are in a folder of
 * their own: what is made here in the place of a public image is nobody else's.
 */
export type Buildah = {
  /** The arguments that stand before those of a command. */
  args: readonly string[];
  /** Runs a command of buildah. @returns what it says. @throws Error with its last lines. */
  do(...args: string[]): Promise<string>;
  /** Deletes all its containers and images. */
  remove(): Promise<void>;
};

/** @throws Error naming everything that this machine lacks. */
export async function openBuildah(): Promise<Buildah> {
  const missing = await whatIsMissing();
  if (missing.length > 0) {
    throw new Error(`Images can't be built here. Missing: ${missing.join('; ')}.`);
  }
  const folder = await mkdtemp(join(tmpdir(), 'movies-images-'));
  const places = ['--root', join(folder, 'store'), '--runroot', join(folder, 'run')];
  // A disk on which layers can't be laid over each other has a full copy of each.
  const overlay = [...places, '--storage-driver', 'overlay'];
  const { code } = await run('buildah', [...overlay, 'info']);
  const args = code === 0 ? overlay : [...places, '--storage-driver', 'vfs'];
  const command = async (...more: string[]) =>
    (await runOrFail('buildah', [...args, ...more])).trim();
  return {
    args,
    do: command,
    async remove() {
      await command('rm', '--all');
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function whatIsMissing(): Promise<string[]> {
  if (process.platform !== 'linux') return ['Linux'];
  const missing: string[] = [];
  const namespaces = ['--mount', '--uts', process.execPath, '--version'];
  if (process.getuid?.() !== 0) missing.push('the rights of root (run the tests as root)');
  else if ((await run('unshare', namespaces).catch(() => null))?.code !== 0) {
    missing.push('the right to make namespaces (CAP_SYS_ADMIN, which a container needs, too)');
  }
  for (const program of ['buildah', 'mmdebstrap']) {
    const isThere = await run(program, ['--version']).catch(() => null);
    if (!isThere) missing.push(`the program ${program} (apt-get install ${program})`);
  }
  return missing;
}
