import { Backoff, type Pauses } from '../backoff.ts';
import { ClosedError, NotSentError, type Wires } from './connections.ts';
import * as codes from './error-codes.ts';
import {
  InDoubtError,
  type Offset,
  type Position,
  type RecordToAppend,
  type TopicLane,
} from './log.ts';
import type { Leader, Routes } from './metadata.ts';
import { encodeBatch, type RecordToEncode } from './record-batch.ts';
import * as requests from './requests.ts';
import { TransactionCoordinator } from './transaction-coordinator.ts';

/** The broker's own timeout for a transaction: longer than requests are repeated here. */
export const transactionTimeoutMs = 10_000;
const giveUpMs = 8_000;
/** How long a leader may wait for its replicas; the answer comes before the request times out. */
const produceTimeoutMs = 2_000;
const retryPauses: Pauses = { firstMs: 5, factor: 1.5, maxMs: 300 };
const sequenceNumbers = 2 ** 31;

type LaneBatch = TopicLane & { batch: Buffer; firstSequence: number; count: number };

const keyOf = ({ topic, lane }: TopicLane): string => `${topic}/${lane}`;

/**
 * The fenced producer of one transactional id. One call is one transaction: AddPartitionsToTxn
 * for all lanes, one Produce per leader, EndTxn. Requests are repeated only on answers that ask
 * for it (or when they never left), a Produce only after all others have settled and with its
 * sequence numbers unchanged. After any other failure the transaction is in doubt, and the producer
 * can't be used any more. A lost EndTxn is never repeated: it could land inside the next one.
 */
export class Transactions {
  readonly #identity: requests.ProducerIdentity;
  readonly #coordinator: TransactionCoordinator;
  readonly #wires: Wires;
  readonly #routes: Routes;
  /** The next sequence number of each lane, by which the broker knows repeated batches. */
  readonly #sequences = new Map<string, number>();
  #busy = false;
  #spent: InDoubtError | undefined;

  constructor(identity: requests.ProducerIdentity, wires: Wires, routes: Routes) {
    this.#identity = identity;
    this.#wires = wires;
    this.#routes = routes;
    this.#coordinator = new TransactionCoordinator(identity.transactionalId, wires, routes);
  }

  async append(
    records: RecordToAppend[],
    late: () => RecordToAppend[] = () => [],
  ): Promise<Offset[]> {
    const all = [...records];
    const byLane = Map.groupBy(records, keyOf);
    const bases = await this.#once(byLane, true, () => {
      for (const record of late()) {
        const lane = byLane.get(keyOf(record));
        if (!lane) throw new Error(`${keyOf(record)} is not in the transaction that has begun`);
        lane.push(record);
        all.push(record);
      }
    });
    const next = new Map(bases);
    return all.map((record) => {
      const offset = next.get(keyOf(record)) as Offset;
      next.set(keyOf(record), offset + 1);
      return offset;
    });
  }

  async barrier(lanes: TopicLane[]): Promise<Position[]> {
    const record = { key: 'barrier', value: Buffer.alloc(0), timestamp: Date.now() };
    const byLane = new Map(lanes.map((lane) => [keyOf(lane), [{ ...lane, ...record }]]));
    const bases = await this.#once(byLane, false);
    return lanes.map(({ topic, lane }) => {
      return { topic, lane, next: bases.get(keyOf({ topic, lane })) as Offset };
    });
  }

  async close(): Promise<void> {
    this.#spent ??= new InDoubtError('the producer is closed');
    await this.#wires.close();
  }

  async #once(
    byLane: Map<string, RecordToAppend[]>,
    commit: boolean,
    begun: () => void = () => {},
  ): Promise<Map<string, Offset>> {
    if (this.#busy) throw new Error('two calls at once on one producer');
    if (this.#spent) {
      const { message, fenced } = this.#spent;
      throw new InDoubtError(`the producer is spent: ${message}`, { cause: this.#spent, fenced });
    }
    if (byLane.size === 0) return new Map();
    const lanes = [...byLane.values()].map(([first]) => first as RecordToAppend);
    this.#busy = true;
    try {
      const deadline = performance.now() + giveUpMs;
      await this.#coordinator.addPartitions(this.#identity, lanes, deadline);
      begun();
      const batches = this.#encode(byLane);
      const bases = await this.#produce(batches, deadline);
      await this.#coordinator.end(this.#identity, commit, deadline);
      return bases;
    } catch (error) {
      this.#spent =
        error instanceof InDoubtError
          ? error
          : new InDoubtError(`the transaction failed: ${String(error)}`, { cause: error });
      throw this.#spent;
    } finally {
      this.#busy = false;
    }
  }

  #encode(byLane: Map<string, (TopicLane & RecordToEncode)[]>): LaneBatch[] {
    const batches = [...byLane].map(([key, records]) => {
      const { topic, lane } = records[0] as TopicLane;
      const firstSequence = this.#sequences.get(key) ?? 0;
      const batch = encodeBatch(records, this.#identity, firstSequence);
      return { topic, lane, batch, firstSequence, count: records.length };
    });
    for (const batch of batches) {
      this.#sequences.set(keyOf(batch), (batch.firstSequence + batch.count) % sequenceNumbers);
    }
    return batches;
  }

  /** @returns the offset of each batch's first record. */
  async #produce(batches: LaneBatch[], deadline: number): Promise<Map<string, Offset>> {
    const bases = new Map<string, Offset>();
    const pauses = new Backoff(retryPauses);
    let pending = batches;
    if (batches.some((batch) => !this.#routes.leader(batch))) {
      await this.#routes.refresh(batches.map(({ topic }) => topic)).catch(() => {});
    }
    for (;;) {
      const byLeader = Map.groupBy(pending, (batch) => this.#routes.leader(batch)?.node ?? -1);
      const leaderless = byLeader.get(-1) ?? [];
      byLeader.delete(-1);
      // All settle before any is repeated: a repeat may never overtake its first try.
      const settled = await Promise.allSettled(
        [...byLeader.values()].map((group) => this.#produceTo(group, bases)),
      );
      const lost = settled.find((result) => result.status === 'rejected');
      if (lost) throw lost.reason;
      const verdicts = settled.map((result) => (result as PromiseFulfilledResult<Verdict>).value);
      const moved = leaderless.length > 0 || verdicts.some((verdict) => verdict.moved);
      pending = pending.filter((batch) => !bases.has(keyOf(batch)));
      if (pending.length === 0) return bases;
      const why = verdicts.findLast((verdict) => verdict.why)?.why ?? 'no leader is known';
      if (moved) await this.#routes.refresh(pending.map(({ topic }) => topic)).catch(() => {});
      if (!(await pauses.pause(deadline))) {
        throw new InDoubtError(`appending was repeated until time ran out: ${why}`);
      }
    }
  }

  /** One Produce to the leader of a group; the offsets of appended batches go into `bases`. */
  async #produceTo(group: LaneBatch[], bases: Map<string, Offset>): Promise<Verdict> {
    const leader = this.#routes.leader(group[0] as LaneBatch) as Leader;
    const { transactionalId } = this.#identity;
    let answered: requests.ProducedLane[];
    try {
      const request = requests.produceRequest(transactionalId, group, produceTimeoutMs);
      answered = (await this.#wires.send(leader, request)).lanes;
    } catch (error) {
      const retried = error instanceof NotSentError && !(error instanceof ClosedError);
      if (retried) return { moved: true, why: error.message };
      throw new InDoubtError(String(error), { cause: error });
    }
    const sent = new Set(group.map(keyOf));
    const named = new Set(answered.map(keyOf));
    if (answered.length !== sent.size || [...sent].some((key) => !named.has(key))) {
      throw new InDoubtError('an answer to Produce does not name each lane exactly once');
    }
    const verdict: Verdict = { moved: false, why: '' };
    for (const { error, baseOffset, ...at } of answered) {
      const appended = error === codes.ok || error === codes.duplicateSequenceNumber;
      if (appended && baseOffset >= 0) bases.set(keyOf(at), baseOffset);
      else if (codes.produceRetriable.has(error)) {
        verdict.moved ||= codes.leaderErrors.has(error);
        verdict.why = `${keyOf(at)}: ${codes.nameOf(error)}`;
      } else {
        const fenced = codes.fencingErrors.has(error);
        throw new InDoubtError(`appending to ${keyOf(at)}: ${codes.nameOf(error)}`, { fenced });
      }
    }
    return verdict;
  }
}

type Verdict = { moved: boolean; why: string };
