import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { availableParallelism, cpus, loadavg, totalmem } from 'node:os';
import { join, relative } from 'node:path';
import { progress } from './rig.ts';

const folder = join(import.meta.dirname, 'results');

/** The machine of a measurement: its numbers mean nothing without it. */
export const machine = () => ({
  processor: cpus()[0]?.model.trim() ?? 'unknown',
  cores: availableParallelism(),
  memoryGb: Math.round(totalmem() / 2 ** 30),
  system: `${process.platform} ${process.arch}`,
  node: process.version,
});

/** The machine's load average of the last minute, which includes other programs. */
export const load = () => Number(loadavg()[0]?.toFixed(1));

export const median = (numbers: readonly number[]): number => {
  const sorted = numbers.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2;
};

/** The number with so many significant digits. */
export const rounded = (number: number, digits = 3): number => Number(number.toPrecision(digits));

export type Target = { what: string; wanted: string; measured: number; met: boolean };

const fileOf = (name: string) => join(folder, `${name}.json`);

/** What an earlier run has written, if any. */
export async function readResults<T>(name: string): Promise<Partial<T> | undefined> {
  const text = await readFile(fileOf(name), 'utf8').catch(() => undefined);
  return text === undefined ? undefined : (JSON.parse(text) as Partial<T>);
}

export async function writeResults(name: string, results: object, targets: readonly Target[]) {
  await mkdir(folder, { recursive: true });
  const file = fileOf(name);
  const written = { date: new Date().toISOString(), machine: machine(), targets, ...results };
  await writeFile(file, `${JSON.stringify(written, null, 2)}\n`);
  for (const { what, wanted, measured, met } of targets) {
    progress.say(`${met ? '✓' : '✗'} ${what}: ${rounded(measured)} (target ${wanted})`);
  }
  progress.say(`All rounds are in ${relative(process.cwd(), file)}`);
}

/** Aligns the first column to the left and the others, which are numbers, to the right. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((name, at) =>
    Math.max(...[head, ...rows].map((row) => row[at]!.length), name.length),
  );
  const line = (row: readonly string[]) =>
    row
      .map((cell, at) => (at === 0 ? cell.padEnd(widths[at]!) : cell.padStart(widths[at]!)))
      .join('  ');
  return [line(head), widths.map((width) => '─'.repeat(width)).join('  '), ...rows.map(line)].join(
    '\n',
  );
}
