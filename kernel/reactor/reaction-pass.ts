import type { Collection, Db } from 'mongodb';
import type { Logger } from 'pino';
import { Backoff, sleep } from '../backoff.ts';
import { type Codec, UnknownEventError } from '../codec/codec.ts';
import { followLane, type LanePass, type LaneStatus } from '../following/follow-lane.ts';
import { lastOf } from '../following/last-record.ts';
import { readLane } from '../following/read-lane.ts';
import type { Lease } from '../leases/leases.ts';
import type { Chunk, Log, LogReader, LogRecord, Offset } from '../log/log.ts';
import { keyOf } from '../projector/dead-letters/dead-letters.ts';
import type { AnyReactor } from '../reactor.ts';
import { attribute } from '../tracing/attributes.ts';
import type { Measured } from '../tracing/messaging-metrics.ts';
import { spanOf } from '../tracing/traced-work.ts';
import type { Traced } from '../tracing/tracing.ts';
import {
  advance,
  loadCheckpoint,
  type ReactorCheckpoint,
  reactorCheckpointsOf,
} from './checkpoint.ts';
import { type CommandClient, type Outcome, TryAgainError } from './command-client.ts';
import { ParkedEvents } from './parked-events.ts';
import { type Pending, PoisonError, pendingOf } from './reactions.ts';

export type ReactionOptions = Traced &
  Measured & {
    reactor: AnyReactor;
    commands: CommandClient;
    lease: Lease;
    db: Db;
    log: Log;
    reader: LogReader;
    codec: Codec;
    /** Stands before the topics' names in the log. */
    prefix: string;
    logger: Logger;
    stop: AbortSignal;
    status: ReactionStatus;
  };

type PassOptions = ReactionOptions & { onWell(): void };

/** The state of a reactor's lane in this process. */
export type ReactionStatus = LaneStatus & { events: number; done: number; refused: number };

/** Commands of a lane under way at once; never two of one key. */
const atOnce = 16;
/** The pauses between tries of one command. */
const sendPauses = { firstMs: 100, factor: 2, maxMs: 10_000 };
/** The pauses between passes that failed. */
const passPauses = { firstMs: 50, factor: 2, maxMs: 3_000 };
const cure = 'Restore the topic, or forget the checkpoint: commands sent again do nothing twice.';

/** Follows the log for one lane of a reactor until told to stop, whatever happens meanwhile. */
export function reactToLane(options: ReactionOptions): Promise<void> {
  const title = `${options.reactor.name}, lane ${options.lease.lane}`;
  const onWarning = (message: string) => options.logger.warn(message);
  return followLane(
    { ...options, title, onWarning, pauses: passPauses },
    (stop, onWell) => new ReactionPass({ ...options, stop, onWell }),
  );
}

/**
 * Sends the commands of events from the stored offset on, each until it has an answer; only then
 * the offset is stored. After a crash some commands are sent again, with the same keys.
 */
class ReactionPass implements LanePass {
  moved = false;
  readonly #options: PassOptions;
  readonly #checkpoints: Collection<ReactorCheckpoint>;
  readonly #parked: ParkedEvents;
  #checkpoint!: ReactorCheckpoint;
  #reached: Offset = 0;
  #last: LogRecord | null = null;

  constructor(options: PassOptions) {
    const { db, reactor, lease } = options;
    this.#options = options;
    this.#checkpoints = reactorCheckpointsOf(db);
    this.#parked = new ParkedEvents(db, reactor, lease.lane);
  }

  async run(): Promise<void> {
    const { reactor, lease, status } = this.#options;
    const row = await loadCheckpoint(this.#checkpoints, reactor.name, lease.lane);
    this.#checkpoint = row;
    this.#reached = row.next;
    await this.#retryParked();
    const { topic } = reactor;
    const last = row.last && row.last.offset < row.next ? { [topic]: row.last } : {};
    const checkpoint = { lane: lease.lane, next: { [topic]: row.next }, last };
    for await (const chunks of readLane({ ...this.#options, checkpoint, cure })) {
      for (const chunk of chunks) await this.#follow(chunk);
      await this.#store();
      status.stopped = status.trouble = null;
    }
  }

  #mayGoOn(): boolean {
    return !this.#options.stop.aborted && this.#options.lease.valid;
  }

  async #follow({ records, next }: Chunk): Promise<void> {
    await this.#options.codec.learn(records);
    let pending: Pending[] = [];
    for (const record of records) {
      if (record.offset < this.#checkpoint.next) continue;
      this.#options.status.events += 1;
      const one = await this.#pendingOf(record);
      const isSameKey = one && pending.some(({ record: other }) => keyOf(other) === keyOf(record));
      if (isSameKey || pending.length >= atOnce) {
        await this.#react(pending);
        pending = [];
      }
      if (one) pending.push(one);
      else if (pending.length === 0) this.#passed(record);
    }
    await this.#react(pending);
    const last = records.at(-1);
    if (last) this.#passed(last);
    this.#reached = Math.max(this.#reached, next);
  }

  #passed(record: LogRecord): void {
    this.#reached = record.offset + 1;
    this.#last = record;
  }

  async #pendingOf(record: LogRecord): Promise<Pending | null> {
    const { reactor, codec, logger } = this.#options;
    try {
      return pendingOf(record, reactor, codec);
    } catch (error) {
      if (!(error instanceof PoisonError)) throw error;
      // Parked events wait for code that can read them, so no release misses an event of another.
      if (error.cause instanceof UnknownEventError) logger.info(`kept: ${error.message}`);
      else logger.error(`parked: ${error.message}`);
      await this.#parked.put(record, error);
      return null;
    }
  }

  async #react(pending: readonly Pending[]): Promise<void> {
    if (pending.length === 0) return;
    const outcomes = await Promise.allSettled(pending.map((one) => this.#send(one)));
    const failure = outcomes.find((outcome) => outcome.status === 'rejected');
    if (failure) throw failure.reason;
    const { record } = pending.at(-1)!;
    this.#passed(record);
    await this.#store();
  }

  /** Sends one command until it has an answer. @throws when the lane is lost meanwhile. */
  async #send(one: Pending): Promise<void> {
    const send = () => this.#sendTraced(one);
    await (this.#options.durations?.of(send) ?? send());
  }

  async #sendTraced(one: Pending): Promise<void> {
    const { tracer, reactor } = this.#options;
    const about = { name: reactor.name, operation: 'process' } as const;
    const span = tracer?.start(spanOf(about, [one.record]));
    if (!span) return this.#sendUntilAnswered(one);
    const command = { ...one.command, traceparent: span.traceparent };
    try {
      await this.#sendUntilAnswered({ ...one, command });
      span.end({ attributes: { [attribute.offset]: one.record.offset } });
    } catch (error) {
      span.end({ failure: (error as Error).name });
      throw error;
    }
  }

  async #sendUntilAnswered(one: Pending): Promise<void> {
    const { commands, stop } = this.#options;
    const backoff = new Backoff(sendPauses);
    for (;;) {
      stop.throwIfAborted();
      try {
        this.#log(one, await commands.send(one.command, stop));
        return;
      } catch (error) {
        if (!(error instanceof TryAgainError)) throw error;
        stop.throwIfAborted();
        this.#tellTrouble(error.message);
        await sleep(Math.max(backoff.nextMs(), Math.min(error.afterMs, sendPauses.maxMs)), stop);
      }
    }
  }

  #tellTrouble(message: string): void {
    const { status, logger, reactor, lease } = this.#options;
    if (status.trouble === message) return;
    status.trouble = message;
    logger.warn(`${reactor.name}, lane ${lease.lane}: ${message}; it is tried again`);
  }

  #log({ record, reaction, command }: Pending, outcome: Outcome): void {
    const { status, logger, reactor } = this.#options;
    const { causationid: event, correlationid: requestId } = command;
    const about = { reactor: reactor.name, event, requestId };
    if (outcome.kind === 'done') {
      status.done += 1;
      const line = reaction.done?.(outcome.answer);
      if (line) logger.info(about, line);
      return;
    }
    status.refused += 1;
    const { status: httpStatus, code, detail } = outcome;
    const where = `${command.path} for offset ${record.offset}`;
    logger.warn(about, `passed: ${where} is refused with ${httpStatus} ${code}: ${detail}`);
  }

  async #store(): Promise<void> {
    if (this.#reached === this.#checkpoint.next || !this.#mayGoOn()) return;
    const last = this.#last ? lastOf(this.#last) : this.#checkpoint.last;
    const to = { next: this.#reached, last };
    this.#checkpoint = await advance(this.#checkpoints, this.#checkpoint, to);
    this.moved = true;
    this.#options.onWell();
  }

  /** A newer version of the code may read events that an older one parked. */
  async #retryParked(): Promise<void> {
    const { reactor, codec, prefix } = this.#options;
    for await (const record of this.#parked.records(prefix)) {
      await codec.learn([record]);
      try {
        const one = pendingOf(record, reactor, codec);
        if (one) await this.#send(one);
        await this.#parked.remove(record);
      } catch (error) {
        if (!(error instanceof PoisonError)) throw error;
      }
    }
  }
}
