import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { InvalidArgumentError, Option } from 'commander';
import type { Config } from '#kernel/config.ts';
import type { AnyProjection } from '#kernel/projection.ts';
import { type BuildProgress, offsetsOf } from '#kernel/projector/lane-board.ts';
import type { Help, Share } from '#kernel/projector/rebuild.ts';
import type { Pace } from './pace.ts';

export type HelpersOptions = {
  config: Config;
  projection: AnyProjection;
  /** That build, the one that asks for help included. */
  threads: number;
  /** Kept by all of them together. */
  pace?: Pace | undefined;
  /** Told whenever a helper has read something. */
  onProgress?: ((progress: BuildProgress) => unknown) | undefined;
};

/** What a helper is given. */
export type Helping = { config: Config; view: string; share: Share; pace: Pace | undefined };

/** Of fewer offsets most would be read before a helper has started. */
const worthHelp = 100_000;

export const threadsOption = (): Option =>
  new Option('--threads <n>', 'how many threads read and fold, each a lane')
    .default(availableParallelism(), 'one for each core')
    .argParser((text) => {
      if (/^[1-9]\d{0,2}$/.test(text)) return Number(text);
      throw new InvalidArgumentError('It is a whole number from 1 to 999.');
    });

/** A quarter less than Node's own: a tenth of a rebuild's memory, and no time. */
const resourceLimits = { maxYoungGenerationSizeMb: 36 };

/** Threads that take lanes of a build, beside the thread that began it. */
export function helpers(options: HelpersOptions): Help {
  return async (share, stop) => {
    const { lanes } = share;
    const offsets = lanes.reduce((all, [, end]) => all + offsetsOf(end), 0);
    const count = offsets < worthHelp ? 0 : Math.min(options.threads, lanes.length) - 1;
    await Promise.all(Array.from({ length: count }, () => helper(options, share, stop)));
  };
}

function helper(options: HelpersOptions, share: Share, stop: AbortSignal): Promise<void> {
  const { config, projection, pace, onProgress } = options;
  const helping: Helping = { config, view: projection.view.name, share, pace };
  const worker = new Worker(new URL('./helper.ts', import.meta.url), {
    workerData: helping,
    resourceLimits,
  });
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
