import { momentOf } from '#kernel/moment.ts';
import type { Entry } from '#kernel/operations/log-entries.ts';
import { structured } from './cloud-events.ts';
import { opened } from './event-json.ts';

/** Formats for printing events: each makes one line of an event. */
export const formats = ['table', 'ndjson', 'cloudevents'] as const;
export type Format = (typeof formats)[number];

export function lineOf(entry: Entry, format: Format, columns: number): string {
  switch (format) {
    case 'table':
      return row(entry).slice(0, columns);
    case 'ndjson':
      return JSON.stringify(plain(entry));
    case 'cloudevents':
      return JSON.stringify(structured(entry));
  }
}

function row({ record, context, event, undecodable }: Entry): string {
  const { lane, offset, timestamp, key, value } = record;
  const at = `${context}/${lane}/${offset}`.padEnd(18);
  if (event) {
    const { time, subject, sequence, actor } = event.meta;
    const stream = `${subject} v${sequence}`;
    const columns = [momentOf(time), at, event.type.padEnd(19), stream.padEnd(24), actor];
    return `${columns.join('  ')}  ${JSON.stringify(opened(event.data))}`;
  }
  const bytes = `${JSON.stringify(key?.toString('utf8') ?? null)}, ${value?.length ?? 0} bytes`;
  return `${momentOf(timestamp)}  ${at}  ${'UNDECODABLE'.padEnd(19)}  ${bytes}: ${undecodable}`;
}

/** An event with its place, as JSON. */
export function plain({ record, context, event, undecodable }: Entry): object {
  const { lane, offset, timestamp, value } = record;
  const key = record.key?.toString('utf8') ?? null;
  const at = { topic: context, lane, offset, key };
  if (event) {
    const { type, data, meta } = event;
    return { ...at, time: momentOf(meta.time), type, data: opened(data), meta };
  }
  const bytes = value?.toString('base64') ?? null;
  return { ...at, time: momentOf(timestamp), type: null, undecodable, value: bytes };
}
