import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';

const running = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of running) child.kill('SIGTERM');
});

/** Spawns a command that ends by itself, or else together with this process. */
function spawned(command: string, args: string[], options: SpawnOptions): ChildProcess {
  const child = spawn(command, args, options);
  running.add(child);
  child.once('close', () => running.delete(child));
  return child;
}

/** Runs a command whose output the user sees. @returns its exit code, null after a signal. */
export function runVisibly(
  command: string,
  args: string[],
  options: RunOptions = {},
): Promise<number | null> {
  return new Promise((resolve, reject) => {
    const child = spawned(command, args, { ...options, stdio: ['ignore', 'inherit', 'inherit'] });
    child.once('error', reject);
    child.once('close', resolve);
  });
}

export type User = { uid: number; gid: number };
export type RunOptions = { cwd?: string; env?: NodeJS.ProcessEnv } & Partial<User>;
export type Finished = { code: number | null; output: string };

/** Runs a command to its end, without input. @returns its output, both streams together. */
export function run(command: string, args: string[], options: RunOptions = {}): Promise<Finished> {
  return new Promise((resolve, reject) => {
    const child = spawned(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    const chunks: Buffer[] = [];
    child.stdout?.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.stderr?.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, output: Buffer.concat(chunks).toString() }));
  });
}

/** Like `run`, but rejects with the last lines of output if the exit code is not 0. */
export async function runOrFail(
  command: string,
  args: string[],
  options: RunOptions = {},
): Promise<string> {
  const { code, output } = await run(command, args, options);
  if (code === 0) return output;
  const tail = output.trim().split('\n').slice(-8).join('\n');
  throw new Error(`${command} ended with exit code ${code}: ${tail}`);
}
