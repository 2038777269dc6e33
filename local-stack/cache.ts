import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { lock } from 'proper-lockfile';

export const repositoryDir = join(import.meta.dirname, '..');
/** Fetched programs. They are versioned and hold no data, so a reset keeps them. */
export const cacheDir = join(repositoryDir, '.cache', 'local-stack');

/** One process at a time. A holder that was killed loses the lock after a few seconds. */
export async function withLock<T>(dir: string, work: () => Promise<T>): Promise<T> {
  await mkdir(dir, { recursive: true });
  const release = await lock(dir, {
    stale: 5_000,
    update: 1_000,
    retries: { retries: 6_000, minTimeout: 100, maxTimeout: 200, factor: 1.2 },
    onCompromised: () => {},
  });
  try {
    return await work();
  } finally {
    await release().catch(() => {});
  }
}

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
