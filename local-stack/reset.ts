import { readdir, rm, rmdir } from 'node:fs/promises';
import { DataDir } from './data-dir.ts';
import { messageOf, Problem } from './problem.ts';
import { localSettings } from './settings.ts';

/** What a local start writes; nothing else is removed, whatever folder DATA_DIR names. */
const folders = /^(kafka-\d|mongod-\d|schema-registry|logs|\.lock(\.lock)?)$/;
const files =
  /^(endpoints|holder|pids)\.json(\.part-\d+)?$|^(auth-secret|import-pending|kafka-cluster-id)$/;
const ours = (entry: string) => folders.test(entry) || files.test(entry);

/** `npm run reset`: forgets all data. What was fetched stays. */
async function main(): Promise<void> {
  const dataDir = new DataDir((await localSettings()).dataDir);
  const holder = await dataDir.holder();
  if (holder) throw new Problem(`It is running, as process ${holder}: stop it first, then reset`);
  await dataDir.endOrphans();
  const entries = await readdir(dataDir.path).catch(() => []);
  const removed = entries.filter(ours);
  for (const entry of removed) {
    await rm(dataDir.file(entry), { recursive: true, force: true, maxRetries: 5 });
  }
  await rmdir(dataDir.path).catch(() => {}); // Someone else's files keep the folder.
  const outcome = removed.length > 0 ? 'is forgotten' : 'was empty already';
  console.log(`The data in ${dataDir.path} ${outcome}.`);
}

await main().catch((error) => {
  console.error(messageOf(error));
  process.exit(1);
});
