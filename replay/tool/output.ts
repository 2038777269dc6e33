import { once } from 'node:events';
import { endIfOutputFails } from '#local-stack/base/output.ts';
import { exit } from './exit.ts';

/** Standard output, whose reader may be slow, or may leave at any time, as `| head` does. */

const gone = new AbortController();

endIfOutputFails(exit.failed, () => gone.abort());

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

/** Says why Kafka is being asked again: silence would look like work. */
export const sayKafka = (failure: string): void => say(`Kafka: ${failure}; trying again.`);

export const counted = (count: number, noun: string): string =>
  `${count} ${noun}${count === 1 ? '' : 's'}`;
