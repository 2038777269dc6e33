import { setImmediate as breathe } from 'node:timers/promises';
import { Backoff, sleep } from '../backoff.ts';
import { committedOf } from './committed.ts';
import { LostAnswerError, NotSentError, type Wires } from './connections.ts';
import * as codes from './error-codes.ts';
import {
  keyOf,
  LaneReadError,
  type LogReader,
  type Position,
  type SubscribeOptions,
  type Subscription,
  type TopicLane,
} from './log.ts';
import type { Leader, Metadata } from './metadata.ts';
import type { Report } from './reports.ts';
import { type FetchAnswer, type FetchedLane, fetchRequest } from './requests.ts';
import { type Cursor, hasRoom, isReading, LaneSubscription } from './subscription.ts';

/**
 * How long the broker waits for records. A lane that is subscribed to meanwhile is asked for only
 * afterwards, so the wait is short at first, and grows while nothing happens.
 */
const fetchWaits = { firstMs: 100, factor: 2, maxMs: 500, jitter: [1, 1] } as const;
/** An answer is decoded on the event loop, so it is kept small; lanes take turns. */
const answerBytes = 4 * 2 ** 20;
const breatheAfterBytes = 512 * 1024;
const brokerPauses = { firstMs: 20, factor: 2, maxMs: 1_000 };
/** A topic unknown for so long does not exist; a starting broker may not know all topics yet. */
const missingAfterMs = 3_000;
/** How long a bounded read goes on without getting anywhere. */
const giveUpMs = 30_000;
const noNode = -1;

type Leaders = Pick<Metadata, 'leader' | 'topic' | 'refresh'>;

/** Reads lanes with one loop per leader; each has one request in flight. */
export class LaneReader implements LogReader {
  readonly #metadata: Leaders;
  readonly #wires: Wires;
  readonly #report: Report;
  readonly #cursors = new Set<Cursor>();
  readonly #loops = new Map<number, Promise<void>>();
  readonly #closing = new AbortController();
  #changed = Promise.withResolvers<void>();
  #fetches = 0;

  constructor(metadata: Leaders, wires: Wires, report: Report) {
    this.#metadata = metadata;
    this.#wires = wires;
    this.#report = report;
  }

  subscribe(positions: Position[], options: SubscribeOptions = {}): Subscription {
    if (this.#isClosed) throw new Error('the reader is closed');
    const subscription = new LaneSubscription(positions, options, () => this.#change());
    for (const cursor of subscription.cursors) this.#cursors.add(cursor);
    this.#change();
    return subscription;
  }

  async close(): Promise<void> {
    this.#closing.abort();
    for (const { owner } of this.#cursors) await owner.close();
    this.#change();
    await this.#wires.close();
    await Promise.all(this.#loops.values());
  }

  get #isClosed(): boolean {
    return this.#closing.signal.aborted;
  }

  /** Wakes the loops: there may be new lanes, room or leaders. */
  #change(): void {
    for (const cursor of this.#cursors) {
      if (!isReading(cursor)) this.#cursors.delete(cursor);
      else if (!this.#isClosed) this.#startLoop(this.#leaderOf(cursor)?.node ?? noNode);
    }
    this.#changed.resolve();
    this.#changed = Promise.withResolvers();
  }

  #startLoop(node: number): void {
    if (this.#loops.has(node)) return;
    const loop = node === noNode ? this.#findLeaders() : this.#read(node);
    const failed = (error: unknown): void => {
      // A bug in this file: the subscriptions fail, so that no lane just stands still.
      for (const { owner } of this.#ledBy(node)) owner.fail(error as Error);
    };
    const done = loop.catch(failed).then(() => {
      this.#loops.delete(node);
      if (!this.#isClosed) this.#change();
    });
    this.#loops.set(node, done);
  }

  #leaderOf(cursor: TopicLane): Leader | undefined {
    return this.#metadata.leader(cursor);
  }

  #ledBy(node: number): Cursor[] {
    const cursors = [...this.#cursors].filter(isReading);
    return cursors.filter((cursor) => (this.#leaderOf(cursor)?.node ?? noNode) === node);
  }

  /** Runs while some lane's leader is unknown. */
  async #findLeaders(): Promise<void> {
    const pauses = new Backoff(brokerPauses);
    for (let lost = this.#ledBy(noNode); lost.length > 0; lost = this.#ledBy(noNode)) {
      await this.#refresh(lost);
      this.#change();
      for (const cursor of this.#ledBy(noNode))
        this.#reportFailure(cursor, this.#whyLeaderless(cursor));
      if (this.#ledBy(noNode).length > 0) await sleep(pauses.nextMs(), this.#closing.signal);
    }
  }

  #whyLeaderless({ topic, lane }: Cursor): number {
    const known = this.#metadata.topic(topic);
    if (known?.error) return known.error;
    if (known && !known.lanes[lane]) return codes.unknownTopicOrPartition;
    return codes.leaderNotAvailable;
  }

  /** Reads all lanes of one leader until it leads none. */
  async #read(node: number): Promise<void> {
    const pauses = new Backoff(brokerPauses);
    const waits = new Backoff(fetchWaits);
    for (let led = this.#ledBy(node); led.length > 0; led = this.#ledBy(node)) {
      const { plan, mayWait, idleMs } = this.#plan(led);
      if (plan.length === 0) {
        await this.#idle(idleMs);
        continue;
      }
      try {
        if (plan.length < led.length || plan.some(isNew)) waits.reset();
        const answer = await this.#fetch(plan, mayWait ? waits.nextMs() : 1);
        if (await this.#receive(plan, answer)) waits.reset();
        pauses.reset();
      } catch (error) {
        if (!(error instanceof NotSentError || error instanceof LostAnswerError)) throw error;
        if (this.#isClosed) return;
        this.#report(`read:${node}`, error.message);
        for (const cursor of plan) this.#failed(cursor, codes.leaderNotAvailable);
        await this.#refresh(plan);
        this.#change();
        await sleep(pauses.nextMs(), this.#closing.signal);
      }
    }
  }

  /**
   * The lanes to ask for: those with room, the longest waiting first. A request can name a lane
   * once, so two cursors at different offsets take turns, and then the broker must not wait.
   */
  #plan(led: Cursor[]): { plan: Cursor[]; mayWait: boolean; idleMs: number } {
    const now = performance.now();
    const ready = led.filter((cursor) => hasRoom(cursor) && cursor.notBefore <= now);
    ready.sort((a, b) => a.servedAt - b.servedAt);
    const turns = new Map<string, Cursor>();
    for (const cursor of ready) {
      const first = turns.get(keyOf(cursor));
      if (!first || cursor.askedAt < first.askedAt) turns.set(keyOf(cursor), cursor);
    }
    const plan = ready.filter((cursor) => turns.get(keyOf(cursor))?.next === cursor.next);
    const notBefore = Math.min(...led.filter(hasRoom).map((cursor) => cursor.notBefore));
    return { plan, mayWait: ready.length === plan.length, idleMs: notBefore - now };
  }

  #fetch(plan: Cursor[], maxWaitMs: number): Promise<FetchAnswer> {
    const leader = this.#leaderOf(plan[0] as Cursor) as Leader;
    const lanes = new Map<string, Cursor>();
    const turn = ++this.#fetches;
    for (const cursor of plan) {
      cursor.askedAt = turn;
      lanes.set(keyOf(cursor), cursor);
    }
    const request = fetchRequest(
      [...lanes.values()].map(({ topic, lane, next, maxBytes }) => {
        const epoch = this.#leaderOf({ topic, lane })?.epoch ?? -1;
        return { topic, lane, next, maxBytes, epoch };
      }),
      { maxWaitMs, maxBytes: answerBytes },
    );
    return this.#wires.send(leader, request);
  }

  /** @returns whether it has brought anything. */
  async #receive(plan: Cursor[], { error, lanes }: FetchAnswer): Promise<boolean> {
    if (error !== codes.ok) throw new LostAnswerError(`Fetch: ${codes.nameOf(error)}`);
    const moved: Cursor[] = [];
    let isEmpty = true;
    let bytes = 0;
    for (const fetched of lanes) {
      for (const cursor of plan) {
        if (cursor.topic !== fetched.topic || cursor.lane !== fetched.lane) continue;
        if (!isReading(cursor)) continue;
        if (fetched.error !== codes.ok) {
          if (this.#reportFailure(cursor, fetched.error)) moved.push(cursor);
          continue;
        }
        // Only for the first lane with records does the broker send a batch larger than asked for.
        if (fetched.batches.length > 0) {
          cursor.servedAt = cursor.askedAt;
          isEmpty = false;
        }
        bytes += this.#deliver(cursor, fetched);
        if (bytes < breatheAfterBytes) continue;
        bytes = 0;
        await breathe();
      }
    }
    if (moved.length > 0) await this.#refresh(moved);
    this.#change();
    return !isEmpty;
  }

  /** @returns how many bytes were decoded. */
  #deliver(cursor: Cursor, fetched: FetchedLane): number {
    cursor.failingSince = cursor.missingSince = undefined;
    cursor.pauses.reset();
    if (fetched.batches.length === 0) return 0;
    try {
      const { topic, lane, owner, end } = cursor;
      const { records, next, bytes } = committedOf(fetched, cursor.next, end, owner.compacted);
      if (next > cursor.next) owner.push(cursor, { topic, lane, records, next }, bytes);
      // Not even one whole batch fitted, so asking for as much again would bring nothing new.
      else if (next < fetched.lastStable) cursor.maxBytes *= 2;
      return bytes;
    } catch (error) {
      cursor.owner.fail(error as Error);
      return 0;
    }
  }

  /** @returns whether fresh metadata may help; otherwise the subscription has failed. */
  #reportFailure(cursor: Cursor, code: number): boolean {
    const { topic, lane } = cursor;
    this.#report(`read:${code}`, `reading ${topic}/${lane}: ${codes.nameOf(code)}`);
    return !this.#failed(cursor, code);
  }

  /** Puts a lane off for a while. @returns whether its subscription has failed with that. */
  #failed(cursor: Cursor, code: number): boolean {
    const now = performance.now();
    cursor.notBefore = now + cursor.pauses.nextMs();
    cursor.failingSince ??= now;
    if (!codes.missingTopicErrors.has(code)) cursor.missingSince = undefined;
    else cursor.missingSince ??= now;
    const failure = failureOf(cursor, code, now);
    if (failure) cursor.owner.fail(failure);
    return failure !== undefined;
  }

  /** The metadata reports its failures itself. */
  async #refresh(cursors: Cursor[]): Promise<void> {
    await this.#metadata.refresh(cursors.map(({ topic }) => topic)).catch(() => {});
  }

  /** Waits until something changes, at most so long. */
  async #idle(ms: number): Promise<void> {
    if (this.#closing.signal.aborted) return;
    const timeout = Promise.withResolvers<void>();
    const timer = Number.isFinite(ms) ? setTimeout(timeout.resolve, Math.max(ms, 0)) : undefined;
    await Promise.race([this.#changed.promise, timeout.promise]);
    clearTimeout(timer);
  }
}

const isNew = ({ askedAt }: Cursor): boolean => askedAt === 0;

const failureOf = (cursor: Cursor, code: number, now: number): LaneReadError | undefined => {
  const { missingSince = now, failingSince = now, next, owner } = cursor;
  if (codes.missingTopicErrors.has(code)) {
    if (now - missingSince < missingAfterMs) return undefined;
    return new LaneReadError(cursor, 'missing', 'this topic or lane does not exist');
  }
  if (code === codes.offsetOutOfRange) {
    return new LaneReadError(
      cursor,
      'out-of-range',
      `offset ${next} is not in the log: it was cut off, or this is another log. ` +
        'Nothing is reset; restore the topic or rebuild from its beginning.',
    );
  }
  if (!codes.fetchRetriable.has(code)) {
    return new LaneReadError(cursor, 'refused', `reading at ${next}: ${codes.nameOf(code)}`);
  }
  if (!owner.bounded || now - failingSince < giveUpMs) return undefined;
  return new LaneReadError(cursor, 'unavailable', `${codes.nameOf(code)} for too long`);
};
