import { setTimeout as pause } from 'node:timers/promises';
import { LRUCache } from 'lru-cache';
import { type Collection, MongoInvalidArgumentError, MongoServerError } from 'mongodb';
import type { LoggedEvent } from '../event.ts';
import type { Chunk, LogRecord, Offset, Position } from '../log/log.ts';
import { type Batch, batchesOf } from './batches.ts';
import {
  type Checkpoint,
  checkpointId,
  checkpointsOf,
  HeldError,
  lastOf,
  type Standing,
} from './checkpoint.ts';
import { type DeadLetter, deadLettersOf, parkedKeys } from './dead-letters/dead-letters.ts';
import { type Document, type Fed, Fold, type Slot, UnderivableError } from './fold.ts';
import type { Write } from './group-commit.ts';
import type { LaneOptions } from './lane.ts';
import { LogChangedError, SameLog } from './same-log.ts';

/** Progress over transaction markers alone is stored when nothing else came for so long. */
const idleMs = 300;
/** Switching holds lanes for a moment; who waits for what comes then should not wait longer. */
const heldPauseMs = 30;
const cachedDocuments = 5_000;
const documentTooLarge = 10_334;
const duplicateKey = 11_000;

/**
 * From the stored offsets up to the first error. Any error, an unknown commit included, ends the
 * pass with all that it remembers, and the next one reads the stored offsets again.
 */
export class LanePass {
  /** Whether it stored anything. */
  moved = false;
  readonly #options: LaneOptions;
  readonly #id: string;
  readonly #documents: Collection<Document>;
  readonly #checkpoints: Collection<Checkpoint>;
  readonly #letters: Collection<DeadLetter>;
  /** What the documents are; only the lane's owner writes them, or whoever raises `turn`. */
  readonly #cache = new LRUCache<string, { document: Document | null }>({ max: cachedDocuments });
  #standing!: Standing;
  #reached!: Record<string, Offset>;
  #parked!: ReadonlySet<string>;

  constructor(options: LaneOptions) {
    const { db, place } = options;
    this.#options = options;
    this.#id = checkpointId(place.generation, place.lane);
    this.#documents = db.collection<Document>(place.generation);
    this.#checkpoints = checkpointsOf(db);
    this.#letters = deadLettersOf(db);
  }

  async run(): Promise<void> {
    const { log, reader, place, prefix, stop, until } = this.#options;
    const majority = { readConcern: { level: 'majority' as const } };
    const row = await this.#checkpoints.findOne({ _id: this.#id }, majority);
    if (!row) throw new LogChangedError(`${this.#id} has no checkpoint: were lanes added?`);
    this.#standing = row;
    this.#reached = row.next;
    this.#parked = await parkedKeys(this.#letters, place);
    const sameLog = new SameLog(row, prefix);
    await sameLog.checkEnds(log);
    const positions = sameLog.positions();
    const subscription = reader.subscribe(positions, until && { until: this.#ends(positions) });
    const close = () => void subscription.close();
    stop.addEventListener('abort', close, { once: true });
    try {
      let taken: Promise<Chunk[]> | undefined;
      while (this.#mayGoOn()) {
        taken ??= subscription.take();
        const chunks = await withinIdle(taken);
        if (chunks) taken = undefined;
        if (chunks?.length) await this.#follow(sameLog.check(chunks));
        else await this.#storeReached();
        if (until && chunks?.length === 0) return;
      }
    } finally {
      stop.removeEventListener('abort', close);
      await subscription.close();
    }
  }

  #ends(positions: readonly Position[]): Position[] {
    const { prefix, until = {} } = this.#options;
    return positions.map((at) => ({ ...at, next: until[at.topic.slice(prefix.length)] ?? 0 }));
  }

  #mayGoOn(): boolean {
    return !this.#options.stop.aborted && this.#options.lease.valid;
  }

  async #follow(chunks: Chunk[]): Promise<void> {
    const { prefix, codec, status } = this.#options;
    for (const batch of batchesOf(chunks, this.#reached, prefix)) {
      if (batch.records.length > 0) {
        await codec.learn(batch.records);
        if (!this.#mayGoOn()) return;
        await this.#project(batch);
      }
      this.#reached = batch.next;
    }
    status.stopped = status.trouble = null;
  }

  async #storeReached(): Promise<void> {
    if (!this.#mayGoOn()) return;
    const { next } = this.#standing;
    const moved = Object.keys(next).some((topic) => next[topic] !== this.#reached[topic]);
    if (moved) await this.#store({ ...this.#standing, next: this.#reached }, [], []);
    this.#options.status.trouble = null;
  }

  async #project(batch: Batch): Promise<void> {
    try {
      await this.#foldAndStore(batch, false);
    } catch (error) {
      const isKnown = error instanceof UnderivableError || isTooLarge(error) || isThere(error);
      if (!isKnown) throw error;
      await this.#foldAndStore(batch, true);
    }
  }

  async #foldAndStore({ records, next }: Batch, careful: boolean): Promise<void> {
    const { projection, codec, place, prefix, status } = this.#options;
    const parked = new Set(this.#parked);
    const fold = new Fold({ projection, codec, place, prefix, parked, careful });
    const fed = records.flatMap((record) => fold.feed(record) ?? []);
    const slots = await this.#load(fed, careful);
    for (const event of fed) fold.apply(event, slots.get(event.id)!);
    const changed = [...slots].filter(([, { before, document }]) => document !== before);
    for (const [, slot] of changed) if (slot.document) slot.document = fold.derived(slot.document);
    const to = standingAfter(this.#standing, records, next, fold);
    await this.#store(to, writesOf(changed), fold.letters);
    for (const [id, { document }] of slots) this.#cache.set(id, { document });
    this.#parked = parked;
    status.events += records.length;
    status.parked += fold.letters.length;
  }

  /** The documents that these events feed, as they are. Carefully, every one is looked for. */
  async #load(fed: readonly Fed[], careful: boolean): Promise<Map<string, Slot>> {
    const slots = new Map<string, Slot>();
    const missing: string[] = [];
    const add = (id: string, document: Document | null) =>
      slots.set(id, { before: document, document });
    const { ofOneStream } = this.#options.projection;
    for (const { id, event } of fed) {
      if (slots.has(id)) continue;
      const cached = this.#cache.get(id);
      add(id, cached?.document ?? null);
      if (cached) continue;
      if (careful || !ofOneStream || !beginsStream(event)) missing.push(id);
    }
    if (missing.length === 0) return slots;
    const found = this.#documents.find(
      { _id: { $in: missing } },
      { readConcern: { level: 'majority' } },
    );
    for await (const document of found) add(document._id, document);
    return slots;
  }

  /** While the lane is held it is tried again: what was folded is as good afterwards. */
  async #store(to: Standing, writes: Write[], letters: DeadLetter[]): Promise<void> {
    const { commits, lease, stop } = this.#options;
    const what = { id: this.#id, from: this.#standing, to, writes, letters };
    const step = { ...what, documents: this.#documents, session: lease.session };
    for (let isAlone = false; ; isAlone = true) {
      try {
        await commits.store({ ...step, isAlone });
        break;
      } catch (error) {
        if (!(error instanceof HeldError)) throw error;
        await pause(heldPauseMs, undefined, { signal: stop });
        if (!this.#mayGoOn()) throw new Error(`${this.#id} is held, and the lease ran out`);
      }
    }
    this.#standing = to;
    this.moved = true;
  }
}

/** Where a lane stands once these records are folded. */
export function standingAfter(
  before: Standing,
  records: readonly LogRecord[],
  next: Record<string, Offset>,
  fold: Fold,
): Standing {
  const newest = new Map(records.map((record) => [record.topic, record]));
  const last = { ...before.last };
  for (const record of newest.values()) last[fold.topicOf(record)] = lastOf(record);
  const lastTime = Math.max(before.lastTime, ...[...newest.values()].map((one) => one.timestamp));
  return { next, turn: before.turn, last, lastTime };
}

/** One write per document, however many events it got. */
export const writesOf = (changed: readonly [string, Slot][]): Write[] =>
  changed.flatMap(([_id, { before, document }]): Write[] => {
    if (!document) return [{ deleteOne: { filter: { _id } } }];
    if (!before) return [{ insertOne: { document } }];
    return [{ replaceOne: { filter: { _id }, replacement: document } }];
  });

/** @returns undefined if nothing came for a while. */
async function withinIdle<T>(taken: Promise<T>): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const idle = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), idleMs);
  });
  // Whoever stops waiting no longer hears of its failure.
  taken.catch(() => {});
  try {
    return await Promise.race([taken, idle]);
  } finally {
    clearTimeout(timer);
  }
}

const isTooLarge = (error: unknown): boolean =>
  error instanceof MongoInvalidArgumentError ||
  (error instanceof MongoServerError && error.code === documentTooLarge);

/** A document that was not looked for. */
const isThere = (error: unknown): boolean =>
  error instanceof MongoServerError && error.code === duplicateKey;

/** Not if that can't be read: whoever needs it will say so. */
function beginsStream(event: LoggedEvent): boolean {
  try {
    return event.sequence === 1;
  } catch {
    return false;
  }
}
