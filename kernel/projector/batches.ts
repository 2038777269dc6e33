import type { Chunk, LogRecord, Offset } from '../log/log.ts';
import { contextOf } from '../log/topic-names.ts';

/** Records that are folded and stored at once, and the offsets read next after them. */
export type Batch = { records: LogRecord[]; next: Record<string, Offset> };

const batchRecords = 2_000;
const batchBytes = 4 * 2 ** 20;

/** Two batches in place of one. @param from the offsets read next before it. */
export function halvesOf(
  { records, next }: Batch,
  from: Record<string, Offset>,
  prefix: string,
): [Batch, Batch] {
  const first = records.slice(0, Math.ceil(records.length / 2));
  const reached = { ...from };
  for (const { topic, offset } of first) reached[contextOf(prefix, topic)] = offset + 1;
  return [
    { records: first, next: reached },
    { records: records.slice(first.length), next },
  ];
}

/**
 * Cuts the chunks of one lane into batches that a transaction can take. The last batch may have
 * no records, if only markers were passed.
 * @param from the offsets read next before these chunks, by topic without prefix.
 */
export function* batchesOf(
  chunks: readonly Chunk[],
  from: Record<string, Offset>,
  prefix: string,
): Generator<Batch> {
  let records: LogRecord[] = [];
  let bytes = 0;
  let next = from;
  for (const chunk of chunks) {
    const topic = contextOf(prefix, chunk.topic);
    const first = next[topic] ?? 0;
    for (const record of chunk.records) {
      // No record is folded twice, even if the reader hands it out twice.
      if (record.offset < first) continue;
      records.push(record);
      bytes += (record.value?.length ?? 0) + (record.key?.length ?? 0);
      if (records.length < batchRecords && bytes < batchBytes) continue;
      next = { ...next, [topic]: record.offset + 1 };
      yield { records, next };
      records = [];
      bytes = 0;
    }
    next = { ...next, [topic]: Math.max(chunk.next, next[topic] ?? 0) };
  }
  yield { records, next };
}
