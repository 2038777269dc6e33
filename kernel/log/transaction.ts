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
import { keyOf, type LaneBatch, type ProducerName } from './producer-name.ts';
import type { ProducedLane } from './requests.ts';

const giveUpMs = 8_000;
/** How long a leader may wait for its replicas; the answer comes before the request times out. */
const produceTimeoutMs = 2_000;
const retryPauses: Pauses = { firstMs: 5, factor: 1.5, maxMs: 300 };

/** A producer's names, in the order of their turns. */
export type Names = [ProducerName, ProducerName];

/**
 * A fenced producer: a pair of names, used in turn. After a commit is answered, its markers are
 * still being written, and until then Kafka refuses the next transaction of the same name. It
 * doesn't refuse the other name's. There is one transaction at a time all the same: the second
 * begins when the first was answered, and none begins while one is in doubt.
 *
 * One call is one transaction: its name begins it with all lanes, one Produce per leader, EndTxn.
 * Requests are repeated only on answers that ask for it (or when they never left), a Produce only
 * after all others have settled and with its sequence numbers unchanged. After any other failure
 * the transaction is in doubt, and neither name can be used any more. A lost EndTxn is never
 * repeated: it could land inside the next transaction of its name.
 */
export class Transactions {
  readonly #wires: Wires;
  readonly #routes: Routes;
  readonly #names: Names;
  #turn = 0;
  #busy = false;
  #spent: InDoubtError | undefined;

  constructor(names: Names, wires: Wires, routes: Routes) {
    this.#names = names;
    this.#wires = wires;
    this.#routes = routes;
  }

  async append(
    records: RecordToAppend[],
    late: () => RecordToAppend[] = () => [],
  ): Promise<Offset[]> {
    if (records.length === 0) return [];
    const all = [...records];
    const byLane = Map.groupBy(records, keyOf);
    const joined = (): void => {
      for (const record of late()) {
        const lane = byLane.get(keyOf(record));
        if (!lane) throw new Error(`${keyOf(record)} is not in the transaction that has begun`);
        lane.push(record);
        all.push(record);
      }
    };
    const next = await this.#alone(() => {
      const name = this.#names[this.#turn] as ProducerName;
      this.#turn = (this.#turn + 1) % this.#names.length;
      return this.#transaction(name, byLane, { commit: true, begun: joined });
    });
    return all.map((record) => {
      const offset = next.get(keyOf(record)) as Offset;
      next.set(keyOf(record), offset + 1);
      return offset;
    });
  }

  /**
   * Under both names. If two processes start producers of the same names at once, each may have
   * fenced the other under one name. Then this fails for both, and neither goes on.
   */
  async barrier(lanes: TopicLane[]): Promise<Position[]> {
    if (lanes.length === 0) return [];
    const record = { key: 'barrier', value: Buffer.alloc(0), timestamp: Date.now() };
    const byLane = new Map(lanes.map((lane) => [keyOf(lane), [{ ...lane, ...record }]]));
    const ends = await this.#alone(async () => {
      // Aborted transactions have no order to keep, so both names have theirs at once.
      const barriers = this.#names.map((name) =>
        this.#transaction(name, byLane, { commit: false }),
      );
      return settled(await Promise.allSettled(barriers));
    });
    return lanes.map(({ topic, lane }) => {
      const offsets = ends.map((bases) => bases.get(keyOf({ topic, lane })) as Offset);
      return { topic, lane, next: Math.min(...offsets) };
    });
  }

  async close(): Promise<void> {
    this.#spent ??= new InDoubtError('the producer is closed');
    await this.#wires.close();
  }

  /** One call at a time; one that fails spends both names. */
  async #alone<T>(call: () => Promise<T>): Promise<T> {
    if (this.#busy) throw new Error('two calls at once on one producer');
    if (this.#spent) {
      const { message, fenced } = this.#spent;
      throw new InDoubtError(`the producer is spent: ${message}`, { cause: this.#spent, fenced });
    }
    this.#busy = true;
    try {
      return await call();
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

  /** @returns the offset of each lane's first record. */
  async #transaction(
    name: ProducerName,
    byLane: Map<string, RecordToAppend[]>,
    { commit, begun = () => {} }: { commit: boolean; begun?: () => void },
  ): Promise<Map<string, Offset>> {
    const deadline = performance.now() + giveUpMs;
    const lanes = [...byLane.values()].map(([first]) => first as RecordToAppend);
    await name.begin(lanes, deadline);
    begun();
    const bases = await this.#produce(name, name.encode(byLane), deadline);
    await name.end(commit, deadline);
    return bases;
  }

  /** @returns the offset of each batch's first record. */
  async #produce(
    name: ProducerName,
    batches: LaneBatch[],
    deadline: number,
  ): Promise<Map<string, Offset>> {
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
      const verdicts = settled(
        await Promise.allSettled(
          [...byLeader.values()].map((group) => this.#produceTo(name, group, bases)),
        ),
      );
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
  async #produceTo(
    name: ProducerName,
    group: LaneBatch[],
    bases: Map<string, Offset>,
  ): Promise<Verdict> {
    const leader = this.#routes.leader(group[0] as LaneBatch) as Leader;
    let answered: ProducedLane[];
    try {
      const request = name.produceRequest(group, produceTimeoutMs);
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

/** The values of all, once all have settled. @throws the first error. */
const settled = <T>(results: PromiseSettledResult<T>[]): T[] =>
  results.map((result) => {
    if (result.status === 'rejected') throw result.reason;
    return result.value;
  });
