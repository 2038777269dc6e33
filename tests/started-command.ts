import { type ChildProcess, spawn } from 'node:child_process';
import { expect, vi } from 'vitest';
import type { RunningEndpoints } from '#local-stack/parts/endpoints.ts';

const alive = new Set<ChildProcess>();
// An interrupted test run leaves no command running: SIGTERM lets it stop what it has started.
for (const end of ['exit', 'disconnect', 'SIGTERM']) {
  process.on(end, () => {
    for (const child of alive) signal(-child.pid!, 'SIGTERM');
  });
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // The process has ended already.
  }
}

/** A run of a command in a process group of its own, as a terminal would start it. */
export class StartedCommand {
  output = '';
  exited: Promise<number | null>;
  #child: ChildProcess;

  constructor(cwd: string, env: NodeJS.ProcessEnv, command = 'npm', args = ['start']) {
    this.#child = spawn(command, args, {
      cwd,
      env,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [this.#child.stdout!, this.#child.stderr!]) {
      stream.on('data', (chunk: Buffer) => {
        this.output += chunk.toString();
      });
    }
    alive.add(this.#child);
    this.exited = new Promise((resolve) => this.#child.once('close', resolve));
    void this.exited.then(() => alive.delete(this.#child));
  }

  get lastLine(): string {
    return this.output.trim().split('\n').at(-1) ?? '';
  }

  async shows(text: RegExp, timeout: number): Promise<void> {
    const seen = vi.waitFor(() => expect(this.output).toMatch(text), { timeout, interval: 50 });
    const ended = this.exited.then((code) => {
      if (!text.test(this.output)) throw new Error(`ended with ${code}:\n${this.output}`);
    });
    await Promise.race([seen, ended]);
  }

  interrupt(): void {
    process.kill(-this.#child.pid!, 'SIGINT');
  }

  /** kill -9 of what runs in the foreground, and of the processes it has started. */
  async killAll(running?: RunningEndpoints): Promise<void> {
    const pids = running?.services.map(({ pid }) => pid) ?? [];
    for (const pid of [-this.#child.pid!, ...pids]) signal(pid, 'SIGKILL');
    await this.exited;
  }
}
