import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { withLock } from './lock.ts';

/** Where the services are started and `.env` is looked for. */
export const repositoryDir = join(import.meta.dirname, '..', '..');
/** Fetched programs, each with its version in its name. A reset keeps them: they hold no data. */
export const cacheDir = join(repositoryDir, '.cache', 'local-stack');

/**
 * The folder `.cache/local-stack/NAME`, made by `fill` when it is not there yet. It appears under
 * its name only when `fill` is done, so an interrupted fetch never looks complete.
 */
export async function cached(name: string, fill: (dir: string) => Promise<void>): Promise<string> {
  const complete = join(cacheDir, name);
  if (existsSync(complete)) return complete;
  return withLock(join(cacheDir, '.locks', name), async () => {
    if (existsSync(complete)) return complete;
    await removeLeftovers(name);
    const partial = join(cacheDir, `${name}.part-${process.pid}`);
    await mkdir(partial, { recursive: true });
    try {
      await fill(partial);
      await rename(partial, complete);
    } finally {
      await rm(partial, { recursive: true, force: true });
    }
    return complete;
  });
}

async function removeLeftovers(name: string): Promise<void> {
  for (const entry of await readdir(cacheDir)) {
    if (!entry.startsWith(`${name}.part-`)) continue;
    await rm(join(cacheDir, entry), { recursive: true, force: true });
  }
}
