import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { System } from './system.ts';

const root = join(import.meta.dirname, '..');

/** Starts the reactors as a process that may hang at a step; see `hanging-reactors.ts`. */
export type ReactorsProcess = {
  /** The lines of its log, parsed. */
  log: Record<string, unknown>[];
  /** Resolves when the process hangs at its step. */
  hangs: Promise<void>;
  url(): string | undefined;
  end(signal: NodeJS.Signals): Promise<void>;
};

export function startReactors(
  system: System,
  env: Record<string, string>,
  hangsAt: readonly [step: string, times: number] | null = null,
): ReactorsProcess {
  const child = fork(join(root, 'tests', 'hanging-reactors.ts'), hangsAt?.map(String) ?? [], {
    cwd: root,
    execArgv: [],
    env: { ...system.settings, ...env },
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  const log: Record<string, unknown>[] = [];
  createInterface(child.stdout as NonNullable<ChildProcess['stdout']>).on('line', (line) => {
    log.push(JSON.parse(line) as Record<string, unknown>);
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  return {
    log,
    hangs: new Promise((resolve) => child.on('message', () => resolve())),
    url: () => log.find(({ url }) => url)?.url as string | undefined,
    async end(signal) {
      child.kill(signal);
      await ended;
    },
  };
}
