import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { repositoryDir } from '#local-stack/base/cache.ts';
import { runOrFail } from '#local-stack/base/run.ts';
import type { Rig, Server } from '../rig.ts';

/** The command API of another commit, as one more contender in the same rounds. */

const settings = { TOPIC_PREFIX: 'beside.', MONGO_DATABASE: 'beside', LANES: undefined };

/** @param ref a tag, a branch or a commit. */
export async function startBeside(rig: Rig, ref: string): Promise<Server> {
  const dir = await checkedOut(ref);
  const own = { ...settings, ...rig.profiled };
  // That commit creates the topics that it needs, with as many lanes as it took by default.
  await rig.run(join(dir, 'schemas/deploy.ts'), [], own);
  const server = await rig.start(join(dir, 'command-api/main.ts'), own);
  const catalogue = join(dir, 'scraper/catalogue.csv');
  await rig.run(join(dir, 'scraper/main.ts'), [catalogue], { COMMAND_API_URL: server.url });
  return server;
}

const git = (...args: string[]) => runOrFail('git', args, { cwd: repositoryDir });

/** The full id of the commit that a tag or a branch stands for. */
export const commitOf = async (ref: string): Promise<string> =>
  (await git('rev-parse', '--verify', `${ref}^{commit}`)).trim();

/** The folder of a worktree that is kept for the next time. */
async function checkedOut(ref: string): Promise<string> {
  const commit = await commitOf(ref);
  const dir = join(repositoryDir, '.cache', 'bench', commit.slice(0, 12));
  if (!existsSync(dir)) await git('worktree', 'add', '--force', '--detach', dir, commit);
  if (!existsSync(join(dir, 'node_modules'))) await installIn(dir);
  return dir;
}

async function installIn(dir: string): Promise<void> {
  const lock = (of: string) => readFile(join(of, 'package-lock.json'), 'utf8');
  if ((await lock(dir)) === (await lock(repositoryDir))) await linkPackages(dir);
  else await runOrFail('npm', ['ci', '--include=dev'], { cwd: dir });
}

/** The same packages, except for the one that is a folder of the repository. */
async function linkPackages(dir: string): Promise<void> {
  const own = '@event-sourced';
  const packages = join(repositoryDir, 'node_modules');
  await mkdir(join(dir, 'node_modules', own), { recursive: true });
  for (const name of await readdir(packages)) {
    if (name !== own) await symlink(join(packages, name), join(dir, 'node_modules', name));
  }
  await symlink('../../kernel', join(dir, 'node_modules', own, 'kernel'));
}
