import type { Collection, Db } from 'mongodb';
import { sleep } from '../backoff.ts';
import type { Codec } from '../codec/codec.ts';
import type { LoggedEvent } from '../event.ts';
import {
  type FollowOptions,
  followLane,
  type LanePass,
  type LaneStatus,
} from '../following/follow-lane.ts';
import { lastOf } from '../following/last-record.ts';
import { LogChangedError } from '../following/log-verifier.ts';
import { readLane } from '../following/read-lane.ts';
import type { Lease } from '../leases/leases.ts';
import type { Chunk, Log, LogReader, LogRecord, Offset } from '../log/log.ts';
import { isDuplicate } from '../mongo/duplicate.ts';
import type { AnyProjection } from '../projection.ts';
import type { Measured } from '../tracing/messaging-metrics.ts';
import { tracedWork } from '../tracing/traced-work.ts';
import type { Traced } from '../tracing/tracing.ts';
import { BatchSize, isTooLarge } from './batch-size.ts';
import { type Batch, batchesOf, halvesOf } from './batches.ts';
import { changedIn } from './changes.ts';
import {
  type Checkpoint,
  checkpointId,
  checkpointsOf,
  HeldError,
  type LaneProgress,
} from './checkpoint.ts';
import {
  type DeadLetter,
  deadLettersOf,
  type Place,
  parkedKeys,
} from './dead-letters/dead-letters.ts';
import type { DocumentCache, PassCache } from './document-cache.ts';
import { type Document, Fold, type FoldableEvent, type Slot, UnderivableError } from './fold.ts';
import type { GroupCommit, Step, Write } from './group-commit.ts';

const cure = 'Restore the topic, or forget the read models and let them be built again.';
/** The pauses between passes that failed. */
const pauses = { firstMs: 40, factor: 2, maxMs: 3_000, jitter: [0.5, 1] } as const;
/** A switch holds lanes for a moment; reads that wait for these events should not wait longer. */
const heldPauseMs = 30;

export type ProjectionOptions = Traced &
  Measured & {
    lease: Lease;
    place: Place;
    projection: AnyProjection;
    db: Db;
    log: Log;
    reader: LogReader;
    /** Shared by all lanes of the process that write to this database. */
    commits: GroupCommit;
    /** Shared by all lanes of the process. */
    cache: DocumentCache;
    codec: Codec;
    /** Stands before the topics' names in the log. */
    prefix: string;
    /** Ends the work after the chunk under way, besides the loss of the lease. */
    stop: AbortSignal;
    status: ProjectionStatus;
    /** Called each time the lane got somewhere, or turned out to have nothing new. */
    onWell?: (() => void) | undefined;
    /** Offsets by topic at which the work is done; without them it goes on. */
    until?: Record<string, Offset>;
  };

type Changes = Pick<Step, 'writes' | 'bytes' | 'changed' | 'letters'>;
const nothing: Changes = { writes: [], bytes: 0, changed: { ids: [] }, letters: [] };

/** The state of a view's lane in this process. */
export type ProjectionStatus = LaneStatus & { events: number; parked: number };

type ProjectLaneOptions = Omit<ProjectionOptions, 'until'> & Pick<FollowOptions, 'onWarning'>;

/**
 * Follows the log for one lane of one generation until told to stop: chunk by chunk, each folded
 * in memory and stored in one transaction with the offsets that it moves.
 */
export function projectLane(options: ProjectLaneOptions): Promise<void> {
  const title = `${options.place.generation}, lane ${options.place.lane}`;
  return followLane(
    { ...options, title, pauses },
    (stop, onWell) => new ProjectionPass({ ...options, stop, onWell }),
  );
}

/**
 * Folds and stores from the stored offsets on. Any error, an unknown commit included, ends the
 * pass and its cache, and the next pass reads the stored offsets again.
 */
export class ProjectionPass implements LanePass {
  moved = false;
  readonly #options: ProjectionOptions;
  readonly #id: string;
  readonly #documents: Collection<Document>;
  readonly #checkpoints: Collection<Checkpoint>;
  readonly #letters: Collection<DeadLetter>;
  /** Documents as stored. Only the lane's owner writes them, and retries, which raise `turn`. */
  readonly #cache: PassCache;
  #progress!: LaneProgress;
  #reached!: Record<string, Offset>;
  #parked!: ReadonlySet<string>;

  constructor(options: ProjectionOptions) {
    const { db, place } = options;
    this.#options = options;
    this.#id = checkpointId(place.generation, place.lane);
    this.#cache = options.cache.forPass();
    this.#documents = db.collection<Document>(place.generation);
    this.#checkpoints = checkpointsOf(db);
    this.#letters = deadLettersOf(db);
  }

  async run(): Promise<void> {
    const { place } = this.#options;
    const majority = { readConcern: { level: 'majority' as const } };
    const checkpoint = await this.#checkpoints.findOne({ _id: this.#id }, majority);
    if (!checkpoint) throw new LogChangedError(`${this.#id} has no checkpoint: were lanes added?`);
    // Rows of earlier versions have no count.
    this.#progress = { ...checkpoint, changes: checkpoint.changes ?? 0 };
    this.#reached = checkpoint.next;
    this.#parked = await parkedKeys(this.#letters, place);
    for await (const chunks of readLane({ ...this.#options, checkpoint, cure })) {
      if (chunks.length > 0) await this.#follow(chunks);
      else await this.#storeReached();
    }
  }

  #mayGoOn(): boolean {
    return !this.#options.stop.aborted && this.#options.lease.valid;
  }

  async #follow(chunks: Chunk[]): Promise<void> {
    const { prefix, codec, status, place, tracer, durations } = this.#options;
    for (const batch of batchesOf(chunks, this.#reached, prefix)) {
      if (batch.records.length > 0) {
        await codec.learn(batch.records);
        if (!this.#mayGoOn()) return;
        const { records } = batch;
        const about = { name: place.view, operation: 'process', messages: () => records } as const;
        const project = () => tracedWork(tracer, about, () => this.#project(batch));
        await (durations?.of(project) ?? project());
      }
      this.#reached = batch.next;
    }
    status.stopped = status.trouble = null;
  }

  async #storeReached(): Promise<void> {
    if (!this.#mayGoOn()) return;
    const { next } = this.#progress;
    const moved = Object.keys(next).some((topic) => next[topic] !== this.#reached[topic]);
    if (moved) await this.#store({ ...this.#progress, next: this.#reached }, nothing);
    this.#options.status.trouble = null;
  }

  /** A batch that is too large is halved, down to the event that can't be stored by itself. */
  async #project(batch: Batch, careful = false): Promise<void> {
    try {
      await this.#foldAndStore(batch, careful);
    } catch (error) {
      const isLarge = isTooLarge(error);
      if (isLarge && batch.records.length > 1) {
        const halves = halvesOf(batch, this.#progress.next, this.#options.prefix);
        for (const half of halves) await this.#project(half, careful);
      } else if (!careful && (isLarge || error instanceof UnderivableError || isDuplicate(error))) {
        // If it is a duplicate, it was taken for new without looking for it.
        await this.#project(batch, true);
      } else if (isLarge) {
        await this.#foldAndStore(batch, careful, error);
      } else throw error;
    }
  }

  /** @param refusal the error with which MongoDB refused the one event's document. */
  async #foldAndStore({ records, next }: Batch, careful: boolean, refusal?: unknown) {
    const { projection, codec, place, prefix, status } = this.#options;
    const parked = new Set(this.#parked);
    const fold = new Fold({ projection, codec, place, prefix, parked, careful });
    const events = records.flatMap((record) => fold.prepare(record) ?? []);
    const slots = await this.#load(events, careful);
    for (const event of events) {
      if (refusal) fold.refuse(event, refusal);
      else fold.apply(event, slots.get(event.id)!);
    }
    const changed = [...slots].filter(([, { before, document }]) => document !== before);
    const size = new BatchSize();
    for (const [, slot] of changed) {
      if (!slot.document) continue;
      slot.document = fold.derived(slot.document);
      size.add(slot.document);
    }
    const told = changedIn(projection.view, changed);
    const to = progressAfter(this.#progress, records, next, fold);
    if (told.ids.length > 0) to.changes += 1;
    const writes = writesOf(changed);
    await this.#store(to, { writes, bytes: size.bytes, changed: told, letters: fold.letters });
    for (const [id, { document }] of slots) this.#cache.set(id, document);
    this.#parked = parked;
    status.events += records.length;
    status.parked += fold.letters.length;
  }

  /** The stored documents of these events. With `careful` every one is looked for. */
  async #load(events: readonly FoldableEvent[], careful: boolean): Promise<Map<string, Slot>> {
    const slots = new Map<string, Slot>();
    const missing: string[] = [];
    const size = new BatchSize();
    const add = (id: string, document: Document | null) => {
      if (document) size.add(document);
      slots.set(id, { before: document, document });
    };
    const { oneStreamPerDocument } = this.#options.projection;
    for (const { id, event } of events) {
      if (slots.has(id)) continue;
      const cached = this.#cache.get(id);
      add(id, cached?.document ?? null);
      if (cached) continue;
      if (careful || !oneStreamPerDocument || !beginsStream(event)) missing.push(id);
    }
    if (missing.length === 0) return slots;
    const found = this.#documents.find(
      { _id: { $in: missing } },
      { readConcern: { level: 'majority' } },
    );
    for await (const document of found) add(document._id, document);
    return slots;
  }

  /** Tries again while the lane is held: the folded documents are still right afterwards. */
  async #store(to: LaneProgress, changes: Changes): Promise<void> {
    const { commits, lease, stop, onWell } = this.#options;
    const move = { id: this.#id, from: this.#progress, to, ...changes };
    const step = { ...move, documents: this.#documents, session: lease.session };
    for (let isAlone = false; ; isAlone = true) {
      try {
        await commits.store({ ...step, isAlone });
        break;
      } catch (error) {
        if (!(error instanceof HeldError)) throw error;
        onWell?.(); // The lane is well: somebody holds it on purpose.
        await sleep(heldPauseMs, stop);
        if (!this.#mayGoOn()) throw new Error(`${this.#id} is held, and the lease ran out`);
      }
    }
    this.#progress = to;
    this.moved = true;
    onWell?.();
  }
}

/** A lane's progress once these records are folded. */
export function progressAfter(
  before: LaneProgress,
  records: readonly LogRecord[],
  next: Record<string, Offset>,
  fold: Fold,
): LaneProgress {
  const newest = new Map(records.map((record) => [record.topic, record]));
  const last = { ...before.last };
  for (const record of newest.values()) last[fold.topicOf(record)] = lastOf(record);
  const lastTime = Math.max(before.lastTime, ...[...newest.values()].map((one) => one.timestamp));
  const { turn, changes } = before;
  return { next, turn, changes, last, lastTime };
}

/** One write per document, however many events it got. */
export const writesOf = (changed: readonly [string, Slot][]): Write[] =>
  changed.flatMap(([_id, { before, document }]): Write[] => {
    if (!document) return [{ deleteOne: { filter: { _id } } }];
    if (!before) return [{ insertOne: { document } }];
    return [{ replaceOne: { filter: { _id }, replacement: document } }];
  });

/** False if the sequence can't be read: folding the event then parks it. */
function beginsStream(event: LoggedEvent): boolean {
  try {
    return event.sequence === 1;
  } catch {
    return false;
  }
}
