import { once } from 'node:events';

/** Standard output, whose reader may be slow, or gone at any time, as in `| head`. */

const gone = new AbortController();

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  gone.abort();
});

/** Aborts once nobody reads any more; the work is done then. */
export const outputGone: AbortSignal = gone.signal;

export async function print(...lines: string[]): Promise<void> {
  if (lines.length === 0 || gone.signal.aborted) return;
  if (process.stdout.write(`${lines.join('\n')}\n`)) return;
  await once(process.stdout, 'drain', { signal: gone.signal }).catch(() => {});
}

/** What is said beside the result. */
export const say = (line: string): void => {
  process.stderr.write(`${line}\n`);
};

export const counted = (count: number, noun: string): string =>
  `${count} ${noun}${count === 1 ? '' : 's'}`;
