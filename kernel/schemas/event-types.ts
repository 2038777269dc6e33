import { join } from 'node:path';
import type { AvroRecord, AvroType, EventSchema } from './event-schema.ts';
import type { Schemas } from './load-schemas.ts';

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

function contextUnion(context: string, eventSchemas: readonly EventSchema[]): string {
  const members = eventSchemas
    .filter((event) => event.context === context)
    .map(({ type }) => `  | Event<'${type}', ${type}>`)
    .join('\n');
  return `export type ${title(context)}Event =\n${members};\n`;
}

/** The text of `generated/events.ts`: the TypeScript types of all events. */
export function generatedEvents({ contexts, eventSchemas }: Schemas): string {
  const records = eventSchemas.map(
    ({ type, schema }) =>
      `/** ${schema.doc} */\nexport type ${type} = {\n${dataFields(schema)}\n};\n`,
  );
  const personal = records.some((text) => text.includes(': PersonalText')) ? ', PersonalText' : '';
  return [
    '// Generated from the .avsc files. Do not edit.',
    `import type { Event, Millis${personal} } from '@event-sourced/kernel/event';\n`,
    ...records,
    ...contexts.map((context) => contextUnion(context, eventSchemas)),
  ].join('\n');
}

/** The file that holds the generated types. */
export const generatedFile = ({ folder }: Pick<Schemas, 'folder'>): string =>
  join(folder, 'generated', 'events.ts');
