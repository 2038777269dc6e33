import type { Context, Items } from '../aggregate.ts';
import { type Event, eventId, type Meta, type Millis, type NewEvent } from '../event.ts';
import type { RecordToAppend } from '../log/log.ts';
import { topicName } from '../log/topic-names.ts';
import type { KnownPeople } from '../personal/sealing.ts';
import { Problem } from '../problems.ts';
import { type Decision, repeat } from './decision.ts';
import { mismatch } from './expected-version.ts';
import { checkParts, decideItems, StateDraft } from './item-decisions.ts';
import type { Outcome, Request, RequestItem } from './request.ts';
import { sealedFor } from './sealed-for.ts';
import { idOf } from './stream-names.ts';
import { type KeyEntry, rememberedKeys, type Stream, withEvent } from './streams.ts';

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
  /** The people whose text is encrypted; if unset, no text is. */
  people?: KnownPeople | undefined;
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
      const { command, item, items } = request;
      const context = this.#context(request);
      if (command.items && items) return this.#decideItems(request, stream, context);
      const draft = this.#draft(request, stream);
      const decided = command.decide(item.input, draft.at(item.part), context);
      return this.#append(request, stream, decided, draft);
    } catch (error) {
      return { kind: 'fails', problem: error instanceof Problem ? error : defect(request, error) };
    }
  }

  #context(request: R): Context {
    const streamId = idOf(request.stream);
    return {
      ...request.caller,
      now: this.#time,
      streamId,
      nextNumber: this.#nextNumber(request),
    };
  }

  #decideItems(request: R, stream: Stream, context: Context): Decision | null {
    const { events, answer } = decideItems(request.command.items as Items, {
      ...{ items: request.items as RequestItem[], context, draft: this.#draft(request, stream) },
      stateOf: (name) => this.#stream(name)?.state,
      metaOf: (index) => this.#meta(request, stream, index),
    });
    const decision = this.#append(request, stream, events, this.#draft(request, stream));
    return decision?.kind === 'stands' ? { ...decision, made: answer } : decision;
  }

  #draft({ command }: R, { state }: Stream): StateDraft {
    return new StateDraft(command.aggregate, state, (part) => this.#stream(part)?.state);
  }

  /** The request's stream; null while not all that the request needs is loaded. */
  #decidable({ stream, item, items }: R): Stream | null {
    const isLoaded = ({ part, reads }: RequestItem) =>
      (part === null || this.#stream(part) !== undefined) &&
      reads.every((read) => this.#stream(read.stream));
    if (!isLoaded(item) || items?.some((one) => !isLoaded(one))) return null;
    return this.#stream(stream) ?? null;
  }

  #nextNumber({ command }: R): number {
    const { numbered } = command.aggregate;
    if (!numbered) return 0;
    const { next, step } = this.#options.numbers(numbered);
    return next + step * (this.#numbered.get(numbered) ?? 0);
  }

  /** In the order that clients rely on: existence, key, `If-Match`, rules of other streams. */
  #check(request: R, stream: Stream): Decision | null {
    const { command, caller } = request;
    const { input, part } = request.item;
    const state = () => this.#draft(request, stream).at(part);
    command.exists?.(state(), input, caller);
    const forbidden = this.#requirements(request);
    if (forbidden?.status === 404) throw forbidden;
    const entry = stream.keys.find((key) => key.commandid === request.commandid);
    if (entry) return repeat(request, entry, this.#committedVersion(request.stream));
    const { expectedVersion } = request;
    if (expectedVersion !== null) {
      const { version } = stream;
      const asked = { command, input, caller, expectedVersion };
      const mismatched = mismatch(asked, { version, state: state() });
      if (mismatched) throw new Problem('version-mismatch', mismatched);
    }
    if (forbidden) throw forbidden;
    return null;
  }

  #requirements({ item }: R): Problem | null {
    if (item.forbidden) return item.forbidden;
    try {
      for (const { stream, requirement } of item.reads) {
        requirement.check(this.#stream(stream)?.state, item.input);
      }
      return null;
    } catch (error) {
      if (error instanceof Problem) return error;
      throw error;
    }
  }

  #append(request: R, stream: Stream, decided: NewEvent[], draft: StateDraft): Decision | null {
    if (decided.length === 0) {
      const { version, lastOffset } = stream;
      const inBatch = this.batch.tentative.has(request.stream);
      const known = inBatch ? { lastEvent: lastOffset } : { offset: lastOffset };
      const { stream: name } = request;
      const unchanged = { stream: name, version, types: [], made: null, known };
      return { kind: 'stands', replayed: false, ...unchanged };
    }
    const { aggregate } = request.command;
    const sealed = sealedFor(request, stream, decided, this.#options.people);
    const { commandid, requesthash } = { ...request, ...sealed };
    const asked = { ...request, requesthash };
    const events = sealed.events.map((event, index) => this.#event(asked, stream, event, index));
    for (const { event } of events) draft.evolve(event);
    checkParts(request, draft);
    const made = events.map(({ event }) => aggregate.made?.(event)).find((id) => id) ?? null;
    if (!this.#fits(events)) return null;
    const lastEvent = this.batch.events.push(...events) - 1;
    const types = decided.map((event) => event.type);
    const firstVersion = stream.version + 1;
    const first = { commandid, requesthash, firstVersion, lastOffset: lastEvent, made };
    const entry = types.reduce<KeyEntry>(withEvent, { ...first, types: [] });
    const version = stream.version + decided.length;
    const keys = [...stream.keys, entry].slice(-rememberedKeys);
    const { tentative } = this.batch;
    tentative.set(request.stream, { version, lastOffset: lastEvent, state: draft.own, keys });
    for (const [part, state] of draft.changed) {
      tentative.set(part, { version, lastOffset: lastEvent, state, keys: [] });
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

  #meta(request: R, stream: Stream, index: number): Meta {
    const sequence = stream.version + index + 1;
    const { correlationid, causationid } = request.trace;
    return {
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
  }

  #event(request: R, stream: Stream, decided: NewEvent, index: number): BatchEvent {
    const { aggregate } = request.command;
    const { traceparent } = request.trace;
    const meta = this.#meta(request, stream, index);
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

const defect = ({ command }: Request, cause: unknown) =>
  new Problem('internal-error', `${command.name} could not be decided.`, { cause });

/** The outcome of a decision whose batch has committed, with the offsets of its events. */
export function outcomeOf(
  decision: Exclude<Decision, { kind: 'fails' }>,
  offsets: readonly number[],
): Outcome {
  const { stream, version, types, made } = decision;
  const known = decision.kind === 'appends' ? { lastEvent: decision.lastEvent } : decision.known;
  const offset = 'lastEvent' in known ? (offsets[known.lastEvent] as number) : known.offset;
  const topic = stream.slice(0, stream.indexOf('/'));
  const replayed = decision.kind === 'stands' && decision.replayed;
  const seen = offset < 0 ? null : { topic, offset };
  return { stream, version, types, made, seen, ...(replayed && { replayed }) };
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
