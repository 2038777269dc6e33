import { existsSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { repositoryDir } from '../../base/cache.ts';
import { Problem } from '../../base/problem.ts';
import type { Progress } from '../../base/progress.ts';
import { run, runVisibly } from '../../base/run.ts';
import type { DataDir } from '../../system/data-dir.ts';

const NOT_EMPTY = 3;
const SOME_ROWS_REJECTED = 1;

const script = (...path: string[]) => join(repositoryDir, ...path);

/** This file in the data folder says that an import was begun and is not complete. */
export const pendingImportFile = 'import-pending';

/**
 * Imports the catalogue into an empty log. An import that was interrupted is remembered and done
 * again at the next start: rows that are there already change nothing.
 * @returns whether there was anything to import.
 */
export async function importCatalogue(
  csv: string,
  env: NodeJS.ProcessEnv,
  dataDir: DataDir,
  progress: Progress,
): Promise<boolean> {
  const pending = dataDir.file(pendingImportFile);
  if (!existsSync(pending) && !(await isLogEmpty(env))) return false;
  if (!existsSync(csv)) {
    throw new Problem(`MOVIES_CSV names ${csv}, which is not there: set it to a catalogue file`);
  }
  await writeFile(pending, csv);
  progress.say(`Importing ${csv}`);
  const code = await runVisibly(process.execPath, [script('scraper', 'main.ts'), csv], {
    env,
    cwd: repositoryDir,
  });
  if (code !== 0) progress.say(`The import ended with exit code ${code}: see above`);
  if (code === 0 || code === SOME_ROWS_REJECTED) await rm(pending);
  return true;
}

const Count = z.object({ count: z.number() });

/** Waits until all imported films are projected: until queries count the same five times. */
export async function untilSeen(queryApiUrl: string): Promise<void> {
  let last = -1;
  let lookedSameTimes = 0;
  for (const deadline = Date.now() + 30_000; Date.now() < deadline; await sleep(200)) {
    const count = await filmsSeen(queryApiUrl).catch(() => 0);
    lookedSameTimes = count === last && count > 0 ? lookedSameTimes + 1 : 0;
    if (lookedSameTimes === 5) return;
    last = count;
  }
}

async function filmsSeen(queryApiUrl: string): Promise<number> {
  const url = `${queryApiUrl}/v1/rankings?limit=1`;
  const answer = await fetch(url, { signal: AbortSignal.timeout(2_000) });
  return Count.parse(await answer.json()).count;
}

async function isLogEmpty(env: NodeJS.ProcessEnv): Promise<boolean> {
  const args = [script('schemas', 'deploy.ts'), '--is-empty'];
  const { code, output } = await run(process.execPath, args, { env, cwd: repositoryDir });
  if (code === 0) return true;
  if (code === NOT_EMPTY) return false;
  throw new Problem(`Can't tell whether the log is empty: ${output.trim().slice(-500)}`);
}
