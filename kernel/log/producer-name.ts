import type { Wires } from './connections.ts';
import type { RecordToAppend, TopicLane } from './log.ts';
import type { Routes } from './metadata.ts';
import { encodeBatch } from './record-batch.ts';
import * as requests from './requests.ts';
import { TransactionCoordinator } from './transaction-coordinator.ts';

/** The broker's own timeout for a transaction: longer than requests are repeated here. */
const transactionTimeoutMs = 10_000;
const sequenceNumbers = 2 ** 31;

export type LaneBatch = TopicLane & { batch: Buffer; firstSequence: number; count: number };

export const keyOf = ({ topic, lane }: TopicLane): string => `${topic}/${lane}`;

/**
 * One transactional id of a producer, from its start on: the identity that Kafka gave it, its
 * coordinator, and the numbers of its batches. It has one transaction at a time.
 */
export class ProducerName {
  readonly #identity: requests.ProducerIdentity;
  readonly #coordinator: TransactionCoordinator;
  /** The next sequence number of each lane, by which the broker knows repeated batches. */
  readonly #sequences = new Map<string, number>();

  private constructor(identity: requests.ProducerIdentity, coordinator: TransactionCoordinator) {
    this.#identity = identity;
    this.#coordinator = coordinator;
  }

  /**
   * Takes the transactional id: from now on every older producer of it is fenced, its open
   * transaction is aborted, and the markers of its last one are written.
   * @throws InDoubtError when the coordinator refuses or the deadline passes.
   */
  static async take(
    transactionalId: string,
    { wires, routes, deadline }: { wires: Wires; routes: Routes; deadline: number },
  ): Promise<ProducerName> {
    const coordinator = new TransactionCoordinator(transactionalId, wires, routes);
    return new ProducerName(await coordinator.init(transactionTimeoutMs, deadline), coordinator);
  }

  /** Begins a transaction over these lanes. */
  begin(lanes: TopicLane[], deadline: number): Promise<void> {
    return this.#coordinator.addPartitions(this.#identity, lanes, deadline);
  }

  /** The records as one batch for each lane, numbered on. */
  encode(byLane: Map<string, RecordToAppend[]>): LaneBatch[] {
    return [...byLane].map(([key, records]) => {
      const { topic, lane } = records[0] as TopicLane;
      const firstSequence = this.#sequences.get(key) ?? 0;
      const batch = encodeBatch(records, this.#identity, firstSequence);
      const count = records.length;
      this.#sequences.set(key, (firstSequence + count) % sequenceNumbers);
      return { topic, lane, batch, firstSequence, count };
    });
  }

  produceRequest(batches: LaneBatch[], timeoutMs: number) {
    return requests.produceRequest(this.#identity.transactionalId, batches, timeoutMs);
  }

  end(commit: boolean, deadline: number): Promise<void> {
    return this.#coordinator.end(this.#identity, commit, deadline);
  }
}
