import { z } from 'zod';
import { type Batch, itemsOf } from '../aggregate.ts';
import { rejectionsOf } from '../http/batch-routes.ts';
import { answerHeaders, requestHeaders, requiredKey } from './headers.ts';
import { bearer, exampleName, needs, type Operation, readRoute } from './operation.ts';
import type { ProblemResponses } from './problem-responses.ts';

const answerOf = (batch: Batch) =>
  z.object({
    added: z.int().meta({ description: 'Items that this request did, now or when it was new.' }),
    existing: z.int().meta({ description: 'Items of which all was there already.' }),
    rejected: z
      .array(z.object({ index: z.int(), code: z.enum(rejectionsOf(batch)) }))
      .meta({ description: 'The other items by their index from 0, and why.' }),
    token: z.string().meta({ description: 'The Consistency-Token, for reads that see all items.' }),
  });

const howItIs =
  'Each item is done by itself or rejected with a `code`; one that is malformed is refused with ' +
  'the whole body. After any 5xx, send the same body with the same key again: what was done is ' +
  'not done twice, and is counted as it was. What changed nothing, `existing` or rejected, may ' +
  'be decided again then, on what holds by that time; an item with `changedAt` undoes no later ' +
  'change. A batch counts as a request for each 25 items begun, and two of a user run at once.';

/** The operation of each batch. */
export function batchOperations(
  batches: readonly Batch[],
  recorded: Record<string, unknown>,
  problemsAs: ProblemResponses,
): Operation[] {
  const { requestId, seen } = requestHeaders;
  return batches.map((batch) => {
    const { name, route, summary, example, item } = batch;
    const { method, path } = readRoute(route);
    const schema = answerOf(batch);
    const value = recorded[name];
    const examples = value === undefined ? {} : { examples: { [exampleName]: { value } } };
    return {
      ...{ method, path },
      operation: {
        ...{ operationId: name, summary, description: `${needs(item.role)} ${howItIs}` },
        tags: [item.aggregate.topic],
        security: [bearer],
        parameters: [requiredKey(`${name}-1`), seen, requestId],
        requestBody: {
          required: true,
          content: {
            'application/json': {
              schema: itemsOf(item),
              examples: { [exampleName]: { value: example } },
            },
          },
        },
        responses: {
          '200': {
            description: 'What became of the items.',
            headers: answerHeaders.batch,
            content: { 'application/json': { schema, ...examples } },
          },
          ...problemsAs([
            ...(['unauthorized', 'forbidden', 'body-too-large', 'media-type-unsupported'] as const),
            ...(['invalid-input', 'malformed-json', 'idempotency-key-required'] as const),
            ...(['invalid-token', 'request-timeout', 'key-reused', 'overloaded'] as const),
            ...(['lane-unavailable', 'part-away', 'rate-limited'] as const),
          ]),
        },
      },
    };
  });
}
