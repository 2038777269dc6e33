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

/** What a lane has to know of some of its streams. */
export type StreamsAsked = {
  lane: number;
  /** Of the lane's row. */
  rowId: string;
  cacheId: string;
  /** Asked when the query is sent: more may have come until then. */
  names(): readonly string[];
};

type Named = Omit<StreamsAsked, 'names'> & { names: readonly string[] };
type Found = ReadonlyMap<string, RowDocument | StreamDocument>;
type Streams = Map<string, Stream | null>;

/** More of them gain nothing from company, and would keep fewer ones waiting. */
const fewStreams = 200;

/** Reads cold streams from `write_state`, for all lanes of a node with one query at a time. */
export class StreamReads {
  readonly #documents: Collection<RowDocument | StreamDocument>;
  readonly #few = new Batcher<StreamsAsked, Streams>((batch) => this.#readFew(batch));

  constructor(db: Db) {
    this.#documents = rowsAndStreamsIn(db);
  }

  /**
   * What the cache has of these streams, by name, null for those it doesn't have.
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
   * The rows too, and after the streams, whose ids begin with a UUID: only a row that is still the
   * lane's after they were read proves that none of them was missing.
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
