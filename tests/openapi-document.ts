import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import type { ApiDocument } from '#kernel/openapi/document.ts';

/** Reads an OpenAPI document the way a client's tools would. */

export type Operation = {
  id: string;
  method: string;
  path: string;
  security: object[];
  parameters: Parameter[];
  body: { type: string; example: unknown } | null;
  /** The status, headers and example of the successful answer. */
  answer: { status: number; type: string; example: unknown; headers: string[] };
  statuses: number[];
};
export type Parameter = { name: string; in: string; required?: boolean; example?: unknown };

type Json = Record<string, unknown>;
type Content = Record<string, { schema: Json; examples?: Record<string, { value: unknown }> }>;
type Response = { content?: Content; headers?: Json };
type RawOperation = {
  operationId: string;
  security: object[];
  parameters?: (Parameter | { $ref: string })[];
  requestBody?: { content: Content };
  responses: Record<string, Response | { $ref: string }>;
};

/** An object itself, or the one that its `$ref` points to. */
export function resolved<T>(document: object, thing: T | { $ref: string }): T {
  if (typeof thing !== 'object' || thing === null || !('$ref' in thing)) return thing as T;
  const names = thing.$ref.replace('#/', '').split('/');
  return names.reduce<unknown>((at, name) => (at as Json)[name], document) as T;
}

export function operationsOf(document: ApiDocument): Operation[] {
  const paths = Object.entries(document.paths ?? {}) as [string, Record<string, RawOperation>][];
  return paths.flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, raw]) => operation(document, path, method, raw)),
  );
}

function operation(
  document: ApiDocument,
  path: string,
  method: string,
  raw: RawOperation,
): Operation {
  const statuses = Object.keys(raw.responses).map(Number);
  const status = statuses.includes(201) ? 201 : 200;
  // Headers that only some answers have are not required.
  const isAlways = (one: unknown) => resolved<Json>(document, one as Json).required === true;
  const { content = {}, headers = {} } = resolved<Response>(
    document,
    raw.responses[status] as Response,
  );
  const always = Object.keys(headers).filter((name) => isAlways(headers[name]));
  return {
    ...{ id: raw.operationId, method: method.toUpperCase(), path, statuses },
    security: raw.security,
    parameters: (raw.parameters ?? []).map((one) => resolved<Parameter>(document, one)),
    body: raw.requestBody ? exampleOf(raw.requestBody.content) : null,
    answer: { status, ...exampleOf(content), headers: always },
  };
}

function exampleOf(content: Content) {
  const [type, media] = Object.entries(content)[0] ?? [''];
  return { type, example: media?.examples?.example?.value };
}

export type Check = (value: unknown) => string[];

/** Validates values against the document's schemas. Each check returns a line per error. */
export function checks(document: ApiDocument) {
  const ajv = new Ajv2020({ strict: false, allErrors: true, validateFormats: true });
  formats.default(ajv);
  ajv.addSchema(document, 'document');
  const at = (...names: string[]): Check => {
    const pointer = names.map((name) =>
      encodeURIComponent(name.replaceAll('~', '~0').replaceAll('/', '~1')),
    );
    const validate = ajv.compile({ $ref: `document#/${pointer.join('/')}` });
    return (value) =>
      validate(value)
        ? []
        : (validate.errors ?? []).map((one) =>
            [one.instancePath, one.message, JSON.stringify(one.params)].join(' '),
          );
  };
  const media = (type: string) => ['content', type, 'schema'];
  return {
    schema: (name: string) => at('components', 'schemas', name),
    body: ({ path, method, body }: Operation) =>
      at('paths', path, method.toLowerCase(), 'requestBody', ...media(body?.type ?? '')),
    answer: ({ path, method }: Operation, status: number, type: string) => {
      const where = ['paths', path, method.toLowerCase(), 'responses', String(status)];
      const found = where.reduce<unknown>((in_, name) => (in_ as Json)?.[name], document);
      if (found === undefined) return () => [`${method} ${path} documents no ${status}`];
      const ref = (found as { $ref?: string }).$ref;
      return at(...(ref ? ref.replace('#/', '').split('/') : where), ...media(type));
    },
  };
}
