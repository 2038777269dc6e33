import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AvroRecord, AvroType } from '#kernel/schemas/event-schema.ts';
import { contexts, eventSchemas } from './load.ts';

/** Writes `generated/events.ts`: the TypeScript types of all events, from their Avro schemas. */

function typeScript(type: AvroType): string {
  if (Array.isArray(type)) return type.map(typeScript).join(' | ');
  if (typeof type === 'string') return primitive(type);
  switch (type.type) {
    case 'array':
      return `${bracketed(typeScript(type.items))}[]`;
    case 'enum':
      return type.symbols.map((symbol) => `'${symbol}'`).join(' | ');
    case 'long':
      return 'Millis';
    case 'record':
      return type.name;
  }
}

const bracketed = (type: string) => (type.includes('|') ? `(${type})` : type);

function primitive(type: string): string {
  const known: Record<string, string> = {
    null: 'null',
    string: 'string',
    boolean: 'boolean',
    bytes: 'Buffer',
    int: 'number',
    long: 'number',
    double: 'number',
  };
  return known[type] ?? (type.split('.').at(-1) as string);
}

const dataFields = (record: AvroRecord) =>
  record.fields
    .filter((field) => field.name !== 'meta')
    .map((field) => `  ${field.name}: ${typeScript(field.type)};`)
    .join('\n');

const title = (word: string) => word.charAt(0).toUpperCase() + word.slice(1);

function contextUnion(context: string): string {
  const members = eventSchemas
    .filter((event) => event.context === context)
    .map(({ type }) => `  | Event<'${type}', ${type}>`)
    .join('\n');
  return `export type ${title(context)}Event =\n${members};\n`;
}

/** The text of `generated/events.ts`. */
export function generatedEvents(): string {
  const records = eventSchemas.map(
    ({ type, schema }) =>
      `/** ${schema.doc} */\nexport type ${type} = {\n${dataFields(schema)}\n};\n`,
  );
  const personal = records.some((record) => record.includes(': PersonalText'));
  return [
    '// Generated from the .avsc files by `npm run schemas:generate`. Do not edit.',
    "import type { Event, Millis } from '#kernel/event.ts';",
    personal ? "import type { PersonalText } from '#kernel/personal-text.ts';\n" : '',
    ...records,
    ...contexts.map(contextUnion),
  ].join('\n');
}

export const generatedFile = join(import.meta.dirname, 'generated', 'events.ts');

if (import.meta.main) writeFileSync(generatedFile, generatedEvents());
