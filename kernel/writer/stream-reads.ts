import type { Collection, Db } from 'mongodb';
import { type Batched, Batcher } from '../mongo/batcher.ts';
import type { Stream } from './streams.ts';
import {
  CacheLostError,
  documentId,
  type RowDocument,
  rowsAndStreamsIn,
  type StreamDocument,
} from './write-state.ts';

/** The streams that a lane wants to read. */
export type StreamsAsked = {
  lane: number;
  /** Of the lane's row. */
  rowId: string;
  cacheId: string;
  /** Called when the query is sent: until then more names may have come. */
  names(): readonly string[];
};

type Named = Omit<StreamsAsked, 'names'> & { names: readonly string[] };
type Found = ReadonlyMap<string, RowDocument | StreamDocument>;
type Streams = Map<string, Stream | null>;

/** A larger read gains nothing from sharing a query, and would keep smaller ones waiting. */
const fewStreams = 200;

/** Reads cold streams from `write_state`, for all lanes of a node with one query at a time. */
export class StreamReads {
  readonly #documents: Collection<RowDocument | StreamDocument>;
  readonly #few = new Batcher<StreamsAsked, Streams>((batch) => this.#readFew(batch));

  constructor(db: Db) {
    this.#documents = rowsAndStreamsIn(db);
  }

  /**
   * The cached streams by name, null for those that the cache doesn't have.
   * @throws CacheLostError if the row names another cache by now.
   */
  async read(asked: StreamsAsked): Promise<Streams> {
    const named = { ...asked, names: asked.names() };
    if (named.names.length <= fewStreams) return this.#few.add(asked);
    return streamsOf(named, await this.#find([named]));
  }

  async #readFew(batch: readonly Batched<StreamsAsked, Streams>[]): Promise<void> {
    const all = batch.map(({ item, done }) => ({ named: { ...item, names: item.names() }, done }));
    const finding = this.#find(all.map(({ named }) => named));
    const told = all.map(({ named, done }) =>
      finding.then((found) => streamsOf(named, found)).then(done.resolve, done.reject),
    );
    await Promise.all(told);
  }

  /**
   * Reads the streams, whose ids begin with a UUID, and after them the rows: only a row that is
   * still the lane's after its streams were read proves that none of them was missing.
   */
  async #find(all: readonly Named[]): Promise<Found> {
    const ids = all.flatMap(({ rowId, cacheId, names }) => [
      ...names.map((name) => documentId(cacheId, name)),
      rowId,
    ]);
    const found = await this.#documents
      .find({ _id: { $in: ids } })
      .sort({ _id: 1 })
      .toArray();
    return new Map(found.map((document) => [document._id, document]));
  }
}

function streamsOf({ lane, rowId, cacheId, names }: Named, found: Found): Streams {
  const row = found.get(rowId) as RowDocument | undefined;
  if (row?.cacheId !== cacheId) throw new CacheLostError(`The cache of lane ${lane} is gone.`);
  return new Map(
    names.map((name) => {
      const document = found.get(documentId(cacheId, name)) as StreamDocument | undefined;
      if (!document) return [name, null];
      const { _id, ...stream } = document;
      return [name, stream];
    }),
  );
}
