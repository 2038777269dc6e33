import { LaneReadError, type LogRecord, type Offset } from './log.ts';
import { type Batch, batchesOf, decodeRecords, isAbortMarker } from './record-batch.ts';
import type { FetchedLane } from './requests.ts';

export type Committed = {
  records: LogRecord[];
  /** The offset after all that was read: records, aborted records and markers. */
  next: Offset;
  bytes: number;
};

/**
 * Knows which batches belong to aborted transactions, from the answer's list and the markers alone.
 * Several transactions may be open at once below the fetch offset, so all that begin at or below a
 * batch are opened before the batch is judged. Only a control batch is a marker, whatever a
 * record's key looks like.
 */
class AbortedTransactions {
  readonly #coming: FetchedLane['aborted'];
  readonly #open = new Set<bigint>();

  constructor(aborted: FetchedLane['aborted']) {
    this.#coming = aborted.toSorted((a, b) => b.first - a.first);
  }

  covers(batch: Batch): boolean {
    for (let next = this.#coming.at(-1); next && next.first <= batch.last; ) {
      this.#open.add(next.producerId);
      this.#coming.pop();
      next = this.#coming.at(-1);
    }
    if (batch.control && isAbortMarker(batch)) this.#open.delete(batch.producerId);
    return batch.transactional && this.#open.has(batch.producerId);
  }
}

/**
 * The committed records of a fetch answer from `from` up to, not including, `end`, and never past
 * the last stable offset. In a topic that is not compacted every offset belongs to a batch, so a
 * gap means lost records.
 * @throws LaneReadError for a hole, or for bytes that can't be read.
 */
export const committedOf = (
  fetched: FetchedLane,
  from: Offset,
  end: Offset,
  compacted = false,
): Committed => {
  const aborted = new AbortedTransactions(fetched.aborted);
  const limit = fetched.lastStable >= 0 ? Math.min(end, fetched.lastStable) : end;
  const committed: Committed = { records: [], next: from, bytes: 0 };
  try {
    for (const batch of batchesOf(fetched.batches)) {
      if (committed.next >= limit) break;
      const isGap = batch.first > committed.next && !compacted;
      if (isGap) throw holeIn(fetched, committed.next, batch.first);
      const skipped = aborted.covers(batch) || batch.control;
      if (batch.last < committed.next) continue;
      if (!skipped) {
        const isCut = batch.count <= batch.last - batch.first && !compacted;
        if (isCut) throw holeIn(fetched, batch.first, batch.last);
        const range = { from: committed.next, to: limit };
        committed.bytes += decodeRecords(batch, fetched, range, committed.records);
      }
      committed.next = Math.min(batch.last + 1, limit);
    }
  } catch (error) {
    if (error instanceof LaneReadError) throw error;
    throw new LaneReadError(fetched, 'unreadable', `at ${committed.next}: ${String(error)}`);
  }
  return committed;
};

const holeIn = (at: FetchedLane, wanted: Offset, found: Offset): LaneReadError =>
  new LaneReadError(
    at,
    'hole',
    `offset ${wanted} is missing, the log goes on at ${found}. Records are lost: restore the ` +
      'topic from a copy; nothing is skipped.',
  );
