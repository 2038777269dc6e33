import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Event } from '../event.ts';
import type { AvroRecord, AvroType, EventSchema } from './event-schema.ts';

/** The event types of an application, as the `.avsc` files in a folder define them. */
export type Schemas = {
  /** Holds a folder for each context, with a file for each of its events. */
  folder: string;
  namespace: string;
  /** The contexts that have events, in the order of their names. */
  contexts: readonly string[];
  eventSchemas: readonly EventSchema[];
};

/**
 * Reads `<folder>/<context>/<Event>.avsc`. Schemas may name two types that the kernel brings:
 * `<namespace>.Meta`, which is the type of the field `meta` that every event begins with, and
 * `<namespace>.PersonalText`; and every type in `<folder>/*.avsc`.
 * @throws Error naming the file that can't be used, and the cure.
 */
export function loadSchemas(folder: string, namespace: string): Schemas {
  const shared = new Map(
    [...kernelTypes(namespace), ...avscFiles(folder).map((file) => read(folder, file))].map(
      (type) => [`${type.namespace}.${type.name}`, type],
    ),
  );
  const contexts = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && avscFiles(join(folder, entry.name)).length > 0)
    .map((entry) => entry.name)
    .sort();
  const eventSchemas = contexts.flatMap((context) =>
    avscFiles(join(folder, context)).map((file) => ({
      context,
      type: basename(file, '.avsc'),
      schema: withSharedTypes(eventIn(folder, namespace, context, file), shared),
    })),
  );
  return { folder, namespace, contexts, eventSchemas };
}

/** An example of each event of a context. */
export type ExamplesOf<E extends { type: string }> = {
  [Type in E['type']]: Extract<E, { type: Type }>;
};

/**
 * An event of each type, which `<context>/examples.ts` exports as `examples`: for golden bytes and
 * for tests.
 */
export async function examplesOf({ folder, contexts }: Schemas): Promise<Map<string, Event>> {
  const files = contexts
    .map((context) => join(folder, context, 'examples.ts'))
    .filter((file) => existsSync(file));
  const modules = await Promise.all(
    files.map((file) => import(file) as Promise<{ examples: Record<string, Event> }>),
  );
  return new Map(modules.flatMap(({ examples }) => Object.entries(examples)));
}

function read(...path: string[]): AvroRecord {
  try {
    return JSON.parse(readFileSync(join(...path), 'utf8')) as AvroRecord;
  } catch (cause) {
    throw new Error(`${join(...path)} is no JSON: ${(cause as Error).message}`, { cause });
  }
}

/** @throws Error if the file's record is not named as the file and folder say, or has no meta. */
function eventIn(folder: string, namespace: string, context: string, file: string): AvroRecord {
  const record = read(folder, context, file);
  const path = `${context}/${file}`;
  const name = basename(file, '.avsc');
  const expected = { name, namespace: `${namespace}.${context.replaceAll('-', '_')}` };
  if (record.name !== expected.name || record.namespace !== expected.namespace) {
    const given = `${record.namespace}.${record.name}`;
    throw new Error(`${path} defines ${given}; name it ${expected.namespace}.${expected.name}.`);
  }
  const [meta] = record.fields;
  if (meta?.name === 'meta' && meta.type === `${namespace}.Meta`) return record;
  const field = `{ "name": "meta", "type": "${namespace}.Meta" }`;
  throw new Error(`${path}: the first field has to be ${field}.`);
}

const avscFiles = (folder: string) =>
  readdirSync(folder)
    .filter((file) => file.endsWith('.avsc'))
    .sort();

/** The kernel's types belong to the application that uses them, so they take its namespace. */
const kernelTypes = (namespace: string): AvroRecord[] =>
  avscFiles(import.meta.dirname).map((file) => {
    const { type, name, doc, fields } = read(import.meta.dirname, file);
    return { type, name, namespace, ...(doc && { doc }), fields };
  });

/** Avro wants a shared type defined where its name first occurs, and only named from then on. */
function withSharedTypes(record: AvroRecord, shared: ReadonlyMap<string, AvroRecord>): AvroRecord {
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
