import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { System } from './system.ts';

/** The replay tool as a process on the parts of a whole system. */

export type Run = { code: number | null; out: string; err: string };

const main = join(import.meta.dirname, '..', 'replay', 'main.ts');

/** `npm run replay -- …` with these settings alone. */
export const spawnReplay = (env: NodeJS.ProcessEnv, args: readonly string[]) =>
  spawn(process.execPath, [main, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });

/** The same, with its standard output in an open file. */
export const spawnReplayInto = (file: number, env: NodeJS.ProcessEnv, args: readonly string[]) =>
  spawn(process.execPath, [main, ...args], { env, stdio: ['ignore', file, 'pipe'] });

export function startReplay({ settings }: System, ...args: string[]) {
  const child = spawnReplay(settings, args);
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  const done = Promise.all([text(child.stdout), text(child.stderr), ended]).then(
    ([out, err, code]): Run => ({ code, out: out.trim(), err: err.trim() }),
  );
  return { done, end: (signal: NodeJS.Signals) => child.kill(signal) };
}

export const replay = (system: System, ...args: string[]): Promise<Run> =>
  startReplay(system, ...args).done;

/** Runs the tool with `--json`. @throws Error with the tool's error text if it fails. */
export async function replayed<Result>(system: System, ...args: string[]): Promise<Result> {
  const { code, out, err } = await replay(system, ...args, '--json');
  if (code !== 0 && code !== 1) throw new Error(`replay ${args.join(' ')} ended ${code}: ${err}`);
  return JSON.parse(out) as Result;
}
