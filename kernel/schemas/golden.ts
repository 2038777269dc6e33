import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { avroType } from '../codec/avro.ts';
import type { Event } from '../event.ts';
import type { AvroRecord, EventSchema } from './event-schema.ts';
import type { Schemas } from './load-schemas.ts';

/**
 * One event as a released schema wrote it: proof that it stays readable. `generate` adds one
 * whenever a schema has changed, and never touches those that exist.
 */
export type Golden = {
  schema: AvroRecord;
  /** The Avro bytes, base64, without the wire header: schema ids differ between registries. */
  bytes: string;
  /** The event in Avro's JSON encoding, `meta` included. */
  event: Record<string, unknown>;
};

/** Where the golden events of an application are kept, a file for each type. */
export const goldenFolder = ({ folder }: Pick<Schemas, 'folder'>): string => join(folder, 'golden');

const fileOf = (folder: string, type: string) => join(folder, `${type}.json`);

/** The golden events of a type, oldest first. */
export function goldenOf(type: string, folder: string): Golden[] {
  const file = fileOf(folder, type);
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Golden[]) : [];
}

/** The event types that have golden events. */
export const goldenTypes = (folder: string): string[] =>
  (existsSync(folder) ? readdirSync(folder) : [])
    .filter((file) => file.endsWith('.json'))
    .map((file) => basename(file, '.json'));

/** Whether two schemas are the same but for their documentation. */
export const sameSchema = (a: unknown, b: unknown): boolean =>
  isDeepStrictEqual(withoutDocs(a), withoutDocs(b));

function withoutDocs(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(withoutDocs);
  if (typeof schema !== 'object' || schema === null) return schema;
  const kept = Object.entries(schema).filter(([name]) => name !== 'doc');
  return Object.fromEntries(kept.map(([name, value]) => [name, withoutDocs(value)]));
}

/** Adds golden events for schemas that have none; returns the types that got one. */
export function addGolden(
  schemas: readonly EventSchema[],
  folder: string,
  exampleOf: (type: string) => Event | undefined,
): string[] {
  mkdirSync(folder, { recursive: true });
  // All are made before the first one is written, so that an error leaves nothing behind.
  const files = schemas.flatMap(({ context, type, schema }) => {
    const golden = goldenOf(type, folder);
    if (golden.some((one) => sameSchema(one.schema, schema))) return [];
    const example = exampleOf(type);
    if (!example) throw new Error(`${type} has no example. Add one to ${context}/examples.ts.`);
    return { type, golden: [...golden, goldenEvent(schema, example, context)] };
  });
  for (const { type, golden } of files) {
    writeFileSync(fileOf(folder, type), `${JSON.stringify(golden, null, 2)}\n`);
  }
  return files.map(({ type }) => type);
}

function goldenEvent(schema: AvroRecord, { meta, data }: Event, context: string): Golden {
  const avro = avroType(schema);
  const record = { meta, ...(data as object) };
  const wrong: string[] = [];
  avro.isValid(record, { errorHook: (path) => wrong.push(path.join('.')) });
  if (wrong.length > 0) {
    const fields = wrong.join(', ');
    throw new Error(
      `The example of ${schema.name} in ${context}/examples.ts doesn't fit: ${fields}.`,
    );
  }
  return {
    schema,
    bytes: avro.toBuffer(record).toString('base64'),
    event: JSON.parse(avro.toString(record)),
  };
}
