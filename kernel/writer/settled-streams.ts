import type { Batch } from './batch-builder.ts';
import type { KeyEntry, Stream } from './streams.ts';

/** The streams of a committed batch, with offsets where the batch had indexes of events. */
export function settled(
  batch: Batch,
  offsets: readonly number[],
  committedVersion: (stream: string) => number,
): [string, Stream][] {
  return [...batch.tentative].map(([name, stream]) => {
    const before = committedVersion(name);
    const settledKey = (key: KeyEntry) =>
      key.firstVersion <= before ? key : { ...key, lastOffset: offsets[key.lastOffset] as number };
    const lastOffset = offsets[stream.lastOffset] as number;
    return [name, { ...stream, lastOffset, keys: stream.keys.map(settledKey) }];
  });
}
