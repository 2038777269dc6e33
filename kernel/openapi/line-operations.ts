import { z } from 'zod';
import { linesType } from '../http/line-query-routes.ts';
import type { LineQuery } from '../query.ts';
import { answerHeaders, requestHeaders } from './headers.ts';
import { exampleName, type Operation, readRoute, split } from './operation.ts';
import type { ProblemResponses } from './problem-responses.ts';
import { accessOf, tagOf } from './query-operations.ts';

/** The name of the schema of a query's lines. */
const lineName = ({ line }: LineQuery): string => String(line.meta()?.id);

/** The schemas of lines: the bodies are no JSON documents, so only texts refer to them. */
export const lineSchemas = (queries: readonly LineQuery[]): Record<string, z.ZodType> =>
  Object.fromEntries(queries.map((query) => [lineName(query), query.line]));

/** The operation of each query that answers in lines. */
export const lineOperations = (
  queries: readonly LineQuery[],
  recorded: Record<string, unknown>,
  problemsAs: ProblemResponses,
): Operation[] =>
  queries.map((definition) => {
    const { name, summary, route, input, example, problems = [] } = definition;
    const { method, path, params } = readRoute(route);
    const parameters = split(input, params);
    const { requestId, seen, prefer } = requestHeaders;
    const description = `A \`${lineName(definition)}\` a line; the list of the last is \`end\`.`;
    const answered = recorded[name];
    const { for: who = 'anybody' } = definition;
    const needsRole = who !== 'anybody' && who !== 'authenticated';
    return {
      ...{ method, path, input: example },
      operation: {
        ...{ operationId: name, summary, ...accessOf(definition), tags: [tagOf(definition)] },
        parameters: [seen, prefer, requestId],
        requestParams: { path: parameters.path, query: parameters.rest },
        responses: {
          '200': {
            description: `${description} Without it, the answer was cut off.`,
            headers: answerHeaders.lines,
            content: {
              [linesType]: {
                schema: z.string().meta({ description }),
                ...(answered !== undefined && { examples: { [exampleName]: { value: answered } } }),
              },
            },
          },
          ...problemsAs([
            ...(needsRole ? (['forbidden'] as const) : []),
            ...(['unauthorized', 'invalid-input', 'invalid-token', 'overloaded'] as const),
            ...(['read-model-behind', 'read-model-building', 'part-away'] as const),
            ...problems,
          ]),
        },
      },
    };
  });
