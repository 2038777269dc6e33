import type { ClientSession, Collection, Db } from 'mongodb';
import { Backoff, sleep } from '../backoff.ts';
import type { Codec } from '../codec/codec.ts';
import { LogChangedError } from '../following/log-verifier.ts';
import { readLane } from '../following/read-lane.ts';
import type { Lease } from '../leases/leases.ts';
import type { Chunk, Log, LogReader, LogRecord } from '../log/log.ts';
import { topicName } from '../log/topic-names.ts';
import { transact } from '../mongo/transact.ts';
import type { Filters } from '../operations/event-limits.ts';
import { entriesOf } from '../operations/log-entries.ts';
import { BlockBuilder } from './block-builder.ts';
import { type Block, blocksOf, ensureBlocks, lastBlock, offsetOf, placeOf } from './blocks.ts';
import { idsOf, undecoded } from './event-ids.ts';

export type IndexOptions = {
  db: Db;
  log: Log;
  codec: Codec;
  /** Stands before the topics' names in the log. */
  prefix: string;
  filters: Filters;
  onWarning(message: string): void;
};

type PlaceOptions = IndexOptions & {
  reader: LogReader;
  context: string;
  lane: number;
  lease: Pick<Lease, 'valid' | 'session'>;
  stop: AbortSignal;
  /** The places of a lane take turns to store, since the lane's lease has one session. */
  turn<T>(store: () => Promise<T>): Promise<T>;
};

const pauses = { firstMs: 50, factor: 2, maxMs: 3_000, jitter: [0.5, 1] } as const;

/** Follows a topic's lane and stores its blocks, from the last one on, until told to stop. */
export async function indexPlace(options: PlaceOptions): Promise<void> {
  const { context, lane, stop, lease, onWarning } = options;
  const backoff = new Backoff(pauses);
  let told = '';
  while (!stop.aborted && lease.valid) {
    try {
      await indexOn(options, () => backoff.reset());
    } catch (error) {
      if (stop.aborted) return;
      const { name, message } = error as Error;
      const warning = `The index of events, ${placeOf(context, lane)}: ${name}: ${message}`;
      if (warning !== told) onWarning(warning);
      told = warning;
    }
    await sleep(backoff.nextMs(), stop);
  }
}

/** A place without new events sees after this time that its blocks were dropped. */
const lookMs = 5_000;

async function indexOn(options: PlaceOptions, onMoved: () => void): Promise<void> {
  const { db, codec, prefix, filters, context, lane } = options;
  const place = placeOf(context, lane);
  const blocks = blocksOf(db, filters);
  const before = await lastBlock(blocks, place);
  const builder = new BlockBuilder(place, before);
  const store = new BlockStore(options, before?._id ?? null);
  let lookedAt = performance.now();
  try {
    for await (const chunks of readLane(await readingFrom(options, before))) {
      if (chunks.length === 0 && performance.now() - lookedAt > lookMs) {
        lookedAt = performance.now();
        await store.expectBefore();
      }
      for (const chunk of chunks) {
        const ids = await idsIn(chunk, { codec, prefix }, filters);
        const closed = builder.add(chunk, (record) => ids.get(record) ?? []);
        if (closed.length === 0) continue;
        await store.add(closed);
        onMoved();
      }
    }
  } catch (error) {
    // This is another log: what is known of the old one is of no use.
    // The last block goes last, so that this is found again if it was stopped in between.
    const hint = { place: 1, number: 1 };
    if (error instanceof LogChangedError) await blocks.deleteMany({ place }, { hint });
    throw error;
  }
}

/** Where the last block ends, or the log begins. */
async function readingFrom(options: PlaceOptions, before: Block | null) {
  const { log, prefix, context, lane } = options;
  const first = (await log.firstOffsets(topicName(prefix, context)))[lane] ?? 0;
  const indexed = before ? offsetOf(before.number + 1) : 0;
  const last = before?.lastRecord;
  const checkpoint = {
    lane,
    next: { [context]: Math.max(first, indexed) },
    // A record that Kafka has deleted can't be compared.
    last: last && last.offset >= first ? { [context]: last } : {},
  };
  return { ...options, checkpoint, cure: 'It is indexed anew.', mayMiss: true };
}

async function idsIn(
  { records }: Chunk,
  parts: { codec: Codec; prefix: string },
  filters: Filters,
): Promise<Map<LogRecord, string[]>> {
  const entries = await entriesOf(records, parts);
  return new Map(
    entries.map(
      ({ record, event }) => [record, event ? idsOf(event, filters) : [undecoded]] as const,
    ),
  );
}

/** The block before is not there: the index was dropped, or another process works the lane. */
class DroppedError extends Error {
  override name = 'DroppedError';
}

/** Stores a block only if the one before it is there, so that the last block tells of all. */
class BlockStore {
  readonly #options: PlaceOptions;
  readonly #blocks: Collection<Block>;
  #before: string | null;

  constructor(options: PlaceOptions, before: string | null) {
    this.#options = options;
    this.#blocks = blocksOf(options.db, options.filters);
    this.#before = before;
  }

  async add(closed: readonly Block[]): Promise<void> {
    const { db, filters, turn, lease } = this.#options;
    // The first insert would make a collection without indexes.
    if (this.#before === null) await ensureBlocks(db, filters);
    // The lane's next owner ends what a killed one has left open in the lease's session.
    await turn(() => transact(lease.session, () => this.#insert(closed, lease.session)));
    this.#before = closed.at(-1)!._id;
  }

  /** @throws DroppedError if the block before is not there. */
  async expectBefore(session?: ClientSession): Promise<void> {
    const _id = this.#before;
    const known = { projection: { _id: 1 }, ...(session && { session }) };
    if (_id && !(await this.#blocks.findOne({ _id }, known))) {
      throw new DroppedError(`${_id} is gone`);
    }
  }

  async #insert(closed: readonly Block[], session: ClientSession): Promise<void> {
    await this.expectBefore(session);
    await this.#blocks.insertMany(closed as Block[], { session });
  }
}
