import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { operator } from '../auth/roles.ts';
import { subjectOf } from '../codec/codec.ts';
import {
  type AskRegistry,
  RegistryAwayError,
  registryRequests,
} from '../codec/registry-requests.ts';
import { Problem, problemType } from '../problems.ts';
import { query } from '../query.ts';
import type { AvroRecord, EventSchema } from '../schemas/event-schema.ts';
import { registryProblems } from '../schemas/registry-check.ts';
import type { Operations } from './operations.ts';

export const schemaUnknown = problemType('schema-unknown', 404, 'There is no such event type');

/** Of an event type, by Avro’s rules for names. */
export const AvroName = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_]{0,199}$/, 'has to be the name of an event type');

const Difference = z.object({
  path: z.string(),
  change: z.enum(['added', 'removed', 'changed']),
  before: z.unknown(),
  after: z.unknown(),
});
type Difference = z.input<typeof Difference>;

const Subject = z.object({
  subject: z.string(),
  context: z.string(),
  type: z.string(),
  versions: z.array(z.int()),
});

const Version = z.object({
  version: z.int(),
  id: z.int(),
  schema: z.unknown(),
  differences: z.array(Difference).meta({ description: 'From the version before.' }),
});

/** An answer about a schema that somebody has pasted. */
export const SchemaCheck = z.object({
  compatible: z.boolean(),
  messages: z.array(z.string()),
  differences: z.array(Difference).meta({ description: "From today's schema." }),
});

export const schemasQuery = query({
  name: 'ops-schemas',
  summary: 'Every event type and the versions of its schema in the registry',
  route: 'GET /v1/ops/schemas',
  views: [],
  for: operator,
  input: z.object({}),
  example: {},
  output: z.object({ items: z.array(Subject) }),
  async answer(_, { operations }) {
    const ask = registryOf(operations);
    const items = operations.schemas.map(async (event) => {
      const subject = subjectOf(operations.prefix, event);
      const { context, type } = event;
      return { subject, context, type, versions: await versionsOf(ask, subject) };
    });
    return { items: await unlessAway(Promise.all(items)) };
  },
});

export const schemaQuery = (example: { type: string }) =>
  query({
    name: 'ops-schema',
    summary: 'The versions of an event type’s schema, and what each has changed',
    route: 'GET /v1/ops/schemas/:type',
    views: [],
    for: operator,
    input: z.object({ type: AvroName }),
    example,
    output: z.object({ subject: z.string(), type: z.string(), versions: z.array(Version) }),
    problems: [schemaUnknown],
    async answer({ type }, { operations }) {
      const subject = subjectOf(operations.prefix, schemaOf(operations, type));
      const registered = await unlessAway(registeredIn(registryOf(operations), subject));
      const versions = registered.map((one, at) => ({
        ...one,
        differences: at === 0 ? [] : differencesOf(registered[at - 1]!.schema, one.schema),
      }));
      return { subject, type, versions };
    },
  });

/** Whether the registry would take a schema; nothing is registered. */
export async function checkSchema(
  operations: Operations,
  type: string,
  text: string,
): Promise<z.input<typeof SchemaCheck>> {
  const event = schemaOf(operations, type);
  let schema: AvroRecord;
  try {
    schema = JSON.parse(text) as AvroRecord;
  } catch (error) {
    const messages = [`It is no JSON: ${(error as Error).message}`];
    return { compatible: false, messages, differences: [] };
  }
  const { prefix, registryUrl } = operations;
  try {
    const differences = differencesOf(event.schema, schema);
    const messages = await registryProblems(registryUrl, prefix, [{ ...event, schema }]);
    return { compatible: messages.length === 0, messages, differences };
  } catch (error) {
    if (error instanceof RegistryAwayError) throw away(error);
    const messages = [`It is no schema of an event: ${(error as Error).message}`];
    return { compatible: false, messages, differences: [] };
  }
}

function schemaOf({ schemas }: Operations, type: string): EventSchema {
  const found = schemas.find((event) => event.type === type);
  if (found) return found;
  throw new Problem(schemaUnknown, `There is no event type ${type}.`);
}

const registryOf = ({ registryUrl }: Operations): AskRegistry =>
  registryRequests({ url: registryUrl }, { timeoutMs: 4_000 });

const Versions = z.array(z.int());
const Registered = z.object({ version: z.int(), id: z.int(), schema: z.string() });

async function versionsOf(ask: AskRegistry, subject: string): Promise<number[]> {
  const path = `subjects/${encodeURIComponent(subject)}/versions`;
  const answer = await ask(path, Versions, { refusals: [404] });
  return answer.ok ? answer.body : [];
}

async function registeredIn(ask: AskRegistry, subject: string) {
  const path = `subjects/${encodeURIComponent(subject)}/versions`;
  const versions = await versionsOf(ask, subject);
  const answers = await Promise.all(
    versions.map((version) => ask(`${path}/${version}`, Registered, { refusals: [404] })),
  );
  return answers.flatMap((answer) =>
    answer.ok ? [{ ...answer.body, schema: JSON.parse(answer.body.schema) as AvroRecord }] : [],
  );
}

/** What a schema has that another one lacks, field by field, down into records. */
export function differencesOf(before: unknown, after: unknown): Difference[] {
  const [from, to] = [fieldsIn(before), fieldsIn(after)];
  const gone = [...from].filter(([path]) => !to.has(path));
  const changed = [...to].flatMap(([path, field]): Difference[] => {
    if (!from.has(path)) return [{ path, change: 'added', before: null, after: field }];
    const was = from.get(path);
    if (isDeepStrictEqual(was, field)) return [];
    return [{ path, change: 'changed', before: was, after: field }];
  });
  return [
    ...gone.map(([path, field]) => ({
      path,
      change: 'removed' as const,
      before: field,
      after: null,
    })),
    ...changed,
  ];
}

/** By path, each field without the fields of the record that it may be. */
function fieldsIn(schema: unknown, path = ''): Map<string, unknown> {
  const found = new Map<string, unknown>();
  const type = schema as { fields?: unknown } | null;
  if (!Array.isArray(type?.fields)) return found;
  for (const field of type.fields as { name: string; type: unknown }[]) {
    const own = path === '' ? field.name : `${path}.${field.name}`;
    const inner = [field.type].flat().flatMap((one) => [...fieldsIn(one, own)]);
    const named = [field.type].flat().map(withoutFields);
    found.set(own, { ...field, type: Array.isArray(field.type) ? named : named[0] });
    for (const [name, one] of inner) found.set(name, one);
  }
  return found;
}

const withoutFields = (type: unknown): unknown =>
  typeof type === 'object' && type !== null && 'fields' in type
    ? { ...type, fields: undefined }
    : type;

async function unlessAway<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw error instanceof RegistryAwayError ? away(error) : error;
  }
}

const away = (cause: Error) =>
  new Problem('part-away', 'The schema registry is out of reach; try again.', { cause });
