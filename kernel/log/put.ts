import { Backoff } from '../backoff.ts';
import { ClosedError, NotSentError, type Wires } from './connections.ts';
import * as codes from './error-codes.ts';
import { InDoubtError, LogUnavailableError, type Offset, type RecordToPut } from './log.ts';
import type { Routes } from './metadata.ts';
import { encodePlainBatch } from './record-batch.ts';
import { produceRequest } from './requests.ts';

const giveUpMs = 8_000;
/** How long the leader may wait for its replicas. */
const produceTimeoutMs = 2_000;

/**
 * Puts one record into a lane, outside of transactions. It is repeated on answers that ask for it
 * and when it never left, and not after a lost answer: that one may still come to the leader.
 */
export async function put(record: RecordToPut, wires: Wires, routes: Routes): Promise<Offset> {
  const { topic, lane } = record;
  const request = produceRequest(
    null,
    [{ topic, lane, batch: encodePlainBatch([record]), firstSequence: -1 }],
    produceTimeoutMs,
  );
  const deadline = performance.now() + giveUpMs;
  const pauses = new Backoff({ firstMs: 5, factor: 1.5, maxMs: 300 });
  for (let why = 'no leader is known'; ; ) {
    const leader = routes.leader(record);
    if (leader) {
      try {
        const { lanes } = await wires.send(leader, request);
        const { error, baseOffset } = lanes[0] ?? { error: codes.operationNotAttempted };
        if (error === codes.ok && baseOffset !== undefined) return baseOffset;
        why = codes.nameOf(error);
        if (!codes.produceRetriable.has(error)) throw new LogUnavailableError(`${topic}: ${why}`);
      } catch (error) {
        if (error instanceof LogUnavailableError) throw error;
        const isUnsent = error instanceof NotSentError && !(error instanceof ClosedError);
        if (!isUnsent) throw new InDoubtError(String(error), { cause: error });
        why = error.message;
      }
    }
    await routes.refresh([topic]).catch(() => {});
    if (!(await pauses.pause(deadline))) {
      throw new LogUnavailableError(`putting a record into ${topic}/${lane}: ${why}`);
    }
  }
}
