import { Backoff, type Pauses } from '../backoff.ts';
import { before } from '../before.ts';
import { ClosedError, NotSentError, type Wires } from './connections.ts';
import * as codes from './error-codes.ts';
import { InDoubtError, keyOf, type Offset } from './log.ts';
import type { Leader, Routes } from './metadata.ts';
import type { LaneBatch, ProducerName } from './producer-name.ts';
import type { ProducedLane } from './requests.ts';

/** How long a leader may wait for its replicas; the answer comes before the request times out. */
const produceTimeoutMs = 2_000;
/** How often it is asked whether a name's last transaction is still ending. */
const lookEveryMs = 100;
const retryPauses: Pauses = { firstMs: 5, factor: 1.5, maxMs: 300 };

export type Produced =
  /** The offset of each batch's first record. */
  | { kind: 'appended'; bases: Map<string, Offset> }
  /** No leader has taken anything, since the last transaction of the name is still ending. */
  | { kind: 'busy' }
  /** These were not appended in time. They never can be, once their transaction is aborted. */
  | { kind: 'trouble'; batches: LaneBatch[]; why: string };

/** What a leader has answered; the offsets of what it has appended are noted elsewhere. */
type Verdict = {
  moved?: boolean;
  why?: string;
  /** Every lane of it waits for the end of the name's last transaction. */
  busy?: boolean;
  /** Nothing can be said about its lanes. */
  lost?: InDoubtError;
};

/** When to stop trying, as a `performance.now()`. */
export type Until = {
  deadline: number;
  /** From then on the transaction may be aborted for the sake of the lanes that have no trouble. */
  troubleAt: number;
};

/**
 * Appends the batches of one transaction: one Produce per leader. Only what was answered with "not
 * now" (or never left) is sent again, with its sequence numbers unchanged, and only after all
 * leaders have answered.
 */
export class Producing {
  readonly #name: ProducerName;
  readonly #wires: Wires;
  readonly #routes: Routes;
  readonly #bases = new Map<string, Offset>();
  /** Lanes whose leader may have appended the batch, although its answer wasn't a success. */
  readonly #uncertain = new Set<string>();
  /** Whether the transaction has begun for some leader, or may have. */
  #begun = false;

  constructor(name: ProducerName, wires: Wires, routes: Routes) {
    this.#name = name;
    this.#wires = wires;
    this.#routes = routes;
  }

  /** @throws InDoubtError */
  async run(batches: LaneBatch[], { deadline, troubleAt }: Until): Promise<Produced> {
    const pauses = new Backoff(retryPauses);
    let pending = batches;
    if (batches.some((batch) => !this.#routes.leader(batch))) {
      await this.#refresh(batches, troubleAt);
    }
    for (;;) {
      const { verdicts, leaderless } = await this.#round(pending, troubleAt);
      pending = pending.filter((batch) => !this.#bases.has(keyOf(batch)));
      if (pending.length === 0) return { kind: 'appended', bases: this.#bases };
      const lost = verdicts?.find((verdict) => verdict.lost)?.lost;
      const why = lost?.message ?? whyOf(verdicts);
      const trouble: Produced = { kind: 'trouble', batches: pending, why };
      if (!verdicts) return trouble;
      if (lost) {
        if (this.#name.refusesLate && troubleAt < deadline) return trouble;
        throw lost;
      }
      const busy = verdicts.length > 0 && verdicts.every((verdict) => verdict.busy);
      if (busy && !leaderless && !this.#begun) return { kind: 'busy' };
      const isSure = pending.every((batch) => !this.#uncertain.has(keyOf(batch)));
      const mayAbort = this.#name.refusesLate || isSure;
      if (mayAbort && performance.now() >= troubleAt) return trouble;
      const moved = leaderless || verdicts.some((verdict) => verdict.moved);
      if (moved) await this.#refresh(pending, troubleAt);
      if (!(await pauses.pause(deadline))) {
        throw new InDoubtError(`appending was repeated until time ran out: ${why}`);
      }
    }
  }

  /** Sends each leader its batches once. No verdicts if time ran out before all were known. */
  async #round(
    pending: LaneBatch[],
    troubleAt: number,
  ): Promise<{ verdicts: Verdict[] | undefined; leaderless: boolean }> {
    const byLeader = Map.groupBy(pending, (batch) => this.#routes.leader(batch)?.node ?? -1);
    const leaderless = byLeader.delete(-1);
    // All settle before any is repeated: a repeat may never overtake its first try.
    const round = Promise.allSettled([...byLeader.values()].map((group) => this.#produceTo(group)));
    const results = this.#name.refusesLate ? await this.#inTime(round, troubleAt) : await round;
    return { verdicts: results && settled(results), leaderless };
  }

  /**
   * What comes of a round in time, or undefined. While the name's last transaction is still ending,
   * which may last until a lane has a leader again, Kafka lets nobody abort the next one. Leaders
   * refuse to begin that, and say so a moment later, so their answers are waited for.
   */
  async #inTime<T>(round: Promise<T>, troubleAt: number): Promise<T | undefined> {
    for (let at = troubleAt; ; at = performance.now() + lookEveryMs) {
      const results = await before(round, at);
      if (results || !(await this.#name.isEnding())) return results;
    }
  }

  async #refresh(batches: LaneBatch[], troubleAt: number): Promise<void> {
    const refreshed = this.#routes.refresh(batches.map(({ topic }) => topic)).catch(() => {});
    const isDue = performance.now() >= troubleAt;
    await before(refreshed, isDue ? Number.POSITIVE_INFINITY : troubleAt);
  }

  async #produceTo(group: LaneBatch[]): Promise<Verdict> {
    const leader = this.#routes.leader(group[0] as LaneBatch) as Leader;
    let answered: ProducedLane[];
    try {
      const request = this.#name.produceRequest(group, produceTimeoutMs);
      answered = (await this.#wires.send(leader, request)).lanes;
    } catch (error) {
      const doubt = new InDoubtError(String(error), { cause: error });
      if (error instanceof ClosedError) throw doubt;
      if (error instanceof NotSentError) return { moved: true, why: error.message };
      this.#begun = true;
      return { lost: doubt };
    }
    checkNames(group, answered);
    return this.#verdictOn(answered);
  }

  #verdictOn(answered: ProducedLane[]): Verdict {
    const verdict: Verdict = { busy: true };
    for (const { error, baseOffset, ...at } of answered) {
      const appended = error === codes.ok || error === codes.duplicateSequenceNumber;
      verdict.busy &&= error === codes.concurrentTransactions;
      if (appended && baseOffset >= 0) {
        this.#bases.set(keyOf(at), baseOffset);
      } else if (this.#name.produceRetriable.has(error)) {
        verdict.moved ||= codes.leaderErrors.has(error);
        if (!codes.neverAppended.has(error)) this.#uncertain.add(keyOf(at));
        verdict.why = `${keyOf(at)}: ${codes.nameOf(error)}`;
      } else {
        const fenced = codes.fencingErrors.has(error);
        const doubt = new InDoubtError(`appending to ${keyOf(at)}: ${codes.nameOf(error)}`, {
          fenced,
        });
        if (error !== codes.transactionAbortable) throw doubt;
        verdict.lost = doubt;
      }
    }
    this.#begun ||= !verdict.busy;
    return verdict;
  }
}

function checkNames(group: LaneBatch[], answered: ProducedLane[]): void {
  const sent = new Set(group.map(keyOf));
  const named = new Set(answered.map(keyOf));
  if (answered.length === sent.size && [...sent].every((key) => named.has(key))) return;
  throw new InDoubtError('an answer to Produce does not name each lane exactly once');
}

const whyOf = (verdicts: Verdict[] | undefined): string => {
  if (!verdicts) return 'a leader has not answered yet';
  return verdicts.findLast(({ why }) => why)?.why ?? 'no leader is known';
};

/** The values of all. @throws the first error. */
const settled = <T>(results: PromiseSettledResult<T>[]): T[] =>
  results.map((result) => {
    if (result.status === 'rejected') throw result.reason;
    return result.value;
  });
