import { existsSync, readFileSync } from 'node:fs';
import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { withLock } from '../base/lock.ts';
import { Problem } from '../base/problem.ts';
import { run } from '../base/run.ts';

const Holder = z.object({ pid: z.number(), command: z.string() });
const Pids = z.array(z.object({ name: z.string(), pid: z.number() }));

/**
 * Writes a file in one step: a reader sees the old text or the new one, never a part. Only its
 * owner may read it, since addresses of parts may have passwords in them.
 */
export async function writeWhole(path: string, text: string): Promise<void> {
  const partial = `${path}.part-${process.pid}`;
  await writeFile(partial, text, { mode: 0o600 });
  await rename(partial, path);
}

/** Makes the folder, for its owner alone, unless it is there: whoever made it chose its mode. */
export async function makeDataDir(path: string): Promise<void> {
  await mkdir(path, { recursive: true, mode: 0o700 });
}

/** A folder with the data of one local stack, held by one process at a time. */
export class DataDir {
  readonly path: string;
  #pids = new Map<string, number>();
  #writing: Promise<void> = Promise.resolve();

  constructor(path: string) {
    this.path = resolve(path);
  }

  file(...names: string[]): string {
    return join(this.path, ...names);
  }

  /** @throws Problem naming the process that holds the folder. */
  async take(): Promise<void> {
    await makeDataDir(this.path);
    await withLock(this.file('.lock'), async () => {
      const holder = await this.holder();
      if (holder) {
        throw new Problem(`It runs already on ${this.path}, as process ${holder}: stop that first`);
      }
      await rm(this.file('endpoints.json'), { force: true }); // A killed start leaves it.
      const command = await commandLine(process.pid);
      await writeWhole(this.file('holder.json'), JSON.stringify({ pid: process.pid, command }));
    });
  }

  /** Whether others on this machine may look into it, and its owner is who could change that. */
  async isOpenToOthers(): Promise<boolean> {
    const { mode, uid } = await stat(this.path);
    return (mode & 0o007) !== 0 && uid === process.getuid?.();
  }

  async release(): Promise<void> {
    await this.#writing;
    await rm(this.file('pids.json'), { force: true });
    await rm(this.file('holder.json'), { force: true });
  }

  /** The id of the other running process that holds the folder. */
  async holder(): Promise<number | undefined> {
    const text = await readFile(this.file('holder.json'), 'utf8').catch(() => '{}');
    const holder = Holder.safeParse(parsed(text)).data;
    if (!holder || holder.pid === process.pid) return undefined;
    // Another program may have the same id by now.
    return (await commandLine(holder.pid)) === holder.command ? holder.pid : undefined;
  }

  /** Notes a started process on disk: if this one is killed, the next start ends that process. */
  noteProcess(name: string, pid: number): void {
    this.#pids.set(name, pid);
    const pids = [...this.#pids].map(([name, pid]) => ({ name, pid }));
    const write = () => writeWhole(this.file('pids.json'), JSON.stringify(pids));
    this.#writing = this.#writing.then(write, write);
  }

  /** Ends the processes that a killed supervisor has left. @returns their names. */
  async endOrphans(): Promise<string[]> {
    const path = this.file('pids.json');
    const noted = existsSync(path) ? parsed(readFileSync(path, 'utf8')) : [];
    const pids = Pids.safeParse(noted).data ?? [];
    const ended = await Promise.all(
      pids.map(async ({ name, pid }) => ((await this.#end(pid)) ? [name] : [])),
    );
    return ended.flat();
  }

  async #end(pid: number): Promise<boolean> {
    const ours = async () => (await commandLine(pid)).includes(this.path);
    if (!(await ours())) return false;
    signal(pid, 'SIGTERM');
    for (const deadline = Date.now() + 5_000; Date.now() < deadline; await sleep(50)) {
      if (!(await ours())) return true;
    }
    signal(pid, 'SIGKILL');
    while (await ours()) await sleep(50);
    return true;
  }
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // The process has ended by itself.
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The command line of a running process; empty when there is none with this id. */
export async function commandLine(pid: number): Promise<string> {
  if (process.platform === 'linux') {
    const bytes = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    return bytes.replaceAll('\0', ' ').trim();
  }
  const { code, output } = await run('ps', ['-o', 'command=', '-p', String(pid)]);
  return code === 0 ? output.trim() : '';
}
