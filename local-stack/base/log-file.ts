import {
  closeSync,
  existsSync,
  fstatSync,
  mkdirSync,
  openSync,
  readSync,
  renameSync,
  statSync,
} from 'node:fs';
import { dirname } from 'node:path';

const MAX_BYTES = 10_000_000;
const TAIL_BYTES = 16_384;

/** Opens a log for appending. A log over 10 MB is first renamed to `….1`. */
export function openLog(path: string): number {
  mkdirSync(dirname(path), { recursive: true });
  if (existsSync(path) && statSync(path).size > MAX_BYTES) renameSync(path, `${path}.1`);
  return openSync(path, 'a');
}

export const logSize = (path: string): number => (existsSync(path) ? statSync(path).size : 0);

/** The line of a log, written after `from` bytes, that most likely says why its process died. */
export function lastWords(path: string, from = 0): string {
  if (!existsSync(path)) return '';
  const file = openSync(path, 'r');
  try {
    const { size } = fstatSync(file);
    const start = Math.max(from, size - TAIL_BYTES, 0);
    const bytes = Buffer.alloc(Math.max(0, size - start));
    readSync(file, bytes, 0, bytes.length, start);
    return telling(bytes.toString('utf8').split('\n'));
  } finally {
    closeSync(file);
  }
}

/** The last line with an error, else the last one; without the stack and version Node prints. */
export function telling(lines: string[]): string {
  const useful = lines
    .map((line) => line.trim())
    .filter((line) => line && !/^(at |Node\.js v|[{}\]]|\.\.\. )/.test(line));
  const error = useful.findLast((line) => /error|exception|fatal|cannot|refused/i.test(line));
  return (error ?? useful.at(-1) ?? '').slice(0, 300);
}
