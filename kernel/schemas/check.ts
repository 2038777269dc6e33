import { readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { avroType } from '../codec/avro.ts';
import { EventType, headerBytes, WrittenForm } from '../codec/event-bytes.ts';
import { compatibilityCure, unreadable } from './compatibility.ts';
import type { EventSchema } from './event-schema.ts';
import { generatedEvents, generatedFile } from './event-types.ts';
import { type Golden, goldenFolder, goldenOf, goldenTypes, sameSchema } from './golden.ts';
import type { Schemas } from './load-schemas.ts';

/**
 * Whether today's code can read every event ever written, and yesterday's code today's events.
 * Each check returns one line per problem: event, field, cure.
 */

/** The generated types must be those of the schemas. */
export function driftProblems(schemas: Schemas, file = generatedFile(schemas)): string[] {
  if (readFileSync(file, 'utf8') === generatedEvents(schemas)) return [];
  return ['generated/events.ts is not what the .avsc files say: generate it again'];
}

/** Today's schemas against the golden events, without a registry. */
export function goldenProblems(schemas: readonly EventSchema[], folder: string): string[] {
  const types = new Set(schemas.map(({ type }) => type));
  const lost = goldenTypes(folder).filter((type) => !types.has(type));
  return [
    ...lost.map(
      (type) => `${type}: its schema is gone, but its events stay. Restore ${type}.avsc.`,
    ),
    ...schemas
      .filter((schema) => !hasGolden(schema, folder))
      .map(({ type }) => `${type}: no golden event for today's schema: generate it`),
    ...brokenPromises(schemas, folder),
  ];
}

const hasGolden = ({ type, schema }: EventSchema, folder: string): boolean =>
  goldenOf(type, folder).some((golden) => sameSchema(golden.schema, schema));

/** Where today's code can't read golden events, or their code today's events. */
export const brokenPromises = (schemas: readonly EventSchema[], folder: string): string[] =>
  schemas.flatMap((schema) => eventProblems(schema, goldenOf(schema.type, folder)));

function eventProblems(event: EventSchema, golden: readonly Golden[]): string[] {
  const problems: string[] = [];
  try {
    const today = new EventType(event, event.context);
    golden.forEach((one, i) => {
      problems.push(...versionProblems(today, one, `golden event ${i + 1}`));
    });
  } catch (error) {
    problems.push(`${event.type}: not a valid event schema: ${(error as Error).message}`);
  }
  return problems;
}

function versionProblems(today: EventType, golden: Golden, version: string): string[] {
  const written = avroType(golden.schema);
  const back = unreadable(today.written, written, today.name);
  const forth = unreadable(written, today.written, today.name);
  if (back.length + forth.length === 0) return valueProblems(today, written, golden, version);
  return [
    ...back.map((reason) => `${reason} (today's code reading ${version}). ${compatibilityCure}`),
    ...forth.map(
      (reason) => `${reason} (the code of ${version} reading today's). ${compatibilityCure}`,
    ),
  ];
}

/** Reads golden bytes with the code that reads the log. */
function valueProblems(
  today: EventType,
  written: ReturnType<typeof avroType>,
  golden: Golden,
  version: string,
) {
  const expected = written.fromString(JSON.stringify(golden.event)) as Values;
  const value = Buffer.concat([Buffer.alloc(headerBytes), Buffer.from(golden.bytes, 'base64')]);
  const form = new WrittenForm(today, written);
  const read = { ...(form.data(value) as Values), meta: form.meta(value) };
  return differences(expected, read, today.name).map(
    (path) =>
      `${path}: ${version} reads as another value than it was written with. ` +
      'Its file must never be edited: restore it.',
  );
}

type Values = Record<string, unknown>;

/** The paths of fields that differ. A field that only one of the events has is no difference. */
function differences(expected: Values, read: Values, path: string): string[] {
  return Object.keys(expected)
    .filter((name) => name in read)
    .flatMap((name) => {
      const [a, b] = [expected[name], read[name]];
      if (isRecordValue(a) && isRecordValue(b)) return differences(a, b, `${path}.${name}`);
      return isDeepStrictEqual(a, b) ? [] : [`${path}.${name}`];
    });
}

const isRecordValue = (value: unknown): value is Values =>
  typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;

/** All checks that need no registry. */
export const localProblems = (schemas: Schemas): string[] => [
  ...driftProblems(schemas),
  ...goldenProblems(schemas.eventSchemas, goldenFolder(schemas)),
];
