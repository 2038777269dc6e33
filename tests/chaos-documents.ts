import type { Db } from 'mongodb';
import type { Event, LoggedEvent } from '#kernel/event.ts';
import { contextOf } from '#kernel/log/topic-names.ts';
import type { AnyProjection } from '#kernel/projection.ts';
import { readModelsOf, viewId } from '#kernel/projector/generations/generations.ts';
import type { LaneRow } from '#kernel/writer/write-state.ts';
import { type StoredStream, streamsOf } from './chaos-histories.ts';
import type { Committed } from './committed-events.ts';

/** Documents as MongoDB has them, and as a new fold of the log makes them, by id. */
export type Compared<Document> = {
  stored: Map<string, Document>;
  folded: Map<string, Document>;
};

type Row = LaneRow & { _id: string };
type StreamRow = Omit<StoredStream, 'keys'> & { _id: string; keys: { commandid: string }[] };

/** `write_state`, compared with the log of each lane up to the offsets in the lane's row. */
export async function comparedState(
  db: Db,
  log: readonly Committed[],
  prefix: string,
): Promise<Compared<StoredStream>> {
  const state = db.collection<Row | StreamRow>('write_state');
  const rows = (await state.find({ _id: /^lane:/ }).toArray()) as Row[];
  const compared: Compared<StoredStream> = { stored: new Map(), folded: new Map() };
  for (const { _id, cacheId, next } of rows) {
    const lane = Number(/^lane:(\d+)@/.exec(_id)?.[1]);
    const reached = log.filter(
      (one) => one.lane === lane && one.offset < (next[contextOf(prefix, one.topic)] ?? 0),
    );
    for (const [name, stream] of streamsOf(reached)) compared.folded.set(name, stream);
    const streams = (await state
      .find({ _id: { $regex: `^${cacheId}/` } })
      .toArray()) as StreamRow[];
    for (const { _id: id, version, lastOffset, state: is, keys } of streams) {
      const commands = keys.map(({ commandid }) => commandid);
      const stream = { version, lastOffset, state: is, keys: commands };
      compared.stored.set(id.slice(cacheId.length + 1), stream);
    }
  }
  return compared;
}

type Document = { _id: string };
type Handler = (document: Document | null, event: LoggedEvent) => Document | null;
type Loose = {
  id(event: Event): string;
  when: Record<string, Handler | undefined>;
  derive?(document: Document): Document;
};

/** A view's documents, compared with the whole log. */
export async function comparedView(
  db: Db,
  log: readonly Committed[],
  projection: AnyProjection,
): Promise<Compared<Document>> {
  const { id, when, derive } = projection as unknown as Loose;
  const folded = new Map<string, Document>();
  for (const { event } of log) {
    const handler = Object.hasOwn(when, event.type) ? when[event.type] : undefined;
    if (!handler) continue;
    // The codec made the event, so it has its sequence.
    const document = handler(folded.get(id(event)) ?? null, event as LoggedEvent);
    if (document) folded.set(id(event), document);
    else folded.delete(id(event));
  }
  if (derive) for (const [key, document] of folded) folded.set(key, derive(document));
  const model = await readModelsOf(db).findOne({ _id: viewId(projection.view) });
  const documents = await db
    .collection<Document>(model?.active ?? 'none')
    .find()
    .toArray();
  return { folded, stored: new Map(documents.map((document) => [document._id, document])) };
}
