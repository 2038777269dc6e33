import { Backoff, sleep } from '../backoff.ts';
import { LaneReadError } from '../log/log.ts';
import { LogChangedError } from '../projector/same-log.ts';
import { type LaneOptions, LanePass } from './lane-pass.ts';

const stoppedPauseMs = 5_000;
const pauses = { firstMs: 50, factor: 2, maxMs: 3_000 };

/** Follows the log for one lane until told to stop, whatever happens meanwhile. */
export async function followLane(options: LaneOptions): Promise<void> {
  const { reactor, lease, stop, status, logger } = options;
  const backoff = new Backoff(pauses);
  let told = '';
  while (!stop.aborted && lease.valid) {
    const pass = new LanePass(options);
    try {
      await pass.run();
    } catch (error) {
      if (stop.aborted) return;
      if (pass.moved) backoff.reset();
      const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
      const isFatal = error instanceof LaneReadError || error instanceof LogChangedError;
      status.stopped = isFatal ? message : null;
      status.trouble = isFatal ? null : message;
      if (message !== told) logger.warn(`${reactor.name}, lane ${lease.lane}: ${message}`);
      told = message;
      await sleep(isFatal ? stoppedPauseMs : backoff.nextMs(), stop);
    }
  }
}
