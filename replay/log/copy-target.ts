import type { Log, LogReader, LogRecord, Position, TopicOptions } from '#kernel/log/log.ts';
import { TopicError } from '#kernel/log/log.ts';
import { ToolError } from '../tool/exit.ts';

/** A copy's headers: its source, as `<cluster>/<topic>/<lane>/<offset>`, and the filter used. */
const fromHeader = 'copied-from';
const filterHeader = 'copied-filter';
/** Stands at what `copy --encrypt` has made or written anew. */
export const encryptedHeader = 'copied-encrypted';
/** Names a key that `copy --encrypt` has made; no record of the source has that event. */
export const madeKeyHeader = 'copied-key-made';

/** One lane of one topic: its source, its target, and the filter. */
export type CopiedLane = {
  /** The id of the cluster that is copied from. */
  cluster: string;
  from: { topic: string; lane: number };
  to: { topic: string; lane: number };
  /** The text of the filter; '' copies everything. */
  filter: string;
};

export const originHeaders = (
  { cluster, from, filter }: CopiedLane,
  { offset }: Pick<LogRecord, 'offset'>,
): Record<string, string> => ({
  [fromHeader]: `${cluster}/${from.topic}/${from.lane}/${offset}`,
  ...(filter !== '' && { [filterHeader]: filter }),
});

/** The last copied record: its offset in the source, and the record at the target. */
export type LastCopied = { offset: number; record: LogRecord };

/**
 * Looks up how far a lane was copied. The target's own records say so, so no stored position can
 * differ from them.
 * @param end everything committed at the target lies below.
 * @throws ToolError when the target has records of another writer or of another copy.
 */
export async function lastCopied(
  reader: LogReader,
  lane: CopiedLane,
  { first, end }: { first: number; end: number },
): Promise<LastCopied | null> {
  const record = await lastRecord(reader, { ...lane.to, next: end }, first);
  if (!record) return null;
  const origin = record.headers[fromHeader]?.toString('utf8') ?? '';
  const begin = `${lane.cluster}/${lane.from.topic}/${lane.from.lane}/`;
  const at = `${lane.to.topic}/${lane.to.lane} at the target`;
  const cure = 'Name other topics with --prefix.';
  if (!origin.startsWith(begin)) {
    const whose = origin === '' ? 'that are no copies' : `that were copied from ${origin}`;
    throw new ToolError(`${at} has events ${whose}, at offset ${record.offset}. ${cure}`);
  }
  if ((record.headers[filterHeader]?.toString('utf8') ?? '') !== lane.filter) {
    throw new ToolError(`${at} was copied with other filters. Use the same filters. ${cure}`);
  }
  return { offset: Number(origin.slice(begin.length)), record };
}

const firstLook = 500;

/** Looks back from the end, further each time: markers and aborted records may fill a long way. */
async function lastRecord(
  reader: LogReader,
  end: Position,
  first: number,
): Promise<LogRecord | null> {
  for (let span = firstLook; ; span *= 8) {
    const next = Math.max(first, end.next - span);
    const subscription = reader.subscribe([{ ...end, next }], { until: [end] });
    let last: LogRecord | undefined;
    for (let chunks = await subscription.take(); chunks.length > 0; ) {
      const records = chunks.flatMap((chunk) => chunk.records);
      last = records.findLast(({ headers }) => !headers[madeKeyHeader]) ?? last;
      chunks = await subscription.take();
    }
    if (last || next === first) return last ?? null;
  }
}

/**
 * Checks that the target topics have as many lanes as the source: keys would move otherwise.
 * @returns the missing topics; they are created unless `dryRun` is set.
 * @throws ToolError naming the topic and the cure.
 */
export async function prepareTopics(
  log: Log,
  topics: string[],
  options: TopicOptions & { dryRun: boolean },
): Promise<string[]> {
  const found = await Promise.all(topics.map((topic) => lanesOf(log, topic)));
  for (const [at, lanes] of found.entries()) {
    if (lanes === null || lanes === options.lanes) continue;
    const counts = `${topics[at]} has ${lanes} lanes at the target, and ${options.lanes} here`;
    throw new ToolError(`${counts}: keys would move. Name other topics with --prefix.`);
  }
  if (!options.dryRun) await log.ensureTopics(topics, options);
  return topics.filter((_, at) => found[at] === null);
}

async function lanesOf(log: Log, topic: string): Promise<number | null> {
  try {
    return (await log.stableOffsets(topic)).length;
  } catch (error) {
    if (error instanceof TopicError) return null;
    throw error;
  }
}

/** @throws ToolError unless `found` is the record that was copied last. */
export function checkSame({ record, offset }: LastCopied, found: LogRecord | undefined): void {
  const same =
    found?.offset === offset &&
    found.timestamp === record.timestamp &&
    asText(found.key) === asText(record.key) &&
    (record.headers[encryptedHeader] !== undefined ||
      asText(found.value?.subarray(wireHeader)) === asText(record.value?.subarray(wireHeader)));
  if (same) return;
  const where = `${record.topic}/${record.lane} at the target was copied from another log`;
  throw new ToolError(`${where}: offset ${offset} is not the same event here. Use a new --prefix.`);
}

/** Not compared: it holds the schema id, which differs. */
const wireHeader = 5;
const asText = (bytes: Buffer | null | undefined): string => bytes?.toString('latin1') ?? '';
