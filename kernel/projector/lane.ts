import { setTimeout as pause } from 'node:timers/promises';
import type { Db } from 'mongodb';
import type { Codec } from '../codec/codec.ts';
import type { Lease } from '../leases/leases.ts';
import { LaneReadError, type Log, type LogReader, type Offset } from '../log/log.ts';
import type { AnyProjection } from '../projection.ts';
import type { Place } from './dead-letters/dead-letters.ts';
import type { GroupCommit } from './group-commit.ts';
import { LanePass } from './lane-pass.ts';
import { LogChangedError } from './same-log.ts';

export type LaneOptions = {
  lease: Lease;
  place: Place;
  projection: AnyProjection;
  db: Db;
  log: Log;
  reader: LogReader;
  /** Of all lanes of the process that write to this database. */
  commits: GroupCommit;
  codec: Codec;
  /** Stands before the topics' names in the log. */
  prefix: string;
  /** Ends the work after the chunk under way, besides the loss of the lease. */
  stop: AbortSignal;
  status: LaneStatus;
  /** Offsets by topic at which the work is done; without them it goes on. */
  until?: Record<string, Offset>;
  onTrouble?(message: string): void;
};

/** How a lane fares in this process, for people; how far it is stands in its checkpoint. */
export type LaneStatus = {
  /** Why it can't go on until somebody has mended it. */
  stopped: string | null;
  /** What is being tried again. */
  trouble: string | null;
  events: number;
  parked: number;
};

const stoppedPauseMs = 5_000;
const firstPauseMs = 20;
const longestPauseMs = 3_000;

/**
 * Follows the log for one lane of one generation until told to stop: chunk by chunk, each folded
 * in memory and stored in one transaction with the offsets that it moves.
 */
export async function followLane(options: LaneOptions): Promise<void> {
  const { lease, place, status } = options;
  const stop = AbortSignal.any([options.stop, lease.lost]);
  let failures = 0;
  let told = '';
  while (!stop.aborted && lease.valid) {
    const pass = new LanePass({ ...options, stop });
    try {
      await pass.run();
    } catch (error) {
      if (stop.aborted) return;
      failures = pass.moved ? 1 : failures + 1;
      const isFatal = error instanceof LaneReadError || error instanceof LogChangedError;
      status.stopped = isFatal ? error.message : null;
      status.trouble = isFatal ? null : messageOf(error);
      const message = `${place.generation}, lane ${place.lane}: ${messageOf(error)}`;
      if (message !== told) options.onTrouble?.(message);
      told = message;
      const backOffMs = Math.min(longestPauseMs, firstPauseMs * 2 ** failures);
      const pauseMs = (isFatal ? stoppedPauseMs : backOffMs) * (0.5 + Math.random() / 2);
      await pause(pauseMs, undefined, { signal: stop }).catch(() => {});
    }
  }
}

const messageOf = (error: unknown): string =>
  error instanceof Error ? `${error.name}: ${error.message}` : String(error);
