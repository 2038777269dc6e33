import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { InvalidArgumentError, Option } from 'commander';
import type { Config } from '#kernel/config.ts';
import type { AnyProjection } from '#kernel/projection.ts';
import { type BuildProgress, offsetsOf } from '#kernel/projector/building/lane-board.ts';
import type { Help, Share } from '#kernel/projector/building/rebuild.ts';
import type { Pace } from './pace.ts';

export type ThreadsOptions = {
  config: Config;
  projection: AnyProjection;
  /** The number of building threads, the calling one included. */
  threads: number;
  /** The pace of all threads together. */
  pace?: Pace | undefined;
  /** Called whenever another thread has read some events. */
  onProgress?: ((progress: BuildProgress) => unknown) | undefined;
};

/** A helping thread's input. */
export type ThreadData = { config: Config; view: string; share: Share; pace: Pace | undefined };

/** Fewer offsets would mostly be read before another thread has started. */
const worthHelp = 100_000;

export const threadsOption = (): Option =>
  new Option('--threads <n>', 'number of threads that read and fold, each one lane at a time')
    .default(availableParallelism(), 'one per core')
    .argParser((text) => {
      if (/^[1-9]\d{0,2}$/.test(text)) return Number(text);
      throw new InvalidArgumentError('The number of threads is a whole number from 1 to 999.');
    });

/** A quarter less than Node's default: a rebuild takes a fifth less memory, and as long. */
const resourceLimits = { maxYoungGenerationSizeMb: 36 };

/** Lets other threads take lanes of a build; undefined if `threads` is 1. */
export function otherThreads(options: ThreadsOptions): Help | undefined {
  if (options.threads === 1) return undefined;
  return async (share, stop) => {
    const { lanes } = share;
    const offsets = lanes.reduce((all, [, end]) => all + offsetsOf(end), 0);
    if (stop.aborted || offsets < worthHelp) return;
    const count = Math.min(options.threads, lanes.length) - 1;
    await Promise.all(Array.from({ length: count }, () => startThread(options, share, stop)));
  };
}

/** Starts a thread. Resolves once the thread has ended. */
function startThread(options: ThreadsOptions, share: Share, stop: AbortSignal): Promise<void> {
  const { config, projection, pace, onProgress } = options;
  const workerData: ThreadData = { config, view: projection.view.name, share, pace };
  const thread = new URL('./build-thread.ts', import.meta.url);
  const worker = new Worker(thread, { workerData, resourceLimits });
  const ended = Promise.withResolvers<void>();
  const end = () => void worker.terminate();
  stop.addEventListener('abort', end, { once: true });
  worker.on('message', (now: BuildProgress) => onProgress?.(now));
  worker.on('error', ({ message }) => {
    process.stderr.write(`A helping thread failed; the build continues without it: ${message}\n`);
  });
  worker.once('exit', () => {
    stop.removeEventListener('abort', end);
    ended.resolve();
  });
  return ended.promise;
}
