import { Backoff, type Pauses } from '../backoff.ts';
import { before } from '../before.ts';
import type { Wires } from './connections.ts';
import {
  AbortedError,
  type AppendOptions,
  InDoubtError,
  keyOf,
  type Offset,
  type Position,
  type RecordToAppend,
  type TopicLane,
} from './log.ts';
import type { Routes } from './metadata.ts';
import type { ProducerName } from './producer-name.ts';
import { Producing, type Until } from './producing.ts';

/** Shorter than the broker's own timeout for a transaction. */
const giveUpMs = 8_000;
/** Markers of a partition without a leader come only with its next one: nobody waits for them. */
const abortWrittenMs = 500;
/** The first is short, since markers are mostly written within a millisecond or two. */
const busyPauses: Pauses = { firstMs: 1, factor: 1.5, maxMs: 300 };

type Records = Map<string, RecordToAppend[]>;
type Transaction = { byLane: Records; commit: boolean; begun(): void };

/**
 * A fenced producer: a pair of names, used in turn. After a commit is answered, its markers are
 * still being written, and until then Kafka refuses the next transaction of the same name. It
 * doesn't refuse the other name's. There is one transaction at a time all the same: the second
 * begins when the first was answered, and none begins while one is in doubt.
 *
 * One call is one transaction: its name begins it, one Produce per leader, EndTxn. Requests are
 * repeated only on answers that ask for it (or when they never left), a Produce only after all
 * others have settled and with its sequence numbers unchanged. After any other failure the
 * transaction is in doubt, and neither name can be used any more. A lost EndTxn is never repeated:
 * in the first protocol it could land inside the next transaction of its name.
 */
export class Transactions {
  readonly #wires: Wires;
  readonly #routes: Routes;
  /** The one that had the last turn comes first. */
  #names: readonly ProducerName[];
  /** Whose abort may have markers to be written still. */
  #aborting: ProducerName | undefined;
  #busy = false;
  #spent: InDoubtError | undefined;

  constructor(names: readonly ProducerName[], wires: Wires, routes: Routes) {
    this.#names = names.toReversed();
    this.#wires = wires;
    this.#routes = routes;
  }

  async append(
    records: RecordToAppend[],
    late: () => RecordToAppend[] = () => [],
    { troubleAfterMs = Number.POSITIVE_INFINITY }: AppendOptions = {},
  ): Promise<Offset[]> {
    if (records.length === 0) return [];
    const all = [...records];
    const byLane = Map.groupBy(records, keyOf);
    let hasBegun = false;
    const begun = (): void => {
      if (hasBegun) return;
      hasBegun = true;
      for (const record of late()) {
        const lane = byLane.get(keyOf(record));
        if (!lane) throw new Error(`${keyOf(record)} is not in the transaction that has begun`);
        lane.push(record);
        all.push(record);
      }
    };
    const transaction = { byLane, commit: true, begun };
    const next = await this.#alone(() => {
      return this.#underFree(() => this.#nextName(), transaction, troubleAfterMs);
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
  async barrier(lanes: TopicLane[], { troubleAfterMs }: AppendOptions = {}): Promise<Position[]> {
    if (lanes.length === 0) return [];
    const record = { key: 'barrier', value: Buffer.alloc(0), timestamp: Date.now() };
    const byLane = new Map(lanes.map((lane) => [keyOf(lane), [{ ...lane, ...record }]]));
    const transaction = { byLane, commit: false, begun: () => {} };
    // One after the other, and not both at once.
    const [first] = await this.#alone(async () => {
      const ends: Map<string, Offset>[] = [];
      for (const name of this.#names) {
        ends.push(await this.#underFree(() => name, transaction, troubleAfterMs));
        await this.#abortWritten();
      }
      return ends;
    });
    return lanes.map(({ topic, lane }) => {
      return { topic, lane, next: first?.get(keyOf({ topic, lane })) as Offset };
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
      if (error instanceof AbortedError) throw error;
      this.#spent =
        error instanceof InDoubtError
          ? error
          : new InDoubtError(`the transaction failed: ${String(error)}`, { cause: error });
      throw this.#spent;
    } finally {
      this.#busy = false;
    }
  }

  /**
   * Aborts end in the order in which they began. Some clients, such as kafkajs, take records of an
   * aborted transaction for committed ones if another that began later has its marker before it,
   * and Kafka answers before it has written the markers.
   */
  async #abortWritten(): Promise<void> {
    const aborting = this.#aborting;
    this.#aborting = undefined;
    const deadline = performance.now() + abortWrittenMs;
    // A coordinator that gives no answer is not waited for any longer.
    if (aborting) await before(aborting.written(deadline), deadline);
  }

  /** The name whose turn it is, unless it rests and the other one doesn't. */
  #nextName(): ProducerName {
    const [last, next] = [this.#names[0], this.#names[1]] as [ProducerName, ProducerName];
    if (next.rests && !last.rests) return last;
    this.#names = [next, last];
    return next;
  }

  /**
   * Makes the transaction under the first name that takes it.
   * @returns the offset of each lane's first record.
   */
  async #underFree(
    nextName: () => ProducerName,
    transaction: Transaction,
    troubleAfterMs = Number.POSITIVE_INFINITY,
  ): Promise<Map<string, Offset>> {
    const startedAt = performance.now();
    const deadline = startedAt + giveUpMs;
    const pauses = new Backoff(busyPauses);
    for (let tried = 1; ; tried++) {
      const bases = await this.#tryUnder(nextName(), transaction, { deadline, troubleAfterMs });
      if (bases) return bases;
      const isEven = tried % this.#names.length === 0;
      if (isEven && performance.now() - startedAt >= troubleAfterMs) {
        throw new AbortedError([], 'the markers of the last transactions are not written yet');
      }
      if (isEven && !(await pauses.pause(deadline))) {
        throw new InDoubtError('beginning was repeated until time ran out: markers are missing');
      }
    }
  }

  /** @returns undefined if the last transaction of the name is still ending; nothing has begun. */
  async #tryUnder(
    name: ProducerName,
    { byLane, commit, begun }: Transaction,
    { deadline, troubleAfterMs }: { deadline: number; troubleAfterMs: number },
  ): Promise<Map<string, Offset> | undefined> {
    const lanes = [...byLane.values()].map(([first]) => first as RecordToAppend);
    const leaders = new Set(lanes.map((lane) => this.#routes.leader(lane)?.node)).size;
    if (!(await name.begin(lanes, deadline, leaders))) return undefined;
    begun();
    const until: Until = { deadline, troubleAt: performance.now() + troubleAfterMs };
    const producing = new Producing(name, this.#wires, this.#routes);
    const produced = await producing.run(name.encode(byLane), until);
    if (produced.kind === 'busy') {
      name.refused();
      return undefined;
    }
    const commits = commit && produced.kind === 'appended';
    if (!commits) await this.#abortWritten();
    await name.end(commits, deadline);
    if (!commits) this.#aborting = name;
    if (produced.kind === 'appended') return produced.bases;
    name.gaveUp(produced.batches);
    throw new AbortedError(
      produced.batches.map(({ topic, lane }) => ({ topic, lane })),
      produced.why,
    );
  }
}
