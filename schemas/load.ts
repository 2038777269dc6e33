import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { AvroRecord, AvroType, EventSchema } from '#kernel/schemas/event-schema.ts';

const folder = import.meta.dirname;
const read = (...path: string[]) =>
  JSON.parse(readFileSync(join(folder, ...path), 'utf8')) as AvroRecord;
const avscFiles = (...path: string[]) =>
  readdirSync(join(folder, ...path))
    .filter((file) => file.endsWith('.avsc'))
    .sort();

/** Types that several events share: `schemas/*.avsc`. */
export const sharedTypes: AvroRecord[] = avscFiles().map((file) => read(file));

const shared = new Map(sharedTypes.map((type) => [`${type.namespace}.${type.name}`, type]));

/** Puts a shared type's definition where it is first named; Avro wants it there, and only there. */
function withSharedTypes(record: AvroRecord): AvroRecord {
  const seen = new Set<string>();
  const inlined = (type: AvroType): AvroType => {
    if (typeof type === 'string' && shared.has(type) && !seen.has(type)) {
      seen.add(type);
      return shared.get(type) as AvroRecord;
    }
    return Array.isArray(type) ? type.map(inlined) : type;
  };
  return {
    ...record,
    fields: record.fields.map((field) => ({ ...field, type: inlined(field.type) })),
  };
}

/** The contexts that have events, in the order of their names. */
export const contexts: string[] = readdirSync(folder, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && avscFiles(entry.name).length > 0)
  .map((entry) => entry.name)
  .sort();

/** Every event type of the system. */
export const eventSchemas: EventSchema[] = contexts.flatMap((context) =>
  avscFiles(context).map((file) => ({
    context,
    type: basename(file, '.avsc'),
    schema: withSharedTypes(read(context, file)),
  })),
);
