import { mkdir } from 'node:fs/promises';
import { lock } from 'proper-lockfile';

/** Lets one process at a time do the work. A killed holder loses the lock after a few seconds. */
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
