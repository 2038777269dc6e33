import type { z } from 'zod';
import { createDocument } from 'zod-openapi';
import { aggregatesOf, type Batch, type Command, commandsOf } from '../aggregate.ts';
import type { LiveDefinition } from '../live/open-live.ts';
import type { ProblemType } from '../problems.ts';
import type { LineQuery, Query } from '../query.ts';
import { batchOperations } from './batch-operations.ts';
import { commandOperations } from './command-operations.ts';
import { lineOperations, lineSchemas } from './line-operations.ts';
import { liveOperation } from './live-operation.ts';
import { type Operation, pathsOf } from './operation.ts';
import { operationsRoutes } from './operations-routes.ts';
import { type OperatorsDefinition, operatorsOperations } from './operators-operations.ts';
import { type ProblemResponses, problemResponses } from './problem-responses.ts';
import { queryOperations } from './query-operations.ts';
import { streamOperation } from './stream-operation.ts';

export type ApiDefinition = {
  title: string;
  /** Markdown. */
  description: string;
  /** The roles that tokens may name, for the texts about tokens. */
  roles: readonly string[];
  /** Completes the sentence "Examples …": by which user they were recorded, and on which data. */
  examplesBy?: string;
  commands?: readonly Command[];
  batches?: readonly Batch[];
  queries?: readonly Query[];
  lineQueries?: readonly LineQuery[];
  live?: LiveDefinition;
  operators?: OperatorsDefinition;
  /** Set for a service that shows operators the streams: one of these, for the example. */
  stream?: string;
  /** By operation, the answer to its example when the answers were last recorded. */
  answers?: Record<string, unknown>;
  /** Schemas to which only texts refer, by name. */
  schemas?: Record<string, z.ZodType>;
  /** Operations that are neither one command nor one query. */
  others?: (problemsAs: ProblemResponses, answers: Record<string, unknown>) => Operation[];
};

export type ApiDocument = ReturnType<typeof createDocument>;

const version = '1';

/** The OpenAPI document of a service, made from the definitions that the service runs on. */
export function apiDocument(api: ApiDefinition): ApiDocument {
  const { title, commands = [], batches = [], queries = [], answers = {} } = api;
  const { lineQueries = [] } = api;
  const schemas = { ...api.schemas, ...lineSchemas(lineQueries) };
  const all = [...commands, ...commandsOf(batches)];
  const topics = aggregatesOf(all).map(({ topic }) => topic);
  const problemsAs = problemResponses(problemsOf(all, [...queries, ...lineQueries]));
  const operations: Operation[] = [
    ...commandOperations(commands, answers, problemsAs),
    ...batchOperations(batches, answers, problemsAs),
    ...queryOperations(queries, answers, problemsAs),
    ...lineOperations(lineQueries, answers, problemsAs),
    ...(api.live ? [liveOperation(api.live, problemsAs)] : []),
    ...(api.operators ? operatorsOperations(api.operators, problemsAs) : []),
    ...(api.stream ? [streamOperation(api.stream, topics, problemsAs)] : []),
    ...(api.others?.(problemsAs, answers) ?? []),
    ...operationsRoutes(problemsAs),
  ];
  const roles = api.roles.join(', ');
  const examples = api.examplesBy ? [`**Examples** ${api.examplesBy}`] : [];
  const document = createDocument({
    openapi: '3.1.1',
    info: {
      title,
      version,
      description: [api.description, common, ...examples].join('\n\n'),
    },
    // A relative URL: the service that the document was fetched from.
    servers: [{ url: '/' }],
    paths: pathsOf(operations),
    components: { securitySchemes: { bearer: bearerScheme(roles) }, schemas },
  });
  showParameters(document, operations);
  return document;
}

/** The application's own problem types, as the definitions list them. */
export const problemsOf = (
  commands: readonly Command[],
  queries: readonly Pick<Query, 'problems'>[],
): Set<ProblemType> =>
  new Set([
    ...commands.flatMap(({ problems = [] }) => problems),
    ...commands.flatMap(({ requires = [] }) => requires.flatMap(({ problems = [] }) => problems)),
    ...queries.flatMap(({ problems = [] }) => problems),
  ]);

/** Parameters share their schemas, so an example's value is put beside the schema. */
function showParameters({ paths = {} }: ApiDocument, operations: readonly Operation[]): void {
  for (const { path, method, input = {} } of operations) {
    for (const parameter of paths[path]?.[method]?.parameters ?? []) {
      if ('$ref' in parameter || parameter.in === 'header') continue;
      const { name, schema } = parameter;
      if (name in input) parameter.example = asTyped(input[name], schema);
    }
  }
}

/** A parameter is sent as text, also where its schema shows the number that the text stands for. */
const asTyped = (value: unknown, schema: unknown) =>
  (schema as { type?: unknown } | undefined)?.type === 'integer' ? Number(value) : value;

const bearerScheme = (roles: string) =>
  ({
    type: 'http',
    scheme: 'bearer',
    bearerFormat: 'JWT',
    description: `\`sub\` is the user, \`roles\` a list out of ${roles}.`,
  }) as const;

const common = `**Errors** are \`application/problem+json\` (RFC 9457), each with a \`code\` and a
\`requestId\`. A path that is not here answers 404 \`route-unknown\`, another method 405
\`method-not-allowed\`. 429 and 503 say in \`Retry-After\` how many
seconds to wait. \`RateLimit\` and \`RateLimit-Policy\` (an IETF draft) say how many requests are
left of those that a minute allows: to a user, or to an address for requests without a token.

**Read your writes:** every answer has a \`Consistency-Token\`. Send it with the next request to
either service, and that one sees at least what you have seen.

**Times** are RFC 3339 in UTC, with milliseconds. **HEAD** works wherever GET does.`.replaceAll(
  /(?<!\n)\n(?!\n)/g,
  ' ',
);
