import { z } from 'zod';
import type { ZodOpenApiOperationObject, ZodOpenApiPathsObject } from 'zod-openapi';
import type { Role } from '../auth/roles.ts';

export type Method = 'get' | 'put' | 'post' | 'delete';
export type Fields = Record<string, unknown>;

/** The name of each operation's example in the document. */
export const exampleName = 'example';

/** The parts of a route such as `PUT /v1/parcels/:parcelId`; the path as OpenAPI writes it. */
export function readRoute(route: string): { method: Method; path: string; params: string[] } {
  const [verb, express] = route.split(' ') as [string, string];
  const params = [...express.matchAll(/:(\w+)/g)].map(([, name]) => name as string);
  const path = express.replaceAll(/(?<!\\):(\w+)/g, '{$1}').replaceAll('\\', '');
  return { method: verb.toLowerCase() as Method, path, params: params.filter(inBraces(path)) };
}

const inBraces = (path: string) => (name: string) => path.includes(`{${name}}`);

/** The fields of an object schema: those that are path parameters, and the rest. */
export function split(schema: z.ZodObject, params: readonly string[]) {
  const fields = Object.entries(schema.shape) as [string, z.ZodType][];
  const inPath = fields.filter(([name]) => params.includes(name));
  const rest = fields.filter(([name]) => !params.includes(name));
  return {
    path: z.strictObject(Object.fromEntries(inPath.map(([name, field]) => [name, once(field)]))),
    rest: z.strictObject(Object.fromEntries(rest)),
  };
}

/** A field that a query may leave out or repeat is in the path exactly once. */
function once(field: z.ZodType): z.ZodType {
  if (!field.safeParse(undefined).success) return field;
  const { anyOf = [] } = z.toJSONSchema(field, { io: 'input' });
  const { pattern } = anyOf.find(({ type }) => type === 'string') ?? {};
  return z
    .string()
    .min(1)
    .meta({ ...(pattern && { pattern }) });
}

export const hasFields = (schema: z.ZodObject): boolean => Object.keys(schema.shape).length > 0;

/** The `security` of an operation that needs a bearer token. */
export const bearer = { bearer: [] as string[] };

/** The sentence that says which role an operation needs. */
export const needs = (role: Role | readonly Role[]): string =>
  `Needs the role ${[role].flat().join(' or ')}.`;

/** One operation of a document, where it is, and the input of its example. */
export type Operation = {
  path: string;
  method: Method;
  operation: ZodOpenApiOperationObject;
  input?: Fields | undefined;
};

/** Puts operations of the same path together. */
export function pathsOf(operations: readonly Operation[]): ZodOpenApiPathsObject {
  const paths: Record<string, Record<string, ZodOpenApiOperationObject>> = {};
  for (const { path, method, operation } of operations) {
    paths[path] = { ...paths[path], [method]: operation };
  }
  return paths;
}
