import {
  answerHeaders,
  bearer,
  needs,
  type Operation,
  type ProblemResponses,
  requestHeaders,
  requiredKey,
} from '@event-sourced/kernel/openapi';
import { z } from 'zod';
import { ImportEnd, ImportQuery, ImportResult, importTypes } from './import.ts';
import { casablanca, importMovie } from './movie.ts';

const oneLine =
  'One line of an import. A listed movie keeps a revenue or metascore that the line leaves out, ' +
  'unless `replace` is true; `null` clears it.';

/** The bodies are lines, not JSON documents, so the texts name the schema of each line. */
export const importSchemas = {
  ImportedMovie: (importMovie.input as unknown as z.ZodObject)
    .omit({ replace: true, keepDescription: true })
    .meta({ description: oneLine, unusedIO: 'input' }),
  ImportResult,
  ImportEnd,
};

const type = importTypes[0] as string;

const imported = { ...casablanca, movieId: 'metropolis', title: 'Metropolis', year: 1927 };
const misspelt = { movieId: 'm', titel: 'M' };
const example = `${JSON.stringify(imported)}\n${JSON.stringify(misspelt)}\n`;

/** `POST /v1/movies:import` in the API document. */
export function importOperation(
  problemsAs: ProblemResponses,
  { [operationId]: recorded }: Record<string, unknown>,
): Operation {
  const { requestId, seen } = requestHeaders;
  const text = (description: string, value: unknown) => ({
    [type]: {
      schema: z.string().meta({ description }),
      ...(value !== undefined && { examples: { example: { value } } }),
    },
  });
  return {
    ...{ path: '/v1/movies:import', method: 'post' },
    operation: {
      operationId,
      summary: 'Add or change many movies: one a line in, what became of it a line out',
      description: needs(importMovie.role),
      tags: [importMovie.aggregate.topic],
      security: [bearer],
      parameters: [requiredKey(`${operationId}-1`), seen, requestId],
      requestParams: { query: ImportQuery },
      requestBody: {
        required: true,
        content: text('An `ImportedMovie` a line, 16 MiB at most.', example),
      },
      responses: {
        '200': {
          description: 'One line for each, in order; it begins before the request has ended.',
          headers: answerHeaders.other,
          content: text('An `ImportResult` a line; the last is an `ImportEnd`.', recorded),
        },
        ...problemsAs([
          ...(['unauthorized', 'forbidden', 'body-too-large', 'media-type-unsupported'] as const),
          ...(['invalid-input', 'malformed-json', 'idempotency-key-required'] as const),
          ...(['invalid-token', 'request-timeout', 'overloaded'] as const),
        ]),
      },
    },
  };
}

const operationId = 'import-movies';
