import * as codes from './error-codes.ts';
import { keyOf, type RecordToAppend, type TopicLane } from './log.ts';
import type { LaneBatch, ProducerName } from './producer-name.ts';
import { encodeBatch } from './record-batch.ts';
import { type ProducerIdentity, produceRequest } from './requests.ts';
import type { TransactionCoordinator } from './transaction-coordinator.ts';

const sequenceNumbers = 2 ** 31;

/**
 * A name in Kafka's first protocol of transactions: AddPartitionsToTxn tells the coordinator the
 * lanes, and all transactions have the same identity and go on with the numbers of the last one.
 */
export class FirstProtocol implements ProducerName {
  readonly produceRetriable = codes.produceRetriable;
  /** A late Produce could land in the next transaction, whose identity is the same. */
  readonly refusesLate = false;
  /** To be refused takes no longer than to ask. */
  readonly rests = false;
  readonly #identity: ProducerIdentity;
  readonly #coordinator: TransactionCoordinator;
  /** The next sequence number of each lane, by which the broker knows repeated batches. */
  readonly #sequences = new Map<string, number>();

  constructor(identity: ProducerIdentity, coordinator: TransactionCoordinator) {
    this.#identity = identity;
    this.#coordinator = coordinator;
  }

  begin(lanes: TopicLane[], deadline: number): Promise<boolean> {
    return this.#coordinator.addPartitions(this.#identity, lanes, deadline);
  }

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
    return produceRequest(this.#identity.transactionalId, batches, timeoutMs);
  }

  end(commit: boolean, deadline: number): Promise<void> {
    return this.#coordinator.end(this.#identity, commit, deadline);
  }

  isEnding(): Promise<boolean> {
    return this.#coordinator.isEnding();
  }

  written(deadline: number): Promise<void> {
    return this.#coordinator.written(deadline);
  }

  refused(): void {}

  gaveUp(batches: LaneBatch[]): void {
    for (const batch of batches) this.#sequences.set(keyOf(batch), batch.firstSequence);
  }
}
