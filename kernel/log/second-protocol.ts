import * as codes from './error-codes.ts';
import type { RecordToAppend, TopicLane } from './log.ts';
import type { LaneBatch, ProducerName } from './producer-name.ts';
import { encodeBatch } from './record-batch.ts';
import type { ProducerIdentity } from './requests.ts';
import { produceInTransactionRequest } from './requests-flexible.ts';
import type { TransactionCoordinator } from './transaction-coordinator.ts';

/** How long a name rests after the broker has waited in vain for its last transaction to end. */
const restMs = 1_000;

/**
 * A name in Kafka's second protocol of transactions (KIP-890). A Produce adds its lanes to the
 * transaction by itself. Each transaction has an identity of its own, which the end of the one
 * before gives it, so its numbers start at 0, and what arrives late is refused.
 */
export class SecondProtocol implements ProducerName {
  readonly produceRetriable = codes.secondProduceRetriable;
  readonly refusesLate = true;
  #identity: ProducerIdentity;
  readonly #coordinator: TransactionCoordinator;
  #restsUntil = 0;

  constructor(identity: ProducerIdentity, coordinator: TransactionCoordinator) {
    this.#identity = identity;
    this.#coordinator = coordinator;
  }

  /** A broker that has to refuse the first Produce has waited for a tenth of a second before. */
  get rests(): boolean {
    return performance.now() < this.#restsUntil;
  }

  /**
   * The leaders of several lanes would ask the coordinator at once, which refuses all but one, and
   * they would wait before they ask again. Lanes that were added before need no such turn.
   */
  async begin(lanes: TopicLane[], deadline: number, leaders: number): Promise<boolean> {
    if (leaders < 2) return true;
    return this.#coordinator.addPartitions(this.#identity, lanes, deadline);
  }

  encode(byLane: Map<string, RecordToAppend[]>): LaneBatch[] {
    return [...byLane.values()].map((records) => {
      const { topic, lane } = records[0] as TopicLane;
      const batch = encodeBatch(records, this.#identity, 0);
      return { topic, lane, batch, firstSequence: 0, count: records.length };
    });
  }

  produceRequest(batches: LaneBatch[], timeoutMs: number) {
    return produceInTransactionRequest(this.#identity.transactionalId, batches, timeoutMs);
  }

  async end(commit: boolean, deadline: number): Promise<void> {
    this.#identity = await this.#coordinator.endAndRenew(this.#identity, commit, deadline);
  }

  isEnding(): Promise<boolean> {
    return this.#coordinator.isEnding();
  }

  written(deadline: number): Promise<void> {
    return this.#coordinator.written(deadline);
  }

  gaveUp(): void {
    this.refused();
  }

  refused(): void {
    this.#restsUntil = performance.now() + restMs;
  }
}
