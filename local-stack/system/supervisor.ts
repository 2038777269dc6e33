import { rm } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { Backoff } from '#kernel/backoff.ts';
import { messageOf, Problem } from '../base/problem.ts';
import { describeExit, type ManagedProcess } from '../base/process.ts';
import type { Endpoints, RunningEndpoints } from '../parts/endpoints.ts';
import { type DataDir, writeWhole } from './data-dir.ts';

/** Between restarts of a process. */
const pauses = { firstMs: 500, factor: 2, maxMs: 30_000, jitter: [1, 1] } as const;
/** A process that lived this long is not in a crash loop: it is restarted quickly again. */
const steadyMs = 60_000;

type Watched = { backoff: Backoff; since: number };

/** Restarts processes that die, with back-off, and keeps endpoints.json up to date. */
export class Supervisor {
  #dataDir: DataDir;
  #say: (line: string) => void;
  #watched = new Map<ManagedProcess, Watched>();
  #endpoints: Endpoints | undefined;
  #publishing: Promise<void> = Promise.resolve();
  #stopping = new AbortController();

  constructor(dataDir: DataDir, say: (line: string) => void) {
    this.#dataDir = dataDir;
    this.#say = say;
  }

  /** From now on the process is noted on disk at each start, and restarted if it dies. */
  watch = (process: ManagedProcess): void => {
    if (this.#stopping.signal.aborted) throw new Problem('It is being stopped');
    this.#watched.set(process, { backoff: new Backoff(pauses), since: Date.now() });
    process.onSpawn = (pid) => this.#dataDir.noteProcess(process.name, pid);
    process.onDeath = (exit) => void this.#restart(process, describeExit(exit));
  };

  get processes(): ManagedProcess[] {
    return [...this.#watched.keys()];
  }

  /** The running processes, as endpoints.json lists them. */
  get running(): RunningEndpoints['services'] {
    return this.processes.flatMap(({ name, url, pid }) =>
      pid === undefined ? [] : [{ name, url, pid }],
    );
  }

  /** Writes endpoints.json, now and after each restart. */
  async publish(endpoints: Endpoints): Promise<void> {
    this.#endpoints = endpoints;
    await this.#write();
  }

  /** Ends a process by SIGKILL, to see how the others get on, and starts it after a while. */
  async killFor(process: ManagedProcess, awayMs: number): Promise<void> {
    await process.kill();
    await sleep(awayMs, undefined, { signal: this.#stopping.signal });
    await process.start();
    await this.#write();
  }

  /** Stops one group after the other: services before the parts that they need. */
  async stop(groups: ManagedProcess[][]): Promise<void> {
    this.#stopping.abort();
    for (const group of groups) await Promise.all(group.map((process) => process.stop()));
    await this.#publishing;
    await rm(this.#dataDir.file('endpoints.json'), { force: true });
  }

  async #restart(process: ManagedProcess, reason: string): Promise<void> {
    if (this.#stopping.signal.aborted) return;
    const delayMs = this.#nextDelay(process);
    this.#say(`${process.name} ${reason}; it starts again in ${delayMs / 1000} s`);
    try {
      await sleep(delayMs, undefined, { signal: this.#stopping.signal });
    } catch {
      return;
    }
    try {
      await process.start();
    } catch (error) {
      return this.#restart(process, `did not start again (${messageOf(error)})`);
    }
    this.#say(`${process.name} runs again`);
    await this.#write();
  }

  #nextDelay(process: ManagedProcess): number {
    const { backoff, since } = this.#watched.get(process)!;
    const now = Date.now();
    if (now - since > steadyMs) backoff.reset();
    this.#watched.set(process, { backoff, since: now });
    return backoff.nextMs();
  }

  #write(): Promise<void> {
    const write = async () => {
      if (!this.#endpoints || this.#stopping.signal.aborted) return;
      const text = JSON.stringify({ ...this.#endpoints, services: this.running }, null, 2);
      await writeWhole(this.#dataDir.file('endpoints.json'), `${text}\n`);
    };
    this.#publishing = this.#publishing.then(write, write);
    return this.#publishing;
  }
}
