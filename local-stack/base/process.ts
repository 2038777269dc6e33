import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync } from 'node:fs';
import { setPriority } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { lastWords, logSize, openLog } from './log-file.ts';
import { Problem } from './problem.ts';
import type { User } from './run.ts';

export type ProcessOptions = {
  name: string;
  /** The address of the process, shown to the user and written to endpoints.json. */
  url: string;
  command: string;
  args: string[];
  env?: NodeJS.ProcessEnv;
  cwd?: string;
  /** Another user to run as; only root can do that. */
  user?: User | undefined;
  /** 19 lets all others go first, 0 is usual. */
  niceness?: number | undefined;
  logFile: string;
  /** Called after a start until it gives true; a rejection counts as false. */
  ready: () => Promise<boolean>;
  readyTimeoutMs?: number;
  /** How long a clean stop may take before SIGKILL. */
  stopTimeoutMs?: number;
};

export type Exit = { code: number | null; signal: NodeJS.Signals | null; lastWords: string };

const alive = new Set<ChildProcess>();
// Child processes never outlive this one, except after a kill -9: see `endOrphans`.
process.on('exit', killAllProcesses);

/** Sends SIGKILL to every process started here. */
export function killAllProcesses(): void {
  for (const child of alive) child.kill('SIGKILL');
}

/**
 * One process that can be started again with the same arguments. It leads a process group of its
 * own: Ctrl-C in a terminal reaches only the supervisor, which stops the processes in order.
 */
export class ManagedProcess {
  readonly name: string;
  readonly url: string;
  /** Called with every exit that `stop` or `kill` did not ask for. */
  onDeath: (exit: Exit) => void = () => {};
  /** Called with each new process id. */
  onSpawn: (pid: number) => void = () => {};
  #options: ProcessOptions;
  #child: ChildProcess | undefined;
  #exited: Promise<Exit> = Promise.resolve({ code: 0, signal: null, lastWords: '' });
  #wanted = false;

  constructor(options: ProcessOptions) {
    this.name = options.name;
    this.url = options.url;
    this.#options = options;
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** Spawns the process and waits until it is ready. If it doesn't get ready, it is killed. */
  async start(): Promise<void> {
    if (this.#child) throw new Error(`${this.name} runs already`);
    this.#wanted = true;
    this.#spawn();
    await this.#untilReady();
  }

  /** Sends SIGTERM, and SIGKILL if the process is still there after the time for a clean stop. */
  async stop(): Promise<void> {
    this.#wanted = false;
    this.#child?.kill('SIGTERM');
    const inTime = await Promise.race([
      this.#exited.then(() => true),
      sleep(this.#options.stopTimeoutMs ?? 10_000, false, { ref: false }),
    ]);
    if (!inTime) await this.kill();
  }

  /** Sends SIGKILL; resolves when the process is gone. */
  async kill(): Promise<void> {
    this.#wanted = false;
    this.#child?.kill('SIGKILL');
    await this.#exited;
  }

  #spawn(): void {
    const { command, args, env, cwd, user, niceness = 0, logFile } = this.#options;
    const log = openLog(logFile);
    const from = logSize(logFile);
    const child = spawn(command, args, {
      cwd,
      env: env ?? process.env,
      ...user,
      detached: true,
      stdio: ['ignore', log, log],
    });
    closeSync(log);
    this.#child = child;
    alive.add(child);
    if (child.pid && niceness > 0) setPriority(child.pid, niceness);
    if (child.pid) this.onSpawn(child.pid);
    this.#exited = new Promise((resolve) => {
      const gone = (code: number | null, signal: NodeJS.Signals | null, words: string) => {
        alive.delete(child);
        if (this.#child === child) this.#child = undefined;
        const exit = { code, signal, lastWords: words };
        resolve(exit);
        if (this.#wanted) this.onDeath(exit);
      };
      child.once('exit', (code, signal) => gone(code, signal, lastWords(logFile, from)));
      child.once('error', (error) => gone(null, null, error.message));
    });
  }

  async #untilReady(): Promise<void> {
    const { ready, readyTimeoutMs = 60_000, logFile } = this.#options;
    const onDeath = this.onDeath;
    this.onDeath = () => {}; // If the process dies before it is ready, this call rejects.
    const deadline = Date.now() + readyTimeoutMs;
    try {
      while (true) {
        const exit = await Promise.race([this.#exited, sleep(50)]);
        if (exit) throw new Problem(`${this.name} ${describeExit(exit)} (log: ${logFile})`);
        if (await ready().catch(() => false)) return;
        if (Date.now() > deadline) {
          await this.kill();
          const waited = `not ready within ${readyTimeoutMs / 1000} s`;
          throw new Problem(`${this.name} is ${waited}: ${lastWords(logFile)} (log: ${logFile})`);
        }
      }
    } finally {
      this.onDeath = onDeath;
    }
  }
}

/** How and why a process ended. A process killed from outside has logged no reason for it. */
export function describeExit({ code, signal, lastWords: words }: Exit): string {
  if (signal === 'SIGKILL' || signal === 'SIGTERM') return `was ended by ${signal}`;
  const how = signal ? `was ended by ${signal}` : `ended with exit code ${code ?? 'unknown'}`;
  return words ? `${how}: ${words}` : how;
}
