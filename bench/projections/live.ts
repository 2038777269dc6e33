import { setTimeout as pause } from 'node:timers/promises';
import type { Db } from 'mongodb';
import { Registry } from 'prom-client';
import type { Position } from '#kernel/log/log.ts';
import { topicName } from '#kernel/log/topic-names.ts';
import { transact } from '#kernel/mongo/transact.ts';
import { type Batch, batchesOf } from '#kernel/projector/batches.ts';
import {
  advance,
  checkpointId,
  checkpointsOf,
  initialProgress,
  type LaneProgress,
} from '#kernel/projector/checkpoint.ts';
import { type Document, Fold, type Slot } from '#kernel/projector/fold.ts';
import { Generations, viewId } from '#kernel/projector/generations/generations.ts';
import type { Write } from '#kernel/projector/group-commit.ts';
import { progressAfter, writesOf } from '#kernel/projector/projection-pass.ts';
import { startProjectors } from '#kernel/projector/runner.ts';
import { stopwatch } from '../stopwatch.ts';
import type { Done, PassParts } from './way.ts';

/** The projectors as they run, and the same writes without reading and folding events. */

const lookEveryMs = 5;
const givenUpAfterMs = 300_000;

/** The share of the events that is worked before the timing, while Node still compiles. */
const warmUpPart = 1 / 4;

/**
 * Lets the projectors follow the log from an empty generation whose lanes stand before the first
 * event.
 */
export async function catchUp(parts: PassParts): Promise<Done> {
  const { projection, client, db, events } = parts;
  const generation = await emptyGeneration(parts);
  const registry = new Registry();
  const projections = [projection];
  const projectors = await startProjectors({
    ...{ ...parts, projections, client, registry, database: db.databaseName },
    onWarning: console.error,
  });
  const passed = async () => {
    const metric = await registry.getSingleMetric('projector_events_total')!.get();
    return metric.values[0]?.value ?? 0;
  };
  await reached(passed, events * warmUpPart);
  const committedBefore = await committed(db);
  const first = await passed();
  const took = stopwatch();
  const last = await reached(passed, events);
  const done = { ...took(), events: last - first };
  await projectors.close();
  if (last > events) throw new Error(`${last} events were projected in place of ${events}.`);
  const stored = await db.collection(generation).countDocuments();
  const transactions = (await committed(db)) - committedBefore;
  // Documents stored before the timing don't count.
  return { ...done, documents: Math.round((stored * done.events) / events), transactions };
}

/** A new generation with indexes and no folded events, as after a deploy. */
async function emptyGeneration({ projection, db, lanes }: PassParts): Promise<string> {
  const generations = new Generations(db, projection.view);
  const generation = await generations.begin();
  await generations.createIndexes(generation);
  const rows = Array.from({ length: lanes }, (_, lane) => ({
    _id: checkpointId(generation, lane),
    ...{ generation, lane, ...initialProgress(projection.view.topics), updatedAt: new Date() },
  }));
  await checkpointsOf(db).insertMany(rows);
  await generations.activate(generation);
  return generation;
}

async function reached(passed: () => Promise<number>, wanted: number): Promise<number> {
  const until = performance.now() + givenUpAfterMs;
  for (let count = await passed(); ; count = await passed()) {
    if (count >= wanted) return count;
    if (performance.now() > until) throw new Error(`${count} of ${wanted} events until now.`);
    await pause(lookEveryMs);
  }
}

/** The number of transactions that this server has committed. */
const committed = async (db: Db): Promise<number> =>
  Number((await db.admin().serverStatus()).transactions.totalCommitted);

/** The content of one transaction of the projectors. */
type Folded = { events: number; from: LaneProgress; to: LaneProgress; writes: Write[] };

/** The transactions of the projectors, folded before the timing, all lanes at once. */
export async function writeFolded(parts: PassParts): Promise<Done> {
  const generation = await emptyGeneration(parts);
  const folded = await foldAll(parts, generation);
  const warmUp = ({ length }: Folded[]) => Math.ceil(length * warmUpPart);
  const measured = folded.map((lane) => lane.slice(warmUp(lane)));
  const early = folded.map((lane) => lane.slice(0, warmUp(lane)));
  await writeAll(parts, generation, early);
  const took = stopwatch();
  await writeAll(parts, generation, measured);
  const done = took();
  const stored = await parts.db.collection(generation).countDocuments();
  const events = measured.flat().reduce((sum, one) => sum + one.events, 0);
  const documents = Math.round((stored * events) / parts.events);
  return { events, documents, ...done, transactions: measured.flat().length };
}

async function writeAll(
  { client, db }: PassParts,
  generation: string,
  folded: readonly Folded[][],
): Promise<void> {
  const documents = db.collection<Document>(generation);
  const write = async (transactions: readonly Folded[], lane: number) => {
    const session = client.startSession();
    const id = checkpointId(generation, lane);
    for (const { from, to, writes } of transactions) {
      await transact(session, async () => {
        await advance(checkpointsOf(db), { id, from, to }, session);
        if (writes.length > 0) await documents.bulkWrite(writes, { session, ordered: false });
      });
    }
    await session.endSession();
  };
  await Promise.all(folded.map(write));
}

/** By lane. Lanes are read side by side, so that chunks are as large as for the projectors. */
async function foldAll(parts: PassParts, generation: string): Promise<Folded[][]> {
  const { log, projection, prefix, lanes } = parts;
  const topics = projection.view.topics.map((name) => topicName(prefix, name));
  const ends = await Promise.all(topics.map((topic) => log.stableOffsets(topic)));
  const reader = log.reader();
  const foldOne = async (lane: number) => {
    const until = topics.map((topic, at) => ({ topic, lane, next: ends[at]![lane]! }));
    const folded: Folded[] = [];
    const fold = laneFold(parts, generation, lane);
    let progress = initialProgress(projection.view.topics);
    for await (const batch of batches(parts, reader, until, () => progress)) {
      const one = await fold(batch, progress);
      folded.push(one);
      progress = one.to;
    }
    return folded;
  };
  try {
    return await Promise.all(Array.from({ length: lanes }, (_, lane) => foldOne(lane)));
  } finally {
    await reader.close();
  }
}

async function* batches(
  { prefix }: PassParts,
  reader: ReturnType<PassParts['log']['reader']>,
  until: Position[],
  progress: () => LaneProgress,
): AsyncGenerator<Batch> {
  const from = until.map((end) => ({ ...end, next: 0 }));
  const subscription = reader.subscribe(from, { until });
  for (let chunks = await subscription.take(); chunks.length > 0; ) {
    for (const batch of batchesOf(chunks, progress().next, prefix)) {
      if (batch.records.length > 0) yield batch;
    }
    chunks = await subscription.take();
  }
  await subscription.close();
}

/** Folds a lane's batches one after the other. */
function laneFold(parts: PassParts, generation: string, lane: number) {
  const { projection, codec, prefix } = parts;
  const place = { view: viewId(projection.view), generation, lane };
  const documents = new Map<string, Document | null>();
  return async ({ records, next }: Batch, from: LaneProgress): Promise<Folded> => {
    await codec.learn(records);
    const fold = new Fold({ projection, codec, place, prefix, parked: new Set() });
    const slots = new Map<string, Slot>();
    for (const record of records) {
      const event = fold.prepare(record);
      if (!event) continue;
      const before = documents.get(event.id) ?? null;
      const slot = slots.get(event.id) ?? { before, document: before };
      slots.set(event.id, slot);
      fold.apply(event, slot);
    }
    for (const [id, slot] of slots) {
      if (slot.document) slot.document = fold.derived(slot.document);
      documents.set(id, slot.document);
    }
    const to = progressAfter(from, records, next, fold);
    return { events: records.length, from, to, writes: writesOf([...slots]) };
  };
}
