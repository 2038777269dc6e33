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
  /** That build, the one that asks for help included. */
  threads: number;
  /** Kept by all of them together. */
  pace?: Pace | undefined;
  /** Told whenever another thread has read something. */
  onProgress?: ((progress: BuildProgress) => unknown) | undefined;
};

/** What such a thread is given. */
export type ThreadData = { config: Config; view: string; share: Share; pace: Pace | undefined };

/** Of fewer offsets most would be read before another thread has started. */
const worthHelp = 100_000;

export const threadsOption = (): Option =>
  new Option('--threads <n>', 'how many threads read and fold, each a lane')
    .default(availableParallelism(), 'one for each core')
    .argParser((text) => {
      if (/^[1-9]\d{0,2}$/.test(text)) return Number(text);
      throw new InvalidArgumentError('It is a whole number from 1 to 999.');
    });

/** A quarter less than Node's own: a rebuild takes a fifth less memory, and no longer. */
const resourceLimits = { maxYoungGenerationSizeMb: 36 };

/** Has others take lanes of a build, beside the thread that began it; undefined for one alone. */
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

/** Resolves once it has ended. */
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
    process.stderr.write(`A thread that helped has ended, and is done without: ${message}\n`);
  });
  worker.once('exit', () => {
    stop.removeEventListener('abort', end);
    ended.resolve();
  });
  return ended.promise;
}
