import { setImmediate as letOthersRun } from 'node:timers/promises';
import type { Collection, Document as Fields } from 'mongodb';
import { compact } from './compact.ts';
import type { CopyModel } from './view-copy.ts';

type Document = { _id: string };

type Taking = { from: Collection<Document>; projection?: Fields; stop: AbortSignal };

/** How many documents a model takes in one go. Each may cost it a millisecond. */
const takenAtOnce = 5;
/** Documents that are decoded in one go. */
const readAtOnce = 100;

/** Takes these documents into the model, and removes those that are there no more. */
export async function takeChanged(
  model: CopyModel,
  { from, projection = {}, stop }: Taking,
  changed: readonly string[],
): Promise<void> {
  for (let at = 0; at < changed.length; at += readAtOnce) {
    const ids = changed.slice(at, at + readAtOnce);
    await take(model, from.find({ _id: { $in: ids } }, { projection }), new Set(ids), stop);
  }
}

/** Documents stream into the model, and never lie in memory all at once. */
export async function takeAll(
  model: CopyModel,
  { from, projection = {}, stop }: Taking,
): Promise<void> {
  const all = from.find({}, { projection, batchSize: readAtOnce });
  await take(model, all, new Set(model.ids()), stop);
}

/**
 * Takes documents over, a few at a time, so that other work gets its turn in between.
 * @param gone ids that are removed from the model unless their documents are found.
 */
export async function take(
  model: CopyModel,
  found: AsyncIterable<Document>,
  gone: Set<string>,
  stop: AbortSignal,
): Promise<void> {
  let taken = 0;
  const taking = async () => {
    taken += 1;
    if (taken % takenAtOnce > 0) return;
    await letOthersRun();
    stop.throwIfAborted();
  };
  for await (const document of found) {
    gone.delete(document._id);
    model.put(compact(document));
    await taking();
  }
  for (const id of gone) {
    model.remove(id);
    await taking();
  }
}
