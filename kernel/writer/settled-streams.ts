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
    const lastOffset = offsets[stream.lastOffset] as number;
    const keys = [...stream.keys];
    // The batch's own ones come last, behind up to 64 that stay as they are.
    for (let at = keys.length - 1; at >= 0; at -= 1) {
      const key = keys[at] as KeyEntry;
      if (key.firstVersion <= before) break;
      keys[at] = { ...key, lastOffset: offsets[key.lastOffset] as number };
    }
    return [name, { ...stream, lastOffset, keys }];
  });
}
