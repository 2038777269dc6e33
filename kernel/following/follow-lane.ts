import { Backoff, type Pauses, sleep } from '../backoff.ts';
import type { Lease } from '../leases/leases.ts';
import { Patience } from '../leases/patience.ts';
import { LaneReadError } from '../log/log.ts';
import { LogChangedError } from './log-verifier.ts';

/** The state of a lane in this process, for people. The lane's progress is in its checkpoint. */
export type LaneStatus = {
  /** Why the lane can't go on until somebody has mended it. */
  stopped: string | null;
  /** The error after which the lane is being tried again. */
  trouble: string | null;
};

/** One try at a lane: from its stored checkpoint to the first error, or until told to stop. */
export type LanePass = {
  /** Whether the pass stored any progress. */
  readonly moved: boolean;
  /** Clears the status once the lane goes on. */
  run(): Promise<void>;
};

export type FollowOptions = {
  /** Names the lane in messages. */
  title: string;
  lease: Lease;
  /** Ends the work after the chunk under way, besides the loss of the lease. */
  stop: AbortSignal;
  status: LaneStatus;
  /** The pauses between passes that failed and stored nothing. */
  pauses: Pauses;
  /** Called with each error, unless the one before it had the same message. */
  onWarning?: ((message: string) => void) | undefined;
};

const stoppedPauseMs = 5_000;
const checkEveryMs = 500;

/** Whether no repetition helps: somebody has to restore the topic, or to forget the checkpoint. */
export const needsMending = (error: unknown): error is Error =>
  error instanceof LaneReadError || error instanceof LogChangedError;

/**
 * Follows the log for one lane, pass after pass, until told to stop. A lane that gets nowhere here
 * is passed on to another process, if one stands by.
 * @param newPass its pass calls `onWell` each time the lane gets somewhere.
 */
export async function followLane(options: FollowOptions, newPass: NewPass): Promise<void> {
  const { lease, status } = options;
  const patience = new Patience(lease);
  const check = () => patience.check(status.stopped ?? status.trouble ?? 'no answer');
  const timer = setInterval(check, checkEveryMs);
  try {
    await followOn(options, (stop) => newPass(stop, () => patience.well()));
  } finally {
    clearInterval(timer);
  }
}

type NewPass = (stop: AbortSignal, onWell: () => void) => LanePass;

async function followOn(
  options: FollowOptions,
  newPass: (stop: AbortSignal) => LanePass,
): Promise<void> {
  const { title, lease, status } = options;
  const stop = AbortSignal.any([options.stop, lease.lost]);
  const backoff = new Backoff(options.pauses);
  let told = '';
  while (!stop.aborted && lease.valid) {
    const pass = newPass(stop);
    try {
      await pass.run();
    } catch (error) {
      if (stop.aborted) return;
      if (pass.moved) backoff.reset();
      const isStopped = needsMending(error);
      status.stopped = isStopped ? error.message : null;
      status.trouble = isStopped ? null : messageOf(error);
      const message = `${title}: ${messageOf(error)}`;
      if (message !== told) options.onWarning?.(message);
      told = message;
      await sleep(isStopped ? backoff.jittered(stoppedPauseMs) : backoff.nextMs(), stop);
    }
  }
}

const messageOf = (error: unknown): string =>
  error instanceof Error ? `${error.name}: ${error.message}` : String(error);
