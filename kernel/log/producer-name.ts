import type { RecordToAppend, TopicLane } from './log.ts';
import type { Answer, ProducedLane, Request } from './requests.ts';

export type LaneBatch = TopicLane & { batch: Buffer; firstSequence: number; count: number };

/**
 * One transactional id of a producer, which Kafka knows by an identity. It has one transaction at
 * a time. There is a class for each of Kafka's two protocols of transactions.
 */
export type ProducerName = {
  /**
   * Begins a transaction over these lanes, which have so many leaders.
   * @returns false if nothing has begun, since the markers of the last one are still being written.
   */
  begin(lanes: TopicLane[], deadline: number, leaders: number): Promise<boolean>;
  /** The records as one batch for each lane. */
  encode(byLane: Map<string, RecordToAppend[]>): LaneBatch[];
  produceRequest(
    batches: LaneBatch[],
    timeoutMs: number,
  ): Request<Answer & { lanes: ProducedLane[] }>;
  /** Errors after which the same batch may be sent again. */
  readonly produceRetriable: ReadonlySet<number>;
  /** Whether a Produce that arrives after the end of its transaction is refused for certain. */
  readonly refusesLate: boolean;
  /** Ends the transaction. @throws InDoubtError when it isn't known how. */
  end(commit: boolean, deadline: number): Promise<void>;
  /** Whether the markers of the last transaction are still being written, as far as is known. */
  isEnding(): Promise<boolean>;
  /** Waits until the last transaction's markers are written, or for so long. */
  written(deadline: number): Promise<void>;
  /** These batches were not appended, and their transaction has been aborted. */
  gaveUp(batches: LaneBatch[]): void;
  /** Nothing was appended: the markers of the last transaction are still being written. */
  refused(): void;
  /** It has been refused a moment ago: the other name had better go on. */
  readonly rests: boolean;
};
