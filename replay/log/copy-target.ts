import type { Log, LogReader, LogRecord, Position, TopicOptions } from '#kernel/log/log.ts';
import { TopicError } from '#kernel/log/log.ts';
import { ToolError } from '../tool/exit.ts';

/** Where a record was copied from: `<cluster>/<topic>/<lane>/<offset>`, and with which filter. */
const FROM = 'copied-from';
const FILTER = 'copied-filter';

/** One lane of one topic, as it is copied. */
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
  [FROM]: `${cluster}/${from.topic}/${from.lane}/${offset}`,
  ...(filter !== '' && { [FILTER]: filter }),
});

/** The last record that was copied: its offset where it came from, and what it looks like. */
export type LastCopied = { offset: number; record: LogRecord };

/**
 * Looks up how far a lane was copied. The records themselves say it, so that it can't differ from
 * what is there.
 * @param end everything committed there lies below.
 * @throws ToolError when somebody else's records are there, or those of another copy.
 */
export async function lastCopied(
  reader: LogReader,
  lane: CopiedLane,
  { first, end }: { first: number; end: number },
): Promise<LastCopied | null> {
  const record = await lastRecord(reader, { ...lane.to, next: end }, first);
  if (!record) return null;
  const origin = record.headers[FROM]?.toString('utf8') ?? '';
  const begin = `${lane.cluster}/${lane.from.topic}/${lane.from.lane}/`;
  const at = `${lane.to.topic}/${lane.to.lane} there`;
  const cure = 'Copy to topics of its own: --prefix.';
  if (!origin.startsWith(begin)) {
    const whose = origin === '' ? 'that are no copies' : `that were copied from ${origin}`;
    throw new ToolError(`${at} has events ${whose}, at offset ${record.offset}. ${cure}`);
  }
  if ((record.headers[FILTER]?.toString('utf8') ?? '') !== lane.filter) {
    throw new ToolError(`${at} was copied with other filters. Use the same again. ${cure}`);
  }
  return { offset: Number(origin.slice(begin.length)), record };
}

const firstLook = 500;

/** Looks back from the end, further each time: markers and aborted records may fill much of it. */
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
      last = chunks.flatMap(({ records }) => records).at(-1) ?? last;
      chunks = await subscription.take();
    }
    if (last || next === first) return last ?? null;
  }
}

/**
 * Makes sure that the topics there have as many lanes as here: keys would move otherwise.
 * @returns those that are missing; they are created unless it is a dry run.
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
    const counts = `${topics[at]} has ${lanes} lanes there, and ${options.lanes} here`;
    throw new ToolError(`${counts}: keys would move. Copy to topics of its own: --prefix.`);
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

/** @throws ToolError unless this is the record that the last copy was made of. */
export function checkSame({ record, offset }: LastCopied, found: LogRecord | undefined): void {
  const same =
    found?.offset === offset &&
    found.timestamp === record.timestamp &&
    asText(found.key) === asText(record.key) &&
    asText(found.value?.subarray(wireHeader)) === asText(record.value?.subarray(wireHeader));
  if (same) return;
  const where = `${record.topic}/${record.lane} there was copied from another log`;
  throw new ToolError(`${where}: offset ${offset} is not the same event here. Use a new --prefix.`);
}

/** The schema ids differ. */
const wireHeader = 5;
const asText = (bytes: Buffer | null | undefined): string => bytes?.toString('latin1') ?? '';
