import { z } from 'zod';
import { answerHeaders } from './headers.ts';
import type { Operation } from './operation.ts';
import type { ProblemResponses } from './problem-responses.ts';

const Readiness = z.object({ ready: z.boolean() }).meta({ id: 'Readiness' });

const json = (schema: z.ZodType, value: unknown) => ({
  headers: answerHeaders.other,
  content: { 'application/json': { schema, examples: { example: { value } } } },
});

/** What every service tells load balancers. Its operations port tells more. */
export function operationsRoutes(problemsAs: ProblemResponses): Operation[] {
  const get = (
    path: string,
    operationId: string,
    summary: string,
    responses: object,
  ): Operation => ({
    path,
    method: 'get',
    operation: {
      ...{ operationId, summary, tags: ['operations'], security: [] },
      responses: { ...responses, ...problemsAs([]) },
    },
  });
  return [
    get('/healthz', 'healthz', 'Whether the process is alive', {
      '200': {
        description: 'It is.',
        ...json(z.object({ alive: z.literal(true) }), { alive: true }),
      },
    }),
    get('/readyz', 'readyz', 'Whether it can take requests', {
      '200': { description: 'It can.', ...json(Readiness, { ready: true }) },
      '503': {
        description: 'Not yet, or no longer.',
        ...json(Readiness, { ready: false }),
      },
    }),
  ];
}
