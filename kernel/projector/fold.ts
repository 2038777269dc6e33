import { BSON } from 'mongodb';
import { type Codec, UndecodableError, UnknownEventError } from '../codec/codec.ts';
import type { Event, LoggedEvent, Millis } from '../event.ts';
import type { LogRecord } from '../log/log.ts';
import { contextOf } from '../log/topic-names.ts';
import type { AnyProjection } from '../projection.ts';
import {
  type DeadLetter,
  deadLetter,
  keyOf,
  type Place,
  parkingKey,
} from './dead-letters/dead-letters.ts';

export type Document = { _id: string };
type Handler = (document: Document | null, event: LoggedEvent) => Document | null;

/** An event that the view handles, and the id of the document that it is folded into. */
export type FoldableEvent = { record: LogRecord; event: LoggedEvent; id: string; handler: Handler };

/** A document before and after events are folded into it; null where there is none. */
export type Slot = { readonly before: Document | null; document: Document | null };

const behind = 'an earlier event of this key is parked';

/** MongoDB refuses documents over 16 MiB; this leaves room for the rest of the message. */
const largestDocumentBytes = 15 * 2 ** 20;

export type FoldOptions = {
  projection: AnyProjection;
  codec: Codec;
  place: Place;
  /** Stands before the topics' names in the log. */
  prefix: string;
  /** The topics and keys that have dead letters; grows as events are parked. */
  parked: Set<string>;
  /**
   * Checks the document after every event, so that an event whose document can't be derived or
   * stored is parked. Slow: only after a chunk failed as a whole.
   */
  careful?: boolean;
  /** Events that happened later are left out. */
  asOf?: Millis | undefined;
};

/** A projection's `derive` threw. */
export class UnderivableError extends Error {
  override name = 'UnderivableError';
}

/** A projection's `id` threw. */
class IdError extends Error {
  override name = 'IdError';
}

/** Folds records into documents, in memory; a record that can't be folded becomes a dead letter. */
export class Fold {
  readonly letters: DeadLetter[] = [];
  readonly #options: FoldOptions;
  readonly #handlers: ReadonlyMap<string, Handler>;
  readonly #derive: ((document: Document) => Document) | undefined;
  readonly #id: (event: Event) => string;
  /** Keys parked by `apply`. Of keys that `prepare` parks, earlier events may yet be applied. */
  readonly #parkedByApply = new Set<string>();

  constructor(options: FoldOptions) {
    this.#options = options;
    // Each handler's own types are lost here; it still gets only events of its type.
    const { when, id, derive } = options.projection;
    this.#handlers = new Map(Object.entries(when)) as unknown as Map<string, Handler>;
    this.#id = id as (event: Event) => string;
    this.#derive = derive as ((document: Document) => Document) | undefined;
  }

  /**
   * Decodes a record, whose schema has been learnt.
   * @returns undefined for an event that the view doesn't handle, or that is parked.
   */
  prepare(record: LogRecord): FoldableEvent | undefined {
    if (!this.#isWanted(record)) return undefined;
    try {
      const event = this.#options.codec.decode(record);
      const handler = this.#handlers.get(event.type);
      return handler && { record, event, id: this.#idOf(event), handler };
    } catch (error) {
      this.#parkUnreadable(record, error);
      return undefined;
    }
  }

  /** Folds an event into its document. */
  apply({ record, event, handler }: FoldableEvent, slot: Slot): void {
    if (this.#parkedByApply.size > 0 && this.#parkedByApply.has(this.#parkingKey(record))) {
      this.#park(record, new Error(behind));
      return;
    }
    this.#handle(record, event, handler, slot);
  }

  /** Parks an event whose document MongoDB has refused. */
  refuse({ record }: FoldableEvent, error: unknown): void {
    this.#park(record, error);
  }

  /**
   * Decodes and folds a record, where all documents are in memory. A rebuild spends most of its
   * time here, so this allocates no object that only carries values from one step to the next.
   * @param only the ids of the documents to fold, if not all are wanted.
   */
  foldInto(slots: Map<string, Slot>, record: LogRecord, only?: ReadonlySet<string>): void {
    if (!this.#isWanted(record)) return;
    let event: LoggedEvent;
    let handler: Handler | undefined;
    let id: string;
    try {
      event = this.#options.codec.decode(record);
      handler = this.#handlers.get(event.type);
      if (!handler) return;
      id = this.#idOf(event);
    } catch (error) {
      this.#parkUnreadable(record, error);
      return;
    }
    if (only && !only.has(id)) return;
    let slot = slots.get(id);
    if (!slot) {
      slot = { before: null, document: null };
      slots.set(id, slot);
    }
    this.#handle(record, event, handler, slot);
  }

  /** @throws UnderivableError: folding again with `careful` finds the event to blame. */
  derived(document: Document): Document {
    if (!this.#derive) return document;
    try {
      return this.#derive(document);
    } catch (cause) {
      throw new UnderivableError(`${document._id} can't be derived`, { cause });
    }
  }

  /** The topic's name as views know it, without prefix. */
  topicOf({ topic }: { topic: string }): string {
    return contextOf(this.#options.prefix, topic);
  }

  /** False for a record after `asOf`, and for one behind a parked event, which is parked too. */
  #isWanted(record: LogRecord): boolean {
    const { parked, asOf } = this.#options;
    if (asOf !== undefined && this.#timeOf(record) > asOf) return false;
    if (parked.size === 0 || !parked.has(this.#parkingKey(record))) return true;
    this.#park(record, new Error(behind));
    return false;
  }

  #handle(record: LogRecord, event: LoggedEvent, handler: Handler, slot: Slot): void {
    try {
      const after = handler(slot.document, event);
      if (this.#options.careful && after) this.#check(after);
      slot.document = after;
    } catch (error) {
      this.#park(record, error);
      this.#parkedByApply.add(this.#parkingKey(record));
    }
  }

  /** For an event that can't be decoded, the time of its record. */
  #timeOf(record: LogRecord): Millis {
    try {
      return this.#options.codec.decode(record).meta.time;
    } catch (error) {
      if (!(error instanceof UndecodableError)) throw error;
      return record.timestamp;
    }
  }

  #idOf(event: Event): string {
    try {
      return this.#id(event);
    } catch (cause) {
      throw new IdError(`no document is named by this ${event.type}`, { cause });
    }
  }

  #check(document: Document): void {
    const bytes = BSON.calculateObjectSize(this.derived(document));
    if (bytes > largestDocumentBytes) throw new Error(`the document would have ${bytes} bytes`);
  }

  #parkingKey(record: LogRecord): string {
    return parkingKey(this.topicOf(record), keyOf(record));
  }

  /**
   * Passes over an event of another release: no fold of this code can want it, and a view that does
   * has another version, which is built from the log.
   * @throws the error itself, unless it is the record's fault.
   */
  #parkUnreadable(record: LogRecord, error: unknown): void {
    if (error instanceof UnknownEventError) return;
    if (!(error instanceof UndecodableError || error instanceof IdError)) throw error;
    this.#park(record, error);
  }

  #park(record: LogRecord, error: unknown): void {
    this.letters.push(deadLetter(this.#options.place, this.topicOf(record), record, error));
    this.#options.parked.add(this.#parkingKey(record));
  }
}
