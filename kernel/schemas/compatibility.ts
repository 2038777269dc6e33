import type { Type } from 'avsc';
import { isRecord } from '../codec/avro.ts';

export const compatibilityCure =
  'Only add or remove fields that have a default; for anything else make a new event type.';

/** Why the reader can't read what the writer wrote: one line per field, named by its path. */
export function unreadable(reader: Type, writer: Type, path: string): string[] {
  if (!isRecord(reader) || !isRecord(writer) || reader.name !== writer.name) {
    return refusal(reader, writer, path);
  }
  return reader.fields.flatMap((field) => {
    const written = writer.field(field.name);
    const fieldPath = `${path}.${field.name}`;
    if (written) return unreadable(field.type, written.type, fieldPath);
    return field.defaultValue() === undefined
      ? [`${fieldPath}: is missing on the other side and has no default`]
      : [];
  });
}

function refusal(reader: Type, writer: Type, path: string): string[] {
  try {
    reader.createResolver(writer);
    return [];
  } catch {
    return [`${path}: what was written as ${named(writer)} can't be read as ${named(reader)}`];
  }
}

const named = (type: Type) => JSON.stringify(type.schema());
