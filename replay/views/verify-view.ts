import { BSON, type ClientSession, type Db } from 'mongodb';
import type { AnyProjection } from '#kernel/projection.ts';
import { LaneFold } from '#kernel/projector/building/lane-fold.ts';
import { checkpointId, checkpointsOf } from '#kernel/projector/checkpoint.ts';
import { discardedIn } from '#kernel/projector/dead-letters/dead-letter-retry.ts';
import { viewId } from '#kernel/projector/generations/generations.ts';
import { ToolError } from '../tool/exit.ts';
import type { Tool } from '../tool/tool.ts';
import { compare, type Differences, noDifferences } from './differences.ts';
import { inSnapshot, settled } from './generation.ts';
import { readModelOf } from './views.ts';

/** The result of a check: side A is folded from the log, side B is stored. */
export type Verified = {
  view: string;
  generation: string;
  /** The number of folded events, where counted. */
  events?: number;
  /** The number of compared documents: all, unless a sample was asked for. */
  documents: number;
  differences: Differences;
};

type Document = { _id: string };

const documentsAtOnce = 1_000;

/**
 * Folds a view afresh and compares it with the served generation, lane by lane: each document at
 * exactly the offsets that its lane has stored, so events that come meanwhile don't matter.
 */
export async function verifyView(
  tool: Tool,
  projection: AnyProjection,
  sample?: number,
): Promise<Verified> {
  const { db, log, lanes } = tool;
  const { active: generation } = await readModelOf(tool, projection);
  const ids = await idsIn(db, generation, sample);
  const only = sample === undefined ? undefined : new Set(ids);
  const differences = noDifferences();
  let events = 0;
  const reader = log.reader();
  try {
    for (let lane = 0; lane < lanes; lane += 1) {
      const discarded = await discardedIn(db, viewId(projection.view), lane);
      const options = { ...tool, projection, generation, lane, only, discarded };
      const fold = new LaneFold(options, reader);
      await fold.readTo(await nextOf(db, generation, lane));
      await compareLane(tool, generation, fold, differences);
      for (const id of fold.slots.keys()) ids.delete(id);
      events += fold.events;
    }
  } finally {
    await reader.close();
  }
  // These documents existed before the first event was read, and no event has made them.
  for (const id of ids) compare(differences, id, null, { _id: id });
  const { same, added, removed, changed } = differences;
  const documents = same + added + removed + changed;
  return { view: viewId(projection.view), generation, events, documents, differences };
}

async function idsIn(db: Db, generation: string, sample?: number): Promise<Set<string>> {
  const some = sample === undefined ? [] : [{ $sample: { size: sample } }];
  const found = db
    .collection<Document>(generation)
    .aggregate<Document>([...some, { $project: { _id: 1 } }], settled());
  const ids = new Set<string>();
  for await (const { _id } of found) ids.add(_id);
  return ids;
}

async function nextOf(
  db: Db,
  generation: string,
  lane: number,
  session?: ClientSession,
): Promise<Record<string, number>> {
  const _id = checkpointId(generation, lane);
  const row = await checkpointsOf(db).findOne({ _id }, settled(session));
  if (row) return row.next;
  throw new ToolError(`${_id} has no checkpoint: it was dropped meanwhile, or LANES has changed.`);
}

/** Folds the lane on, up to the snapshot's offsets, then compares with the snapshot. */
const compareLane = (
  { client, db, stop }: Tool,
  generation: string,
  fold: LaneFold,
  differences: Differences,
): Promise<void> =>
  inSnapshot(client, async (session) => {
    await fold.readTo(await nextOf(db, generation, fold.lane, session));
    const expected = new Map((await fold.documents()).map((one) => [one._id, one]));
    const ids = [...fold.slots.keys()];
    for (let from = 0; from < ids.length; from += documentsAtOnce) {
      stop.throwIfAborted();
      const some = ids.slice(from, from + documentsAtOnce);
      const stored = new Map<string, Document>();
      const found = db.collection<Document>(generation).find({ _id: { $in: some } }, { session });
      for await (const document of found) stored.set(document._id, document);
      for (const id of some) {
        const document = expected.get(id);
        compare(differences, id, document ? asStored(document) : null, stored.get(id) ?? null);
      }
    }
  });

/** A document as MongoDB returns it. */
export const asStored = <D extends object>(document: D): D =>
  BSON.deserialize(BSON.serialize(document, { ignoreUndefined: true }), {
    promoteBuffers: true,
  }) as D;
