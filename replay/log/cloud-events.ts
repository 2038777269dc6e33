import type { Event } from '#kernel/event.ts';
import type { LogRecord } from '#kernel/log/log.ts';
import { momentOf } from '#kernel/moment.ts';
import type { Entry } from '#kernel/operations/log-entries.ts';
import { application } from '../tool/application.ts';
import { opened } from './event-json.ts';

/** Events as CloudEvents 1.0: `meta` has the attributes, the record's full name is the type. */

const { eventSchemas, namespace } = application.schemas;

const fullNames = new Map(
  eventSchemas.map(({ type, schema }) => [type, `${schema.namespace}.${schema.name}`]),
);

/** The context attributes; extensions are `meta`'s own fields and the partition key. */
function attributesOf(event: Event, key: string | undefined): Record<string, string> {
  const { id, source, subject, time, ...extensions } = event.meta;
  const known = { specversion: '1.0', id, source, type: fullNames.get(event.type), subject };
  const all = { ...known, time: momentOf(time), ...extensions, partitionkey: key };
  const present = Object.entries(all).filter(([, value]) => value !== null && value !== '');
  return Object.fromEntries(
    present.flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]])),
  );
}

/** Structured mode, as one JSON object. An undecodable record becomes an event of its own type. */
export function structured({ record, context, event, undecodable }: Entry): object {
  const key = keyOf(record);
  if (event) {
    const attributes = attributesOf(event, key);
    return { ...attributes, datacontenttype: 'application/json', data: opened(event.data) };
  }
  return {
    specversion: '1.0',
    id: `${context}/${record.lane}/${record.offset}`,
    source: '/replay',
    type: `${namespace}.replay.Undecodable`,
    time: momentOf(record.timestamp),
    ...(key !== undefined && { partitionkey: key }),
    reason: undecodable,
    datacontenttype: 'application/octet-stream',
    data_base64: record.value?.toString('base64') ?? '',
  };
}

/** Binary mode: the headers that stand beside the value in Kafka. */
export function headersOf(event: Event, record: LogRecord, schema: URL): Record<string, string> {
  const attributes = { ...attributesOf(event, keyOf(record)), dataschema: schema.href };
  const headers = Object.entries(attributes).map(([name, value]) => [`ce_${name}`, value]);
  return { ...Object.fromEntries(headers), 'content-type': 'application/vnd.confluent.avro' };
}

const keyOf = ({ key }: LogRecord): string | undefined => key?.toString('utf8');
