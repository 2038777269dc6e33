import { z } from 'zod';
import type { ZodOpenApiOperationObject } from 'zod-openapi';
import type { AnyProblemType } from '../problems.ts';
import type { Query } from '../query.ts';
import { answerHeaders, requestHeaders } from './headers.ts';
import { bearer, exampleName, needs, readRoute, split } from './operation.ts';
import type { ProblemResponses } from './problem-responses.ts';

/** The tag of aliases: clients of an earlier version may go on using its paths. */
const earlierPaths = 'earlier paths';

/** The operation of each query, and one for each of its aliases. */
export function queryOperations(
  queries: readonly Query[],
  recorded: Record<string, unknown>,
  problemsAs: ProblemResponses,
) {
  return queries.flatMap((definition) => {
    const paths = [definition, ...(definition.aliases ?? [])];
    return paths.map(({ route, example: input }, index) => {
      const id = nameOf(definition) + (index === 0 ? '' : `-alias-${index}`);
      const asked = operationOf(definition, route, recorded[id], problemsAs);
      const alias = {
        summary: `As ${readRoute(definition.route).path}`,
        tags: [earlierPaths],
        deprecated: true,
      };
      const { method, path } = readRoute(route);
      const operation = { operationId: id, ...asked, ...(index > 0 && alias) };
      return { method, path, input, operation };
    });
  });
}

const nameOf = ({ name, route }: Query): string => name ?? route;

function operationOf(
  definition: Query,
  route: string,
  recorded: unknown,
  problemsAs: ProblemResponses,
): ZodOpenApiOperationObject {
  const { params } = readRoute(route);
  const { path, rest } = split(definition.input, params);
  const { requestId, ifNoneMatch, seen, prefer, asOf } = requestHeaders;
  const answered = recorded === undefined ? null : { value: recorded };
  return {
    summary: definition.summary ?? nameOf(definition),
    ...(definition.deprecated && { deprecated: true }),
    ...accessOf(definition),
    tags: [tagOf(definition)],
    parameters: [seen, prefer, ifNoneMatch, requestId, asOf],
    requestParams: { path, query: rest },
    responses: {
      '200': {
        description: 'The answer.',
        headers: answerHeaders.query,
        content: {
          'application/json': {
            schema: definition.output ?? z.looseObject({}),
            ...(answered && { examples: { [exampleName]: answered } }),
          },
        },
      },
      '304': { description: 'What If-None-Match names still holds.' },
      ...problemsAs(problemsOf(definition)),
    },
  };
}

type Asking = Pick<Query, 'for' | 'views' | 'copies'>;

/**
 * Queries are grouped by topic: the last one that feeds the query's first view. What anybody may
 * ask comes from copies, if there are any: views beside those are about the reader.
 */
export function tagOf({
  for: who = 'anybody',
  views: [view],
  copies: [copy] = [],
}: Asking): string {
  const first = who === 'anybody' ? (copy?.view ?? view) : view;
  return first?.topics.at(-1) ?? 'other';
}

export function accessOf({ for: who = 'anybody' }: Asking) {
  if (who === 'anybody') return { security: [{}, bearer], description: 'For anybody.' };
  if (who === 'authenticated') return { security: [bearer], description: 'Needs a token.' };
  return { security: [bearer], description: needs(who) };
}

const problemsOf = ({ input, problems = [] }: Query): AnyProblemType[] => [
  // Anybody may ask without a token, but a bad one is refused all the same.
  'unauthorized',
  // With `asOf` every read needs a role.
  'forbidden',
  'as-of-unknown',
  'invalid-input',
  'invalid-token',
  ...('cursor' in input.shape ? (['invalid-cursor'] as const) : []),
  'overloaded',
  'read-model-behind',
  'read-model-building',
  'part-away',
  ...problems,
];
