import { rmSync, statSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { killAllProcesses } from '#local-stack/base/process.ts';
import { type Stack, type StackOptions, startStack } from '#local-stack/parts/stack.ts';
import { DataDir } from '#local-stack/system/data-dir.ts';

const folderPrefix = 'movies-test-stack-';

/**
 * Starts a stack for one test, which may damage it or need three brokers. It uses free ports and a
 * folder that `stop()` removes. Ctrl-C stops the stack and removes the folder too.
 */
export async function startOwnStack(options: Omit<StackOptions, 'dataDir'> = {}): Promise<Stack> {
  const path = await mkdtemp(join(tmpdir(), folderPrefix));
  const forget = removeAtExit(path);
  const dataDir = new DataDir(path);
  await dataDir.take();
  const stack = await startStack({
    ...options,
    dataDir: path,
    onProcess: (process) => {
      process.onSpawn = (pid) => dataDir.noteProcess(process.name, pid);
      process.onDeath = ({ lastWords }) => console.error(`${process.name} died: ${lastWords}`);
    },
  });
  const stop = async () => {
    await stack.stop();
    await dataDir.release();
    await rm(path, { recursive: true, force: true, maxRetries: 5 });
    forget();
  };
  return { ...stack, stop };
}

/** Ends processes that killed test runs have left running, and removes their folders. */
export async function removeLeftovers(): Promise<void> {
  for (const entry of await readdir(tmpdir())) {
    const path = join(tmpdir(), entry);
    if (!entry.startsWith(folderPrefix)) continue;
    const dataDir = new DataDir(path);
    if ((await dataDir.holder()) || isYoung(path)) continue;
    await dataDir.endOrphans();
    await rm(path, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** Another run may just be making a young folder. */
const isYoung = (path: string) => Date.now() - statSync(path).birthtimeMs < 10_000;

/** A signal, or the loss of the test runner, ends all child processes and removes the folder. */
function removeAtExit(path: string): () => void {
  const remove = () => {
    killAllProcesses();
    rmSync(path, { recursive: true, force: true, maxRetries: 5 });
  };
  const exit = () => {
    remove(); // In a vitest worker `process.exit` throws instead of exiting.
    process.exit(130);
  };
  const signals = ['SIGINT', 'SIGTERM', 'disconnect'];
  for (const signal of signals) process.once(signal, exit);
  process.once('exit', remove);
  return () => {
    for (const signal of signals) process.off(signal, exit);
    process.off('exit', remove);
  };
}
