import { readdir, readFile } from 'node:fs/promises';

/** Processor time that the system has counted, as Linux tells it in /proc. */

export type Stat = {
  pid: number;
  parent: number;
  /** Its own time with all its threads, and the time of children that have ended. */
  seconds: number;
};

/** Linux counts in hundredths of a second on every architecture that Node runs on. */
const ticksPerSecond = 100;

/** @param text of /proc/PID/stat; a program's name in it may hold spaces and parentheses. */
export function statOf(text: string): Stat {
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const times = fields.slice(11, 15).map(Number); // utime, stime, cutime, cstime
  return {
    pid: Number.parseInt(text, 10),
    parent: Number(fields[1]),
    seconds: times.reduce((sum, ticks) => sum + ticks, 0) / ticksPerSecond,
  };
}

/** The time of some processes and of all that they have started, each counted once. */
export function secondsOfTrees(roots: readonly number[], all: readonly Stat[]): number {
  const counted = new Set(roots);
  // A child may be listed before its parent.
  for (let before = -1; before !== counted.size; ) {
    before = counted.size;
    for (const { pid, parent } of all) if (counted.has(parent)) counted.add(pid);
  }
  return all.filter(({ pid }) => counted.has(pid)).reduce((sum, { seconds }) => sum + seconds, 0);
}

/**
 * The processor time of processes with their children, in seconds; 0 where the system is not
 * Linux.
 */
export async function processorSeconds(roots: readonly number[]): Promise<number> {
  const entries = await readdir('/proc').catch(() => []);
  const texts = await Promise.all(
    entries
      .filter((name) => /^\d+$/.test(name))
      .map((pid) => readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')),
  );
  return secondsOfTrees(roots, texts.filter(Boolean).map(statOf));
}
