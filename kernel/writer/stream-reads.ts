import type { Collection, Db } from 'mongodb';
import { type Asked, Grouped } from '../grouped.ts';
import {
  CacheLostError,
  documentId,
  type RowDocument,
  rowsAndStreamsIn,
  type StreamDocument,
} from './store.ts';
import type { Stream } from './streams.ts';

/** What a lane has to know of some of its streams. */
export type StreamsAsked = {
  lane: number;
  /** Of the lane's row. */
  rowId: string;
  cacheId: string;
  names: readonly string[];
};

type Found = ReadonlyMap<string, RowDocument | StreamDocument>;

/** More of them gain nothing from company, and would keep fewer ones waiting. */
const fewStreams = 200;

/** Reads cold streams from `write_state`, for all lanes of a node with one query at a time. */
export class StreamReads {
  readonly #documents: Collection<RowDocument | StreamDocument>;
  readonly #few = new Grouped<StreamsAsked, Found>((group) => this.#readFew(group));

  constructor(db: Db) {
    this.#documents = rowsAndStreamsIn(db);
  }

  /**
   * What the cache has of these streams, by name.
   * @throws CacheLostError if the row names another cache by now.
   */
  async read(asked: StreamsAsked): Promise<Map<string, Stream>> {
    const isFew = asked.names.length <= fewStreams;
    return streamsOf(asked, await (isFew ? this.#few.ask(asked) : this.#find([asked])));
  }

  async #readFew(group: readonly Asked<StreamsAsked, Found>[]): Promise<void> {
    try {
      const found = await this.#find(group.map(({ what }) => what));
      for (const { done } of group) done.resolve(found);
    } catch (error) {
      for (const { done } of group) done.reject(error);
    }
  }

  /**
   * The rows too, and after the streams, whose ids begin with a UUID: only a row that is still the
   * lane's after they were read proves that none of them was missing.
   */
  async #find(all: readonly StreamsAsked[]): Promise<Found> {
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

function streamsOf(asked: StreamsAsked, found: Found): Map<string, Stream> {
  const { lane, rowId, cacheId, names } = asked;
  const row = found.get(rowId) as RowDocument | undefined;
  if (row?.cacheId !== cacheId) throw new CacheLostError(`The cache of lane ${lane} is gone.`);
  const streams = new Map<string, Stream>();
  for (const name of names) {
    const document = found.get(documentId(cacheId, name)) as StreamDocument | undefined;
    if (!document) continue;
    const { _id, ...stream } = document;
    streams.set(name, stream);
  }
  return streams;
}
