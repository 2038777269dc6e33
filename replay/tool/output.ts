import { once } from 'node:events';

/** Standard output, whose reader may be slow, or may leave at any time, as `| head` does. */

const gone = new AbortController();

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  gone.abort();
});

/** Aborts once standard output has no reader any more; then the work is done. */
export const outputGone: AbortSignal = gone.signal;

export async function print(...lines: string[]): Promise<void> {
  if (lines.length === 0 || gone.signal.aborted) return;
  if (process.stdout.write(`${lines.join('\n')}\n`)) return;
  await once(process.stdout, 'drain', { signal: gone.signal }).catch(() => {});
}

/** Prints a remark to standard error, apart from the result. */
export const say = (line: string): void => {
  process.stderr.write(`${line}\n`);
};

export const counted = (count: number, noun: string): string =>
  `${count} ${noun}${count === 1 ? '' : 's'}`;
