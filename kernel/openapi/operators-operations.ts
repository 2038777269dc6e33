import { z } from 'zod';
import { operator } from '../auth/roles.ts';
import type { Filters } from '../operations/event-limits.ts';
import { SchemaCheckInput } from '../operations/operations-routes.ts';
import { SchemaCheck, schemaUnknown } from '../operations/schemas.ts';
import { tailInput } from '../operations/tail.ts';
import { answerHeaders, requestHeaders } from './headers.ts';
import { bearer, exampleName, needs, type Operation, readRoute, split } from './operation.ts';
import type { ProblemResponses } from './problem-responses.ts';

const messages = `Server-sent events, as the log gets them. Each has JSON in \`data\`:

- \`event\`: an \`OperatorsEvent\`; \`id\` is its place in the log. Text of people is masked.
- \`now\`: \`{all, at}\`. What the request's \`from\` means has been sent; not all of it if
there were more than 10,000 events. A later request with \`at\` as \`from\` misses nothing.
- \`dropped\`: \`{dropped}\`: so many events were left out, since the client was too slow.
- \`end\`: \`{reason}\`, last: the node stops; go on with another one.

Each 10 s bring a comment.`;

/** What a service shows operators besides queries. */
export type OperatorsDefinition = {
  /** The filters that the service is given. */
  filters: Filters;
  /** The name of an event type, for the examples. */
  type: string;
};

/** The operators' operations that are no queries. */
export const operatorsOperations = (
  { filters, type }: OperatorsDefinition,
  problemsAs: ProblemResponses,
): Operation[] => [tailOperation(filters, type, problemsAs), checkOperation(type, problemsAs)];

const common = {
  ...{ description: needs(operator), tags: ['operations'], security: [bearer] },
  parameters: [requestHeaders.requestId],
};

const tailOperation = (
  filters: Filters,
  type: string,
  problemsAs: ProblemResponses,
): Operation => ({
  ...{ path: '/v1/ops/tail', method: 'get', input: { type } },
  operation: {
    ...{ operationId: 'ops-tail', summary: 'The log’s events, as they come', ...common },
    requestParams: { query: tailInput(filters) },
    responses: {
      '200': {
        description: messages,
        headers: answerHeaders.other,
        content: {
          'text/event-stream': {
            schema: z.string(),
            examples: {
              [exampleName]: {
                value: 'event: now\ndata: {"all":true,"at":"2026-01-02T18:00:00.000Z"}\n\n',
              },
            },
          },
        },
      },
      ...problemsAs([
        ...(['unauthorized', 'forbidden', 'invalid-input'] as const),
        ...(['overloaded', 'part-away'] as const),
      ]),
    },
  },
});

function checkOperation(type: string, problemsAs: ProblemResponses): Operation {
  const { method, path, params } = readRoute('POST /v1/ops/schemas/:type/check');
  const fields = split(SchemaCheckInput, params);
  const value = { schema: '{"type":"record","name":"Other","fields":[]}' };
  return {
    ...{ method, path, input: { type } },
    operation: {
      ...common,
      operationId: 'ops-schema-check',
      summary: 'Whether the registry would take a schema; nothing is registered',
      requestParams: { path: fields.path },
      requestBody: {
        required: true,
        content: {
          'application/json': { schema: fields.rest, examples: { [exampleName]: { value } } },
        },
      },
      responses: {
        '200': {
          description: 'The answer.',
          headers: answerHeaders.other,
          content: { 'application/json': { schema: SchemaCheck } },
        },
        ...problemsAs([
          ...(['unauthorized', 'forbidden', 'invalid-input', 'part-away'] as const),
          ...(['malformed-json', 'body-too-large', 'media-type-unsupported'] as const),
          schemaUnknown,
        ]),
      },
    },
  };
}
