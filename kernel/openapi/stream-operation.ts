import { operator } from '../auth/roles.ts';
import { StreamPage, streamInput } from '../operations/stream-states.ts';
import { answerHeaders, requestHeaders } from './headers.ts';
import { bearer, needs, type Operation } from './operation.ts';
import type { ProblemResponses } from './problem-responses.ts';

/** @param id a stream, for the example. @param topics of all aggregates. */
export const streamOperation = (
  id: string,
  topics: readonly string[],
  problemsAs: ProblemResponses,
): Operation => ({
  ...{ path: '/v1/ops/stream', method: 'get', input: { id } },
  operation: {
    operationId: 'ops-stream',
    summary: 'The events of a stream, oldest first, each with the state after it',
    ...{ description: needs(operator), tags: ['operations'], security: [bearer] },
    parameters: [requestHeaders.requestId],
    requestParams: { query: streamInput(topics) },
    responses: {
      '200': {
        description: 'A page.',
        headers: answerHeaders.other,
        content: { 'application/json': { schema: StreamPage } },
      },
      ...problemsAs([
        ...(['unauthorized', 'forbidden', 'invalid-input', 'invalid-cursor'] as const),
        ...(['overloaded', 'part-away', 'event-index-behind'] as const),
      ]),
    },
  },
});
