import { before } from '../before.ts';
import type { Lease } from '../leases/leases.ts';
import type { Chunk, Log, LogReader, Offset, Position } from '../log/log.ts';
import { contextOf } from '../log/topic-names.ts';
import { LogVerifier, type VerifiedCheckpoint } from './log-verifier.ts';

export type ReadLaneOptions = {
  checkpoint: VerifiedCheckpoint;
  /** Ends the error's message when the log isn't the checkpoint's any more: says what to do. */
  cure: string;
  log: Log;
  reader: LogReader;
  /** Stands before the topics' names in the log. */
  prefix: string;
  lease: Pick<Lease, 'valid'>;
  stop: AbortSignal;
  /** Called each time the lane got somewhere, or turned out to have nothing new. */
  onWell?: (() => void) | undefined;
  /** Offsets by topic at which reading ends; without them it goes on until told to stop. */
  until?: Record<string, Offset> | undefined;
  /** Offsets may be missing, for work that needs no more than what is there. */
  mayMiss?: boolean;
};

/** After so long without a record, progress is stored; a lane that stays idle looks less often. */
const idleMs = { first: 300, later: 1_000 };
/** After an error the lane counts as well again when it was idle so many times in a row. */
const wellAfterIdle = 3;

/**
 * Reads a lane on from its checkpoint, until told to stop. Yields new records only, and an empty
 * list whenever no record came for a while, so that progress over transaction markers is stored.
 * @throws LogChangedError, LaneReadError
 */
export async function* readLane(options: ReadLaneOptions): AsyncGenerator<Chunk[], void> {
  const { checkpoint, cure, log, reader, prefix, lease, stop, until, onWell } = options;
  const { mayMiss: compacted = false } = options;
  const verifier = new LogVerifier(checkpoint, prefix, cure);
  await verifier.checkEnds(log);
  const positions = verifier.positions();
  const ends = until && endsOf(positions, until, prefix);
  const subscription = reader.subscribe(positions, { compacted, ...(ends && { until: ends }) });
  const close = () => void subscription.close();
  stop.addEventListener('abort', close, { once: true });
  try {
    let taken: Promise<Chunk[]> | undefined;
    let idle = 0;
    while (!stop.aborted && lease.valid) {
      taken ??= subscription.take();
      // The caller may stop before it awaits this promise again; without a handler, an error would
      // then end the process.
      taken.catch(() => {});
      const idleAt = performance.now() + (idle === 0 ? idleMs.first : idleMs.later);
      const chunks = await before(taken, idleAt);
      if (chunks) taken = undefined;
      yield chunks ? verifier.newIn(chunks) : [];
      idle = chunks || subscription.isFailing ? 0 : idle + 1;
      if (chunks || idle >= wellAfterIdle) onWell?.();
      if (until && chunks?.length === 0) return;
    }
  } finally {
    stop.removeEventListener('abort', close);
    await subscription.close();
  }
}

const endsOf = (
  positions: readonly Position[],
  until: Record<string, Offset>,
  prefix: string,
): Position[] => positions.map((at) => ({ ...at, next: until[contextOf(prefix, at.topic)] ?? 0 }));
