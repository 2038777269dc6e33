import { Backoff } from '#kernel/backoff.ts';
import { schemaIdOf } from '#kernel/codec/codec.ts';
import type { Event } from '#kernel/event.ts';
import {
  type Chunk,
  type FencedProducer,
  InDoubtError,
  type Log,
  type LogReader,
  type LogRecord,
  type Position,
  type RecordToAppend,
} from '#kernel/log/log.ts';
import { contextOf, topicName, transactionalId } from '#kernel/log/topic-names.ts';
import { entriesOf } from '#kernel/operations/log-entries.ts';
import { ToolError } from '../tool/exit.ts';
import type { Tool } from '../tool/tool.ts';
import { headersOf } from './cloud-events.ts';
import { type CopiedSchemas, withSchemaId } from './copied-schemas.ts';
import {
  type CopiedLane,
  checkSame,
  encryptedHeader,
  type LastCopied,
  lastCopied,
  originHeaders,
} from './copy-target.ts';
import type { EncryptingCopy } from './encrypting-copy.ts';
import type { EventFilter } from './event-filter.ts';

export type CopyJob = {
  tool: Tool;
  /** The id of the cluster that is copied from. */
  cluster: string;
  reader: LogReader;
  /** Where each lane of each topic begins and ends. */
  bounds: { from: Position[]; until: Position[] };
  filter: EventFilter;
  schemas: CopiedSchemas;
  target: { log: Log; reader: LogReader; prefix: string; registryUrl: string; missing: string[] };
  cloudEvents: boolean;
  /** Encrypts text that was written in clear; null copies it as it is. */
  encrypting: EncryptingCopy | null;
  skipUndecodable: boolean;
  dryRun: boolean;
  /** Events, and records of people's keys. */
  counts: { copied: number; leftOut: number; undecodable: number; keys: number };
  say(line: string): void;
  onProgress(reached: readonly Position[]): void;
};

/** Well below a broker's limit for a request, before compression. */
const transactionBytes = 400_000;
const transactionRecords = 2_000;
const fruitlessTries = 5;
const pauses = { firstMs: 200, factor: 2, maxMs: 3_200 };

/**
 * Copies one lane of every topic. The target's records say how far an earlier copy came, and each
 * transaction is complete or absent: so a resumed copy neither doubles nor misses an event.
 */
export async function copyLane(job: CopyJob, lane: number): Promise<void> {
  const { counts } = job;
  const backoff = new Backoff(pauses);
  for (let fruitless = 0; ; ) {
    const { copied } = counts;
    try {
      return await copyOnce(job, lane);
    } catch (error) {
      if (!(error instanceof InDoubtError)) throw error;
      if (error.fenced) throw new ToolError(`Another copy has taken lane ${lane} over.`);
      fruitless = counts.copied > copied ? 1 : fruitless + 1;
      if (fruitless > fruitlessTries) throw error;
      job.say(`lane ${lane}: ${error.message}; checking the target and trying again`);
      if (fruitless === 1) backoff.reset();
      await backoff.pause();
    }
  }
}

async function copyOnce(job: CopyJob, lane: number): Promise<void> {
  const { target, dryRun } = job;
  if (dryRun) return copyWith(job, lane, null);
  const producer = await target.log.producer(transactionalId(target.prefix, `copy-lane-${lane}`));
  try {
    await copyWith(job, lane, producer);
  } finally {
    await producer.close();
  }
}

async function copyWith(job: CopyJob, lane: number, producer: FencedProducer | null) {
  const { tool, reader, bounds, counts } = job;
  const last = await lastCopiedOf(job, lane, producer);
  const until = bounds.until.filter((end) => end.lane === lane);
  const from = bounds.from
    .filter((begin) => begin.lane === lane)
    .map((begin) => ({ ...begin, next: last.get(begin.topic)?.offset ?? begin.next }));
  for (const { topic, next } of from) checkEnd(until, topic, next, last.has(topic));
  await job.encrypting?.begin(lane, from);
  const subscription = reader.subscribe(from, { until });
  try {
    for (let chunks = await subscription.take(); chunks.length > 0; ) {
      const fresh = chunks.flatMap((chunk) => withoutCopied(chunk, last));
      const { copies, leftOut, undecodable } = await outgoing(job, fresh);
      for (const records of transactionsOf(copies)) {
        if (tool.stop.aborted) return;
        await producer?.append(records);
        counts.copied += records.length;
      }
      // Counted only after the append: after a failure, the same records are read again.
      counts.leftOut += leftOut;
      counts.undecodable += undecodable;
      job.onProgress(chunks);
      if (tool.stop.aborted) return;
      chunks = await subscription.take();
    }
  } finally {
    await subscription.close();
  }
}

/**
 * By topic, the last copied record of the lane. A producer's barrier is the true end: everything
 * that an older producer committed lies below it, and that producer can commit no more.
 */
async function lastCopiedOf(
  { tool, target, cluster, filter }: CopyJob,
  lane: number,
  producer: FencedProducer | null,
): Promise<Map<string, LastCopied>> {
  const lanes = filter.contexts
    .map((context) => ({
      ...{ cluster, filter: filter.text },
      from: { topic: topicName(tool.prefix, context), lane },
      to: { topic: topicName(target.prefix, context), lane },
    }))
    .filter(({ to }) => producer || !target.missing.includes(to.topic));
  const ends = producer
    ? await producer.barrier(lanes.map(({ to }) => to))
    : await Promise.all(lanes.map(({ to }) => stableEnd(target.log, to)));
  const found = new Map<string, LastCopied>();
  for (const [at, copied] of lanes.entries()) {
    const first = (await target.log.firstOffsets(copied.to.topic))[lane]!;
    const last = await lastCopied(target.reader, copied, { first, end: ends[at]!.next });
    if (last) found.set(copied.from.topic, last);
  }
  return found;
}

const stableEnd = async (log: Log, at: CopiedLane['to']): Promise<Position> => ({
  ...at,
  next: (await log.stableOffsets(at.topic))[at.lane]!,
});

function checkEnd(until: Position[], topic: string, next: number, copied: boolean): void {
  const end = until.find((one) => one.topic === topic)!;
  if (!copied || next < end.next) return;
  throw new ToolError(
    `${topic}/${end.lane} ends at ${end.next}, but was copied up to ${next}: ` +
      'the log was made anew. Use a new --prefix.',
  );
}

/** Drops the last copied record, with which reading begins, after checking that it is the same. */
function withoutCopied({ topic, records }: Chunk, last: Map<string, LastCopied>): LogRecord[] {
  const known = last.get(topic);
  if (!known || records.length === 0) return records;
  checkSame(known, records[0]);
  last.delete(topic);
  return records.slice(1);
}

async function outgoing(job: CopyJob, records: LogRecord[]) {
  const { filter, cloudEvents, tool } = job;
  const decodes = filter.text !== '' || cloudEvents || job.encrypting;
  const entries = decodes ? await entriesOf(records, tool) : null;
  const encrypted = await job.encrypting?.of(entries ?? []);
  const copies: RecordToAppend[] = [];
  let [leftOut, undecodable] = [0, 0];
  for (const [at, record] of records.entries()) {
    const entry = entries?.[at];
    if (entry && !filter.matches(entry)) {
      leftOut += 1;
      continue;
    }
    const context = contextOf(tool.prefix, record.topic);
    const anew = encrypted?.get(record) ?? null;
    const value = anew ? tool.codec.encode(record.topic, anew) : record.value;
    const id = await job.schemas.idOf(context, value);
    const reason = entry?.undecodable ?? (id === null ? whyUnknown(record) : null);
    const event = anew ?? entry?.event ?? null;
    const headers = anew ? { [encryptedHeader]: 'true' } : {};
    if (reason === null)
      copies.push(copyOf(job, { ...record, value }, { id: id!, event, headers }));
    else {
      leaveOut(job, record, reason);
      undecodable += 1;
    }
  }
  return { copies, leftOut, undecodable };
}

const whyUnknown = ({ value }: LogRecord): string =>
  schemaIdOf(value) === null
    ? 'not in the Confluent wire format'
    : 'its schema is not in the registry';

function copyOf(
  { tool, cluster, target, filter, cloudEvents }: CopyJob,
  record: LogRecord,
  { id, event, headers }: { id: number; event: Event | null; headers: Record<string, string> },
): RecordToAppend {
  const { lane, key, value, timestamp } = record;
  const context = contextOf(tool.prefix, record.topic);
  const from = { topic: topicName(tool.prefix, context), lane };
  const to = { topic: topicName(target.prefix, context), lane };
  const attributes =
    cloudEvents && event
      ? headersOf(event, record, new URL(`${target.registryUrl}/schemas/ids/${id}`))
      : {};
  const origin = originHeaders({ cluster, from, to, filter: filter.text }, record);
  return {
    ...{ ...to, timestamp, key: key?.toString('utf8') ?? '' },
    value: withSchemaId(value!, id),
    headers: { ...textOf(record.headers), ...headers, ...attributes, ...origin },
  };
}

const textOf = (headers: LogRecord['headers']): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) => (value ? [[name, String(value)]] : [])),
  );

/** Reports an undecodable record as left out. @throws ToolError without --skip-undecodable. */
function leaveOut({ skipUndecodable, say }: CopyJob, record: LogRecord, reason: string): void {
  const where = `${record.topic}/${record.lane} offset ${record.offset}: ${reason}`;
  if (skipUndecodable) say(`left out: ${where}`);
  else throw new ToolError(`${where}. --skip-undecodable leaves such records out, and names each.`);
}

function* transactionsOf(records: readonly RecordToAppend[]): Generator<RecordToAppend[]> {
  let part: RecordToAppend[] = [];
  let bytes = 0;
  for (const record of records) {
    const size = record.value.length + record.key.length;
    if (
      part.length === transactionRecords ||
      (part.length > 0 && bytes + size > transactionBytes)
    ) {
      yield part;
      part = [];
      bytes = 0;
    }
    part.push(record);
    bytes += size;
  }
  if (part.length > 0) yield part;
}
