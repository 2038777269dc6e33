import { availableParallelism } from 'node:os';
import type { Collection, Document, FindCursor } from 'mongodb';
import { topicName } from '#kernel/log/topic-names.ts';
import { rebuild } from '#kernel/projector/building/rebuild.ts';
import { Generations } from '#kernel/projector/generations/generations.ts';
import { otherThreads } from '../../replay/views/threads.ts';
import { stopwatch } from '../stopwatch.ts';
import type { Done, PassParts } from './way.ts';

/** A full rebuild, and its lower bounds: reading the same events, writing the same documents. */

const insertedAtOnce = 5_000;
const insertsInFlight = 2;
const heldAtOnce = 150_000;

/** Reads and decodes the events as a rebuild does, and does nothing with them. */
export async function decode(parts: PassParts): Promise<Done> {
  const { log, codec, projection, prefix, lanes } = parts;
  const took = stopwatch();
  let events = 0;
  const reader = log.reader();
  const ends = new Map<string, number[]>();
  for (const name of projection.view.topics) {
    ends.set(topicName(prefix, name), await log.stableOffsets(topicName(prefix, name)));
  }
  for (let lane = 0; lane < lanes; lane += 1) {
    const until = [...ends].map(([topic, next]) => ({ topic, lane, next: next[lane]! }));
    const from = until.map((end) => ({ ...end, next: 0 }));
    const subscription = reader.subscribe(from, { until });
    for (let chunks = await subscription.take(); chunks.length > 0; ) {
      for (const { records } of chunks) {
        await codec.learn(records);
        for (const record of records) if (codec.decode(record).data) events += 1;
      }
      chunks = await subscription.take();
    }
    await subscription.close();
  }
  await reader.close();
  return { events: all(events, parts), documents: 0, ...took() };
}

/** Rebuilds the view as `npm run replay -- rebuild` does. */
export async function rebuildView(parts: PassParts): Promise<Done> {
  const { projection, db, config } = parts;
  const generations = new Generations(db, projection.view);
  const generation = await generations.begin();
  const help = otherThreads({ config, projection, threads: availableParallelism() });
  const took = stopwatch();
  const { events, documents, parked } = await rebuild({ ...parts, generation, help });
  const loaded = took();
  if (parked > 0) throw new Error(`${parked} events were parked.`);
  await generations.createIndexes(generation);
  const indexSeconds = took().seconds - loaded.seconds;
  await generations.activate(generation);
  return { events: all(events, parts), documents, ...loaded, indexSeconds };
}

function all(events: number, { events: wanted }: PassParts): number {
  if (events !== wanted) throw new Error(`${events} events were read in place of ${wanted}.`);
  return events;
}

/** Inserts the documents of an earlier rebuild; the time to read them is not counted. */
export async function insertSame({ projection, db }: PassParts): Promise<Done> {
  const model = await new Generations(db, projection.view).read();
  const from = db.collection(model!.active!).find().batchSize(insertedAtOnce);
  const into = await db.createCollection('inserted');
  const done: Done = { events: 0, documents: 0, seconds: 0, cpuSeconds: 0 };
  for (let some = await taken(from); some.length > 0; some = await taken(from)) {
    const took = stopwatch();
    await insertAll(into, some);
    const { seconds, cpuSeconds } = took();
    done.events += some.length;
    done.documents += some.length;
    done.seconds += seconds;
    done.cpuSeconds += cpuSeconds;
  }
  return done;
}

/** Takes as many documents as one lane of a rebuild holds, so that both use the same memory. */
async function taken(cursor: FindCursor<Document>): Promise<Document[]> {
  const documents: Document[] = [];
  while (documents.length < heldAtOnce && (await cursor.hasNext())) {
    documents.push(...cursor.readBufferedDocuments(heldAtOnce - documents.length));
  }
  return documents;
}

async function insertAll(into: Collection, documents: readonly Document[]): Promise<void> {
  let from = 0;
  const insert = async () => {
    while (from < documents.length) {
      const slice = documents.slice(from, from + insertedAtOnce);
      from += slice.length;
      await into.insertMany(slice, { ordered: false, writeConcern: { w: 1 } });
    }
  };
  await Promise.all(Array.from({ length: insertsInFlight }, insert));
}
