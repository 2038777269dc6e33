import { setTimeout as pause } from 'node:timers/promises';
import type { Db } from 'mongodb';
import type { Codec } from '../codec.ts';
import type { Lease } from '../leases.ts';
import { LaneReadError, type Log, type Offset } from '../log/log.ts';
import type { AnyProjection } from '../projection.ts';
import { viewId } from './generations.ts';
import type { LaneStatus } from './lane.ts';
import { LanePass } from './lane-pass.ts';
import { LogChangedError } from './same-log.ts';

export type CatchUpOptions = {
  projection: AnyProjection;
  db: Db;
  log: Log;
  codec: Codec;
  prefix: string;
  /** One that no projector moves. */
  generation: string;
  /** Of whoever builds the view; its session is used for the transactions. */
  lease: Lease;
  stop: AbortSignal;
};

const tries = 10;
const pauseMs = 50;

/** Lets a generation fold on, as a projector does, up to these offsets by lane and topic. */
export async function catchUp(
  options: CatchUpOptions,
  ends: ReadonlyMap<number, Record<string, Offset>>,
): Promise<void> {
  const reader = options.log.reader();
  const { projection, generation, lease } = options;
  const stop = AbortSignal.any([options.stop, lease.lost]);
  try {
    for (const [lane, until] of ends) {
      const place = { view: viewId(projection.view), generation, lane };
      const status: LaneStatus = { stopped: null, trouble: null, events: 0, parked: 0 };
      for (let failures = 0; ; ) {
        const pass = new LanePass({ ...options, place, status, reader, stop, until });
        try {
          await pass.run();
          break;
        } catch (error) {
          stop.throwIfAborted();
          failures = pass.moved ? 1 : failures + 1;
          const isFatal = error instanceof LaneReadError || error instanceof LogChangedError;
          if (isFatal || failures === tries) throw error;
          await pause(pauseMs * failures);
        }
      }
      stop.throwIfAborted();
      if (!lease.valid) throw new Error(`The lease ${lease.role} ran out.`);
    }
  } finally {
    await reader.close();
  }
}
