import { type Event, eventId, type Millis, type NewEvent } from '../event.ts';
import type { RecordToAppend } from '../log/log.ts';
import { topicName } from '../log/topic-names.ts';
import { Problem } from '../problems.ts';
import { mismatch } from './expected-version.ts';
import { partOf, splitState, withPart } from './parts.ts';
import type { Outcome, Request } from './request.ts';
import { idOf } from './stream-names.ts';
import { type KeyEntry, rememberedKeys, type Stream } from './streams.ts';

/** The result of one request, if its batch commits. */
export type Decision =
  | (Answered & { kind: 'appends'; lastEvent: number })
  | (Answered & { kind: 'stands'; known: Known })
  | { kind: 'fails'; problem: Problem };

type Answered = { stream: string; version: number; types: readonly string[]; made: string | null };

/** The last event that an answer without new events rests on: at an offset, or in this batch. */
type Known = { offset: number } | { lastEvent: number };

export type BatchEvent = { topic: string; key: string; value: Buffer; event: Event; trace: string };

/** Decided commands, and the events that make their decisions true, in order. */
export type Batch<R extends Request = Request> = {
  decided: { request: R; decision: Decision }[];
  events: BatchEvent[];
  /** The streams after the commit. Offsets that this batch adds are indexes into `events`. */
  tentative: Map<string, Stream>;
};

export type BatchBuilderOptions = {
  /** A stream, or undefined while it is not loaded. */
  stream(name: string): Stream | undefined;
  encode(topic: string, event: Event): Buffer;
  source: string;
  /** The next number for an event of this type in the lane, and the step between two numbers. */
  numbers(type: string): { next: number; step: number };
};

/** Kafka takes one record batch per partition and transaction; brokers refuse over 1 MB. */
const batchLimits = { bytesPerTopic: 500_000, eventBytes: 256_000, commands: 5_000 };

/**
 * Builds the batch of one transaction. Requests are decided in order, each on top of those before
 * it, until a limit is reached. Pure but for the codec: if the batch doesn't commit, the lane's
 * state has not changed.
 */
export class BatchBuilder<R extends Request> {
  readonly batch: Batch<R> = { decided: [], events: [], tentative: new Map() };
  readonly #options: BatchBuilderOptions;
  readonly #bytes = new Map<string, number>();
  /** Streams with a request left behind: later ones must not overtake it. */
  readonly #blocked = new Set<string>();
  readonly #appending = new Map<string, number>();
  readonly #numbered = new Map<string, number>();
  #time: Millis = 0;
  #begun = false;

  constructor(options: BatchBuilderOptions) {
    this.#options = options;
  }

  /**
   * @param waiting all requests that wait now, in order, those left over before included.
   * @returns the requests that are left for another pass, or batch, in order.
   */
  take(waiting: readonly R[], now: Millis): R[] {
    this.#time = Math.max(now, this.#time);
    this.#blocked.clear();
    return waiting.filter((request) => !this.#takeOne(request));
  }

  /** The batch's transaction has begun: from now on it takes no events of other topics. */
  begun(): void {
    this.#begun = true;
  }

  #takeOne(request: R): boolean {
    const { decided } = this.batch;
    const mayJoin = decided.length < batchLimits.commands && !this.#blocked.has(request.stream);
    const decision = mayJoin ? this.#decide(request) : null;
    if (decision) decided.push({ request, decision });
    else this.#blocked.add(request.stream);
    return decision !== null;
  }

  #stream(name: string): Stream | undefined {
    return this.batch.tentative.get(name) ?? this.#options.stream(name);
  }

  /** Null if the request can't be in this batch. */
  #decide(request: R): Decision | null {
    const stream = this.#decidable(request);
    if (!stream) return null;
    // All of a batch's keys must still be remembered when it turns out to be in doubt.
    if ((this.#appending.get(request.stream) ?? 0) >= rememberedKeys) return null;
    try {
      const repeated = this.#check(request, stream);
      if (repeated) return repeated;
      const { command, input, caller } = request;
      const streamId = idOf(request.stream);
      const context = {
        ...caller,
        now: this.#time,
        streamId,
        nextNumber: this.#nextNumber(request),
      };
      return this.#append(request, stream, command.decide(input, stream.state, context));
    } catch (error) {
      return { kind: 'fails', problem: error instanceof Problem ? error : defect(request, error) };
    }
  }

  /** The request's stream, with the whole state that it needs; null while not all is loaded. */
  #decidable({ command, stream: name, part: partName, reads }: R): Stream | null {
    const stream = this.#stream(name);
    const part = partName === null ? null : this.#stream(partName);
    if (!stream || part === undefined) return null;
    if (reads.some((read) => !this.#stream(read.stream))) return null;
    return { ...stream, state: withPart(command.aggregate, stream.state, part?.state) };
  }

  #nextNumber({ command }: R): number {
    const { numbered } = command.aggregate;
    if (!numbered) return 0;
    const { next, step } = this.#options.numbers(numbered);
    return next + step * (this.#numbered.get(numbered) ?? 0);
  }

  /** In the order that clients rely on: existence, key, `If-Match`, rules of other streams. */
  #check(request: R, stream: Stream): Decision | null {
    const { command, input, caller } = request;
    command.exists?.(stream.state, input, caller);
    const forbidden = this.#requirements(request);
    if (forbidden?.status === 404) throw forbidden;
    const entry = stream.keys.find((key) => key.commandid === request.commandid);
    if (entry) return repeat(request, entry, this.#committedVersion(request.stream));
    const mismatched = mismatch(request, stream);
    if (mismatched) throw new Problem('version-mismatch', mismatched);
    if (forbidden) throw forbidden;
    return null;
  }

  #requirements(request: R): Problem | null {
    if (request.forbidden) return request.forbidden;
    try {
      for (const { stream, requirement } of request.reads) {
        requirement.check(this.#stream(stream)?.state, request.input);
      }
      return null;
    } catch (error) {
      if (error instanceof Problem) return error;
      throw error;
    }
  }

  #append(request: R, stream: Stream, decided: NewEvent[]): Decision | null {
    if (decided.length === 0) {
      const { version, lastOffset } = stream;
      const inBatch = this.batch.tentative.has(request.stream);
      const known = inBatch ? { lastEvent: lastOffset } : { offset: lastOffset };
      return { kind: 'stands', stream: request.stream, version, types: [], made: null, known };
    }
    const { aggregate } = request.command;
    const events = decided.map((event, index) => this.#event(request, stream, event, index));
    if (events.some(({ event }) => partOf(aggregate, event) !== request.part)) {
      throw new Error('an event is about another part of the state than the command');
    }
    const state = events.reduce((state, { event }) => aggregate.evolve(state, event), stream.state);
    const made = events.map(({ event }) => aggregate.made?.(event)).find((id) => id) ?? null;
    if (!this.#fits(events)) return null;
    const lastEvent = this.batch.events.push(...events) - 1;
    const types = decided.map((event) => event.type);
    const { commandid, requesthash } = request;
    const firstVersion = stream.version + 1;
    const entry = { commandid, requesthash, firstVersion, lastOffset: lastEvent, types, made };
    const version = stream.version + decided.length;
    const keys = [...stream.keys, entry].slice(-rememberedKeys);
    const { own, part } = splitState(aggregate, state);
    const { tentative } = this.batch;
    tentative.set(request.stream, { version, lastOffset: lastEvent, state: own, keys });
    if (request.part !== null) {
      tentative.set(request.part, { version, lastOffset: lastEvent, state: part, keys: [] });
    }
    this.#counted(request, types);
    return { kind: 'appends', stream: request.stream, version, types, made, lastEvent };
  }

  #counted({ stream, command }: R, types: readonly string[]): void {
    this.#appending.set(stream, (this.#appending.get(stream) ?? 0) + 1);
    const { numbered } = command.aggregate;
    if (!numbered) return;
    const count = types.filter((type) => type === numbered).length;
    this.#numbered.set(numbered, (this.#numbered.get(numbered) ?? 0) + count);
  }

  #committedVersion(name: string): number {
    return this.#options.stream(name)?.version ?? 0;
  }

  #event(request: R, stream: Stream, decided: NewEvent, index: number): BatchEvent {
    const { aggregate } = request.command;
    const sequence = stream.version + index + 1;
    const { correlationid, causationid, traceparent } = request.trace;
    const meta = {
      id: eventId(request.stream, sequence),
      source: this.#options.source,
      subject: request.stream,
      time: this.#time,
      sequence,
      correlationid,
      causationid,
      actor: request.caller.userId,
      commandid: request.commandid,
      requesthash: request.requesthash,
    };
    const event = { ...decided, meta };
    const value = this.#options.encode(aggregate.topic, event);
    if (value.length > batchLimits.eventBytes) {
      const detail = `${decided.type} would take ${value.length} bytes; 256,000 is the limit.`;
      throw new Problem('event-too-large', detail);
    }
    return { topic: aggregate.topic, key: request.key, value, event, trace: traceparent };
  }

  /** Takes the room that the events need; false if there isn't enough left. */
  #fits(events: BatchEvent[]): boolean {
    const topic = events[0]?.topic as string;
    const used = this.#bytes.get(topic) ?? 0;
    if (used === 0 && this.#begun) return false;
    const needed = events.reduce((sum, { value }) => sum + value.length + 200, used);
    if (used > 0 && needed > batchLimits.bytesPerTopic) return false;
    this.#bytes.set(topic, needed);
    return true;
  }
}

/** The first answer again. @throws Problem if the key came with another body. */
function repeat(request: Request, entry: KeyEntry, committedVersion: number): Decision {
  if (entry.requesthash !== request.requesthash) {
    const detail = 'This Idempotency-Key came with another body before; use a new key.';
    throw new Problem('key-reused', detail);
  }
  const { firstVersion, lastOffset, types, made } = entry;
  const inBatch = firstVersion > committedVersion;
  return {
    kind: 'stands',
    stream: request.stream,
    version: firstVersion + types.length - 1,
    types,
    made,
    known: inBatch ? { lastEvent: lastOffset } : { offset: lastOffset },
  };
}

const defect = ({ command }: Request, cause: unknown) =>
  new Problem('internal-error', `${command.name} could not be decided.`, { cause });

/** The streams of a committed batch, with offsets where the batch had indexes of events. */
export function settled(
  batch: Batch,
  offsets: readonly number[],
  committedVersion: (stream: string) => number,
): [string, Stream][] {
  return [...batch.tentative].map(([name, stream]) => {
    const before = committedVersion(name);
    const settledKey = (key: KeyEntry) =>
      key.firstVersion <= before ? key : { ...key, lastOffset: offsets[key.lastOffset] as number };
    const lastOffset = offsets[stream.lastOffset] as number;
    return [name, { ...stream, lastOffset, keys: stream.keys.map(settledKey) }];
  });
}

/** The outcome of a decision whose batch has committed, with the offsets of its events. */
export function outcomeOf(
  decision: Exclude<Decision, { kind: 'fails' }>,
  offsets: readonly number[],
): Outcome {
  const { stream, version, types, made } = decision;
  const known = decision.kind === 'appends' ? { lastEvent: decision.lastEvent } : decision.known;
  const offset = 'lastEvent' in known ? (offsets[known.lastEvent] as number) : known.offset;
  const topic = stream.slice(0, stream.indexOf('/'));
  return { stream, version, types, made, seen: offset < 0 ? null : { topic, offset } };
}

/** An event as the log takes it. */
export const recordOf = (
  { topic, key, value, event, trace }: BatchEvent,
  { prefix, lane }: { prefix: string; lane: number },
): RecordToAppend => ({
  topic: topicName(prefix, topic),
  lane,
  key,
  value,
  timestamp: event.meta.time,
  headers: { traceparent: trace },
});
