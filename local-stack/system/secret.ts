import { randomBytes, randomUUID } from 'node:crypto';
import { link, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeDataDir } from './data-dir.ts';

export const SECRET_FILE = 'auth-secret';
export const MASTER_KEY_FILE = 'master-key';

/**
 * The secret that signs tokens where neither AUTH_SECRET nor AUTH_JWKS_URL is set: made once per
 * data folder, so that tokens outlive a restart, and readable by its owner alone.
 */
export const localAuthSecret = (dataDir: string): Promise<string> => madeOnce(dataDir, SECRET_FILE);

/** The key that wraps the keys of people: the text of all of them is lost with it. */
export const localMasterKey = (dataDir: string): Promise<string> =>
  madeOnce(dataDir, MASTER_KEY_FILE);

/** A file with a new secret takes its name only once it is complete. */
async function madeOnce(dataDir: string, file: string): Promise<string> {
  const path = join(dataDir, file);
  await makeDataDir(dataDir);
  const fresh = randomBytes(32).toString('base64url');
  const part = `${path}.part-${randomUUID()}`;
  await writeFile(part, fresh, { flag: 'wx', mode: 0o600 });
  try {
    await link(part, path);
    return fresh;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return (await readFile(path, 'utf8')).trim();
  } finally {
    await rm(part);
  }
}
