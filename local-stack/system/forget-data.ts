import { readdir, rm, rmdir } from 'node:fs/promises';
import { Problem } from '../base/problem.ts';
import type { DataDir } from './data-dir.ts';
import { MASTER_KEY_FILE, SECRET_FILE } from './secret.ts';

const folders = /^(kafka-\d|mongod-\d|schema-registry|logs|\.lock(\.lock)?)$/;
const stateFiles = /^(endpoints|holder|pids)\.json(\.part-\d+)?$/;

/**
 * Removes what local starts have written; any other file stays, whatever folder DATA_DIR names.
 * @param applicationFiles names of files that the application itself keeps there.
 * @returns whether there was anything.
 * @throws Problem while a stack runs on the folder.
 */
export async function forgetData(
  dataDir: DataDir,
  applicationFiles: string[] = [],
): Promise<boolean> {
  const holder = await dataDir.holder();
  if (holder) throw new Problem(`It is running, as process ${holder}: stop it first, then reset`);
  await dataDir.endOrphans();
  const files = new Set([SECRET_FILE, MASTER_KEY_FILE, 'kafka-cluster-id', ...applicationFiles]);
  const entries = await readdir(dataDir.path).catch(() => []);
  const ours = entries.filter(
    (entry) => folders.test(entry) || stateFiles.test(entry) || files.has(entry),
  );
  for (const entry of ours) {
    await rm(dataDir.file(entry), { recursive: true, force: true, maxRetries: 5 });
  }
  await rmdir(dataDir.path).catch(() => {}); // It stays if other files are in it.
  return ours.length > 0;
}
