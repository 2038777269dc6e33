import type { Request } from 'express';
import { z } from 'zod';
import { type FieldError, Problem } from '../problems.ts';

type Fields = Record<string, unknown>;

/** The most wrong fields that an answer names. */
const maxErrors = 50;

/**
 * Reads a request into one validated object: path parameters with the query (GET, DELETE) or
 * with the body (PUT, POST). Fields that the schema doesn't have are errors.
 * @param elsewhere query parameters that other code reads.
 * @param from `query` for a POST whose body is read in another way.
 * @throws Problem `invalid-input` with every wrong field.
 */
export function input<S extends z.ZodType>(
  schema: S,
  { elsewhere = [] as readonly string[], from = 'body' as 'body' | 'query' } = {},
): (req: Request) => z.output<S> {
  const strict = schema instanceof z.ZodObject ? schema.strict() : schema;
  const shape = schema instanceof z.ZodObject ? (schema.shape as Record<string, z.ZodType>) : {};
  const known = Object.keys(shape);
  return (req) => {
    const query = without(queryOf(req), elsewhere);
    const hasBody = from === 'body' && methodsWithBody.has(req.method);
    const given = hasBody ? bodyFields(req.body) : query;
    const { values, errors } = joined(req.params, given, shape);
    unreadable(req.params, errors);
    unreadable(query, errors);
    if (hasBody) for (const name in query) errors.push(unknown(name, []));
    const parsed = strict.safeParse(values, { error: hasBody ? bodyMessage : queryMessage });
    if (parsed.success && errors.length === 0) return parsed.data as z.output<S>;
    if (!parsed.success) errors.push(...fieldErrors(parsed.error, known));
    throw new Problem('invalid-input', summary(errors), { errors: errors.slice(0, maxErrors) });
  };
}

const noQuery: Fields = Object.freeze({});

/** Express reads the query anew each time that it is asked. */
export const queryOf = (req: Request): Fields => (req.url.includes('?') ? req.query : noQuery);

const methodsWithBody = new Set(['PUT', 'POST', 'PATCH']);

const summary = (errors: FieldError[]) =>
  errors.length === 1
    ? `${errors[0]?.path}: ${errors[0]?.message}.`
    : `${errors.length} fields are wrong; see \`errors\`.`;

function without(query: Fields, names: readonly string[]): Fields {
  if (!names.some((name) => name in query)) return query;
  return Object.fromEntries(Object.entries(query).filter(([name]) => !names.includes(name)));
}

function bodyFields(body: unknown): Fields {
  if (body === undefined) return {};
  if (typeof body === 'object' && body !== null && !Array.isArray(body)) return body as Fields;
  const errors = [{ path: '', message: `has to be a JSON object, not ${kindOf(body)}` }];
  throw new Problem('invalid-input', `The body ${errors[0]?.message}.`, { errors });
}

/** The path decides: a body or query may repeat its parameters, but not contradict them. */
function joined(params: Fields, given: Fields, shape: Record<string, z.ZodType>) {
  const read = (name: string, value: unknown) => shape[name]?.safeParse(value).data ?? value;
  const errors: FieldError[] = [];
  for (const path in params) {
    if (!Object.hasOwn(given, path) || read(path, given[path]) === read(path, params[path]))
      continue;
    errors.push({ path, message: 'is not the one in the path' });
  }
  return { values: { ...given, ...params }, errors };
}

const controlCharacters = /\p{Cc}/u;

/** No path or query needs a control character; a NUL byte would reach databases and logs. */
function unreadable(fields: Fields, errors: FieldError[]): void {
  for (const path in fields) {
    // A list as text is its values, joined with commas.
    if (!controlCharacters.test(String(fields[path]))) continue;
    errors.push({ path, message: 'must not contain control characters' });
  }
}

type RawIssue = z.core.$ZodRawIssue;

/** For schemas that don't say themselves what they want. */
function bodyMessage(issue: RawIssue): string | undefined {
  const { code, input } = issue;
  if (input === undefined) return 'is required';
  if (code === 'invalid_value') return `has to be one of ${issue.values.join(', ')}`;
  if (code === 'too_big' || code === 'too_small') return boundMessage(issue);
  if (code !== 'invalid_type') return undefined;
  return `has to be ${kinds[issue.expected] ?? `of type ${issue.expected}`}, not ${kindOf(input)}`;
}

const counted: Record<string, string> = { string: 'characters', array: 'items' };

function boundMessage(issue: RawIssue & { code: 'too_big' | 'too_small' }): string | undefined {
  const isMost = issue.code === 'too_big';
  const [words, bound] = isMost ? ['at most', issue.maximum] : ['at least', issue.minimum];
  const unit = counted[issue.origin];
  if (unit) return `must have ${words} ${bound} ${bound === 1 ? unit.slice(0, -1) : unit}`;
  return issue.inclusive ? `has to be ${words} ${bound}` : undefined;
}

const kinds: Record<string, string> = {
  ...{ string: 'text', number: 'a number', int: 'a whole number', boolean: 'true or false' },
  ...{ array: 'a list', object: 'a JSON object', null: 'null' },
};

function kindOf(value: unknown): string {
  if (value === null || Array.isArray(value)) return value === null ? 'null' : 'a list';
  return kinds[typeof value] ?? 'that';
}

const queryMessage = (issue: RawIssue): string | undefined =>
  Array.isArray(issue.input) ? 'was given more than once' : bodyMessage(issue);

const unknown = (name: string, known: readonly string[]): FieldError => ({
  path: name.slice(0, 100),
  message: known.length === 0 ? 'is not known here' : `is not known; known: ${known.join(', ')}`,
});

/** The wrong fields that a zod error names, each message once. */
export function fieldErrors(error: z.ZodError, known: readonly string[] = []): FieldError[] {
  const all = error.issues.flatMap((issue) => {
    const path = issue.path.map(String).join('.');
    if (issue.code !== 'unrecognized_keys') return [{ path, message: issue.message }];
    const inside = issue.path.length === 0 ? known : [];
    return issue.keys.map((key) => unknown(path ? `${path}.${key}` : key, inside));
  });
  // Two rules may say the same of a number that is far too large.
  return [...new Map(all.map((one) => [`${one.path} ${one.message}`, one])).values()];
}
