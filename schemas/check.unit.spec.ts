import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type AvroField,
  driftProblems,
  type EventSchema,
  localProblems,
  goldenProblems as problemsWith,
} from '@event-sourced/kernel/schemas';
import { afterEach, describe, expect, it } from 'vitest';
import { generatedFile } from '#kernel/schemas/event-types.ts';
import { addGolden, goldenFolder, goldenOf as goldenIn } from '#kernel/schemas/golden.ts';
import { eventSchemas, schemas } from './load.ts';

const committed = goldenFolder(schemas);
const goldenProblems = (changed: readonly EventSchema[], folder = committed) =>
  problemsWith(changed, folder);
const goldenOf = (type: string, folder = committed) => goldenIn(type, folder);

const temporary: string[] = [];
function goldenCopy(): string {
  const folder = mkdtempSync(join(tmpdir(), 'golden-'));
  temporary.push(folder);
  cpSync(committed, folder, { recursive: true });
  return folder;
}
afterEach(() => {
  for (const folder of temporary.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** All schemas, with other fields for VoteCast. */
const withVoteCast = (change: (fields: AvroField[]) => AvroField[]): EventSchema[] =>
  eventSchemas.map((event) =>
    event.type === 'VoteCast'
      ? { ...event, schema: { ...event.schema, fields: change(event.schema.fields) } }
      : event,
  );
const withType = (name: string, type: AvroField['type']) => (fields: AvroField[]) =>
  fields.map((field) => (field.name === name ? { ...field, type } : field));

describe('today’s schemas', () => {
  it('have the generated types and golden events', () => {
    expect(localProblems(schemas)).toEqual([]);
  });

  it('are refused if the generated types were edited', () => {
    const edited = join(goldenCopy(), 'events.ts');
    writeFileSync(edited, readFileSync(generatedFile(schemas), 'utf8').replace('movieId', 'movie'));
    expect(driftProblems(schemas, edited)).toEqual([expect.stringContaining('generate it again')]);
  });
});

describe('an incompatible change is refused, and the field named', () => {
  const device: AvroField = { name: 'device', type: 'string' };
  it.each<[string, EventSchema[], RegExp]>([
    [
      'a field without a default removed',
      withVoteCast((fields) => fields.filter(({ name }) => name !== 'userId')),
      /^VoteCast\.userId: is missing .* Only add or remove fields that have a default/,
    ],
    [
      'a field without a default added',
      withVoteCast((fields) => [...fields, device]),
      /^VoteCast\.device: is missing .* has no default \(today's code reading golden event 1\)/,
    ],
    [
      'another type',
      withVoteCast(withType('movieId', 'int')),
      /^VoteCast\.movieId: what was written as "string" can't be read as "int"/,
    ],
    [
      'a wider type, which old code can’t read',
      withVoteCast(withType('userId', ['null', 'string'])),
      /^VoteCast\.userId: .*\(the code of golden event 1 reading today's\)/,
    ],
    [
      'a new symbol',
      withVoteCast(
        withType('vote', { type: 'enum', name: 'Vote', symbols: ['like', 'dislike', 'meh'] }),
      ),
      /^VoteCast\.vote: /,
    ],
    [
      'a default that doesn’t fit its type',
      withVoteCast((fields) => [...fields, { ...device, default: 3 }]),
      /^VoteCast: not a valid event schema/,
    ],
    [
      'the whole event',
      eventSchemas.filter(({ type }) => type !== 'VoteCast'),
      /^VoteCast: its schema is gone.*Restore VoteCast\.avsc/,
    ],
  ])('%s', (_name, changed, expected) => {
    expect(goldenProblems(changed)).toContainEqual(expect.stringMatching(expected));
    expect(goldenProblems(changed).every((line) => line.startsWith('VoteCast'))).toBe(true);
  });

  it('a field of meta, for every event', () => {
    const changed = eventSchemas.map((event) => {
      const [meta, ...fields] = event.schema.fields as [AvroField, ...AvroField[]];
      const type = meta.type as EventSchema['schema'];
      const shorter = { ...type, fields: type.fields.filter(({ name }) => name !== 'actor') };
      return {
        ...event,
        schema: { ...event.schema, fields: [{ ...meta, type: shorter }, ...fields] },
      };
    });
    const lines = goldenProblems(changed);
    for (const { type } of changed) {
      expect(lines).toContainEqual(expect.stringContaining(`${type}.meta.actor: is missing`));
    }
  });
});

describe('golden events', () => {
  const compatible = withVoteCast((fields) => [
    ...fields,
    { name: 'device', type: ['null', 'string'], default: null },
  ]);
  const example = () => ({
    type: 'VoteCast',
    ...asEvent(goldenOf('VoteCast')[0]?.event as Record<string, unknown>),
  });
  const asEvent = ({ meta, ...data }: Record<string, unknown>) => ({
    meta: { ...(meta as object), causationid: null } as never,
    data: { ...data, previousCastAt: null, device: null },
  });

  it('have to be generated after a compatible change, which passes from then on', () => {
    const folder = goldenCopy();
    expect(goldenProblems(compatible, folder)).toEqual([
      "VoteCast: no golden event for today's schema: generate it",
    ]);
    expect(addGolden(compatible, folder, example)).toEqual(['VoteCast']);
    expect(goldenProblems(compatible, folder)).toEqual([]);
    expect(addGolden(compatible, folder, example)).toEqual([]);
    expect(goldenOf('VoteCast', folder).slice(0, -1)).toEqual(goldenOf('VoteCast'));
  });

  it('keep a version readable that is no longer today’s', () => {
    const folder = goldenCopy();
    addGolden(compatible, folder, example);
    expect(goldenProblems(eventSchemas, folder)).toEqual([]);
    const changed = withVoteCast((fields) => [
      ...fields,
      { name: 'device', type: 'int', default: 0 },
    ]);
    const reasons = goldenProblems(changed, folder).filter((line) => line.includes('device'));
    const { length } = goldenOf('VoteCast', folder);
    expect(reasons.join('\n')).toMatch(`golden event ${length}`);
  });

  it('are refused if they were edited', () => {
    const folder = goldenCopy();
    const file = join(folder, 'VoteCast.json');
    writeFileSync(file, readFileSync(file, 'utf8').replace('"userId": "alice"', '"userId": "bob"'));
    expect(goldenProblems(eventSchemas, folder)).toEqual([
      expect.stringMatching(/^VoteCast\.userId: golden event 1 reads as another value/),
    ]);
  });

  it('need not be generated after a change of documentation', () => {
    const documented = withVoteCast((fields) => fields.map((field) => ({ ...field, doc: 'New.' })));
    expect(goldenProblems(documented)).toEqual([]);
  });
});
