import { z } from 'zod';
import { answerHeaders } from './headers.ts';
import type { Operation } from './operation.ts';
import type { ProblemResponses } from './problem-responses.ts';

const Readiness = z
  .object({ ready: z.boolean(), details: z.record(z.string(), z.unknown()) })
  .meta({ id: 'Readiness', description: '`details` is for people.' });

const json = (schema: z.ZodType, value: unknown) => ({
  headers: answerHeaders.other,
  content: { 'application/json': { schema, examples: { example: { value } } } },
});

/** The routes that every service has for the people who run it. */
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
    get('/readyz', 'readyz', 'Whether it can serve, and what it waits for', {
      '200': { description: 'It can.', ...json(Readiness, { ready: true, details: {} }) },
      '503': {
        description: 'Not yet, or a part is away.',
        ...json(Readiness, { ready: false, details: { waitsFor: 'its parts' } }),
      },
    }),
    get('/metrics', 'metrics', 'Measurements, as Prometheus reads them', {
      '200': {
        description: 'One line for each.',
        headers: answerHeaders.other,
        content: {
          'text/plain': {
            schema: z.string(),
            examples: {
              example: { value: 'process_cpu_seconds_total{service="queries"} 1.5\n' },
            },
          },
        },
      },
    }),
  ];
}
